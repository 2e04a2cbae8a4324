import { Scheduler } from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Job } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import { type HttpCloud, isWrite, type Account } from "./http-cloud.js";
import type { RawClients } from "./raw-clients.js";
import { underItsPolicy } from "./under-its-policy.js";

const reportOn = (account: Account) =>
  new Job("nightly-report")
    .image("340754841610.dkr.ecr.eu-west-1.amazonaws.com/report:latest")
    .container({ cpu: 256, memory: 512 })
    .taskRole({
      policies: [
        "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        { Statement: { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: "*" } },
      ],
    })
    .cluster(new Cluster("conference-cluster").fargate())
    .schedule("cron(0 3 * * ? *)", { timezone: "Europe/Paris", count: 2 })
    .on(underItsPolicy(account));

/** moto needs a limit of the container's own, AWS none. */
const loadOn = (account: Account) =>
  new Job("load")
    .image("registry.example.com/load:1")
    .container({ cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .override({
      registerTaskDefinition: (input) => ({
        ...input,
        containerDefinitions: input.containerDefinitions!.map((each) => ({ ...each, memory: 512 })),
      }),
    })
    .on(underItsPolicy(account));

describeOverHttp("a scheduled job over HTTP", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let scheduler: Scheduler;
  let before: Record<string, string[]>;

  beforeAll(async () => {
    moto = await clouds.start();
    ({ account, raw, before } = await sharedAccount(moto));
    const { region, endpoint, credentials } = account;
    scheduler = new Scheduler({ region, endpoint, credentials });
    await reportOn(account).deploy();
  });

  afterAll(() => moto?.stop());

  test("the schedule runs the job's own task definition on its cluster, when it was told to", async () => {
    const schedule = await scheduler.getSchedule({
      GroupName: "quayside-nightly-report",
      Name: "nightly-report",
    });
    const { taskDefinition } = await raw.ecs.describeTaskDefinition({ taskDefinition: "nightly-report" });
    const { clusters } = await raw.ecs.describeClusters({ clusters: ["conference-cluster"] });
    expect(schedule).toMatchObject({
      ScheduleExpression: "cron(0 3 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Paris",
      State: "ENABLED",
      FlexibleTimeWindow: { Mode: "OFF" },
    });
    expect(schedule.Target!.Arn).toBe(clusters![0]!.clusterArn);
    const parameters = schedule.Target!.EcsParameters!;
    expect(parameters).toMatchObject({
      TaskDefinitionArn: taskDefinition!.taskDefinitionArn,
      TaskCount: 2,
      LaunchType: "FARGATE",
    });
    expect(parameters.NetworkConfiguration!.awsvpcConfiguration!.Subnets!.length).toBeGreaterThan(0);
  });

  test("the scheduler's role may run this job and pass its roles, and no more", async () => {
    const { Role } = await raw.iam.getRole({ RoleName: "nightly-report-schedule-role-eu-west-1" });
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toContain('"scheduler.amazonaws.com"');
    const { PolicyNames } = await raw.iam.listRolePolicies({ RoleName: Role!.RoleName! });
    expect(PolicyNames).toEqual(["run"]);
    const attached = await raw.iam.listAttachedRolePolicies({ RoleName: Role!.RoleName! });
    expect(attached.AttachedPolicies).toEqual([]);
    const policy = await raw.iam.getRolePolicy({ RoleName: Role!.RoleName!, PolicyName: "run" });
    const { Statement } = JSON.parse(decodeURIComponent(policy.PolicyDocument!)) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    expect(Statement.map(({ Action }) => Action)).toEqual([
      ["ecs:RunTask"],
      ["ecs:TagResource"],
      ["iam:PassRole"],
    ]);
    expect(Statement[0]!.Resource[0]).toMatch(/:task-definition\/nightly-report:\*$/);
    expect(Statement[2]!.Resource.map((arn) => arn.split("/").at(-1))).toEqual([
      "nightly-report-execution-role-eu-west-1",
      "nightly-report-task-role-eu-west-1",
    ]);
  });

  test("the containers' role has the policies that the chain gives it", async () => {
    const { taskDefinition } = await raw.ecs.describeTaskDefinition({ taskDefinition: "nightly-report" });
    const RoleName = "nightly-report-task-role-eu-west-1";
    expect((await raw.iam.getRole({ RoleName })).Role!.Arn).toBe(taskDefinition!.taskRoleArn);
    const { AttachedPolicies = [] } = await raw.iam.listAttachedRolePolicies({ RoleName });
    expect(AttachedPolicies.map(({ PolicyName }) => PolicyName)).toEqual(["AmazonS3ReadOnlyAccess"]);
    const { PolicyDocument } = await raw.iam.getRolePolicy({ RoleName, PolicyName: "policy-1" });
    expect(decodeURIComponent(PolicyDocument!)).toContain('"sqs:SendMessage"');
  });

  test("the group of its schedule carries its owner's tags", async () => {
    const { Arn } = await scheduler.getScheduleGroup({ Name: "quayside-nightly-report" });
    const { Tags } = await scheduler.listTagsForResource({ ResourceArn: Arn! });
    expect(Tags).toContainEqual({ Key: "quayside:owner", Value: "job/nightly-report" });
  });

  test("a second deploy finds nothing to change and writes nothing", async () => {
    const plan = await reportOn(account).plan();
    expect(plan.isEmpty, plan.toString()).toBe(true);
    const operations = await moto.operationsDuring(() => reportOn(account).deploy());
    expect(operations.filter(isWrite).filter((operation) => !operation.startsWith("unknown"))).toEqual([]);
  });

  test("twelve tasks are started in two requests, with another command, and stand in the status", async () => {
    const operations = await moto.operationsDuring(async () => {
      const { tasks } = await loadOn(account).run({
        command: ["node", "load.mjs", "--hard"],
        environment: { TARGET: "http://localhost/talk" },
        count: 12,
        wait: false,
      });
      expect(new Set(tasks.map(({ task }) => task)).size).toBe(12);
    });
    expect(operations.filter((operation) => operation === "RunTask")).toHaveLength(2);
    const { taskArns } = await raw.ecs.listTasks({ cluster: "conference-cluster", family: "load" });
    const { tasks } = await raw.ecs.describeTasks({ cluster: "conference-cluster", tasks: taskArns! });
    expect(tasks).toHaveLength(12);
    expect(tasks![0]).toMatchObject({ startedBy: "quayside/run" });
    expect(tasks![0]!.overrides!.containerOverrides).toEqual([
      {
        name: "load",
        command: ["node", "load.mjs", "--hard"],
        environment: [{ name: "TARGET", value: "http://localhost/talk" }],
      },
    ]);
    expect((await loadOn(account).status()).runs).toHaveLength(12);
    for (const task of taskArns!) await raw.ecs.stopTask({ cluster: "conference-cluster", task });
    await loadOn(account).destroy();
  });

  test("lines of its tasks are read in order, also those of a task that ECS no longer knows", async () => {
    const logGroupName = "nightly-report";
    const now = Date.now();
    for (const [task, ...messages] of [
      ["0aaa", "one", "three"],
      ["0bbb", "two"],
    ] as const) {
      const logStreamName = `nightly-report/nightly-report/${task}`;
      await raw.logs.createLogStream({ logGroupName, logStreamName });
      const at = { one: 3_000, two: 2_000, three: 1_000 };
      const logEvents = messages.map((message) => ({ message, timestamp: now - at[message] }));
      await raw.logs.putLogEvents({ logGroupName, logStreamName, logEvents });
    }
    const lines = [];
    for await (const { task, message } of reportOn(account).tail()) lines.push(`${task} ${message}`);
    expect(lines).toEqual(["0aaa one", "0bbb two", "0aaa three"]);
    const { runs } = await reportOn(account).status();
    expect(runs).toContainEqual(
      expect.objectContaining({ task: "0aaa", status: "STOPPED", exitCode: undefined }),
    );
  });

  test("destroy removes ours and nothing else", async () => {
    await reportOn(account).destroy();
    expect(await inventory(raw)).toEqual(before);
    const { ScheduleGroups = [] } = await scheduler.listScheduleGroups({});
    expect(ScheduleGroups.map(({ Name }) => Name)).toEqual(["default"]);
    expect((await scheduler.listSchedules({})).Schedules).toEqual([]);
  });
});
