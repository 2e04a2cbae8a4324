import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localCloud, type LocalCloud } from "../../../src/local/index.js";
import { refusal } from "../running-cloud.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let cloud: LocalCloud;
let schedule: CreateScheduleCommandInput;

/**
 * A cluster on Fargate, a task definition, and a role that may run it. The clock starts at midnight, 1 January.
 */
beforeEach(async () => {
  cloud = localCloud({ clock: "virtual", images: { report: { exits: 0, after: "40s" } } });
  const { ec2, ecs, iam } = cloud.ports;
  const { cluster } = await ecs.createCluster({ clusterName: "main" });
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family: "report",
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    containerDefinitions: [{ name: "report", image: "report:1" }],
  });
  const definition = taskDefinition!.taskDefinitionArn!;
  const { Role } = await iam.createRole({
    RoleName: "runs-report",
    AssumeRolePolicyDocument: policy("sts:AssumeRole", { Service: "scheduler.amazonaws.com" }),
  });
  await mayRun(definition);
  const { Subnets } = await ec2.describeSubnets({});
  await cloud.clock.sleep(MINUTE);
  schedule = {
    Name: "report",
    ScheduleExpression: "cron(0 3 * * ? *)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: cluster!.clusterArn!,
      RoleArn: Role!.Arn!,
      EcsParameters: {
        TaskDefinitionArn: definition,
        LaunchType: "FARGATE",
        NetworkConfiguration: {
          awsvpcConfiguration: { Subnets: [Subnets![0]!.SubnetId!], AssignPublicIp: "ENABLED" },
        },
      },
    },
  };
});
afterEach(() => cloud.close());

function policy(action: string, principal?: object, resource?: string): string {
  const statement = {
    Effect: "Allow",
    Action: action,
    ...(principal && { Principal: principal }),
    ...(resource && { Resource: resource }),
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

const mayRun = (resource: string) =>
  cloud.ports.iam.putRolePolicy({
    RoleName: "runs-report",
    PolicyName: "run",
    PolicyDocument: policy("ecs:RunTask", undefined, resource),
  });

const invocations = () => cloud.account.scheduler.groups.get("default")!.schedules.get("report")?.invocations;

/** The times at which its target was invoked. */
const invokedAt = () => invocations()?.map(({ at }) => at.toISOString().slice(0, 16));

const until = (moment: string) => cloud.clock.sleep(Date.parse(moment) - cloud.clock.now());

describe("a schedule", () => {
  it("runs its task at the local time of its time zone", async () => {
    const ScheduleExpressionTimezone = "Europe/Paris";
    await cloud.ports.scheduler.createSchedule({ ...schedule, ScheduleExpressionTimezone });
    await until("2026-01-02T02:30Z");
    expect(invocations()!.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(invokedAt()).toEqual(["2026-01-01T02:00", "2026-01-02T02:00"]);
    const { taskArns } = await cloud.ports.ecs.listTasks({
      cluster: "main",
      family: "report",
      desiredStatus: "STOPPED",
    });
    const { tasks } = await cloud.ports.ecs.describeTasks({ cluster: "main", tasks: taskArns! });
    expect(tasks![0]!.startedBy).toBe("chronos-schedule/report");
  });

  it("skips the night in which its hour does not exist", async () => {
    await until("2026-03-28T00:00Z");
    await cloud.ports.scheduler.createSchedule({
      ...schedule,
      ScheduleExpression: "cron(30 2 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Paris",
    });
    await until("2026-03-30T03:00Z");
    expect(invokedAt()).toEqual(["2026-03-28T01:30", "2026-03-30T00:30"]);
  });

  it("with a rate begins immediately, and continues from there", async () => {
    await cloud.ports.scheduler.createSchedule({ ...schedule, ScheduleExpression: "rate(6 hours)" });
    await cloud.clock.sleep(12 * HOUR + MINUTE);
    expect(invokedAt()!.map((at) => at.slice(11))).toEqual(["00:01", "06:01", "12:01"]);
  });

  it("for one moment runs once, and is deleted afterwards if configured", async () => {
    const once = { ...schedule, ScheduleExpression: "at(2026-01-01T05:00:00)" };
    await cloud.ports.scheduler.createSchedule(once);
    await until("2026-01-03T00:00Z");
    expect(invokedAt()).toEqual(["2026-01-01T05:00"]);
    await cloud.ports.scheduler.deleteSchedule({ Name: "report" });
    await cloud.ports.scheduler.createSchedule({
      ...once,
      ScheduleExpression: "at(2026-01-04T05:00:00)",
      ActionAfterCompletion: "DELETE",
    });
    await until("2026-01-05T00:00Z");
    expect(invocations()).toBeUndefined();
  });

  it("does nothing while it is disabled, and follows its new expression after an update", async () => {
    await cloud.ports.scheduler.createSchedule({ ...schedule, State: "DISABLED" });
    await until("2026-01-02T00:00Z");
    expect(invokedAt()).toEqual([]);
    await cloud.ports.scheduler.updateSchedule({ ...schedule, ScheduleExpression: "cron(0 5 * * ? *)" });
    await until("2026-01-03T00:00Z");
    expect(invokedAt()).toEqual(["2026-01-02T05:00"]);
  });

  it("runs nothing that its role does not allow, and records the reason", async () => {
    await mayRun("arn:aws:ecs:eu-west-1:123456789012:task-definition/other:*");
    await cloud.ports.scheduler.createSchedule(schedule);
    await until("2026-01-01T04:00Z");
    expect(invocations()![0]!.error).toContain("not authorized to perform: ecs:RunTask");
    expect(cloud.state().tasks).toEqual([]);
  });

  it.each([
    ["an invalid expression", { ScheduleExpression: "cron(0 3 * * * *)" }, "ValidationException"],
    ["an unknown time zone", { ScheduleExpressionTimezone: "Mars" }, "ValidationException"],
    ["a missing group", { GroupName: "none" }, "ResourceNotFoundException"],
  ])("is rejected with %s", async (_, change, code) => {
    expect(await refusal(cloud.ports.scheduler.createSchedule({ ...schedule, ...change }))).toContain(code);
  });
});

it("a schedule whose runs overlap does not advance the time of an idle program", async () => {
  await cloud.ports.scheduler.createSchedule({ ...schedule, ScheduleExpression: "rate(1 minute)" });
  await cloud.clock.sleep(2 * MINUTE);
  const before = cloud.clock.now();
  await pause(20);
  expect(cloud.clock.now()).toBe(before);
});
