import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTasksCommand, RunTaskCommand } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "vitest";
import type { QuaysideEvent } from "../../../src/engine/events.js";
import { awaitTasks } from "../../../src/service/tasks/await-tasks.js";
import type { TasksToRun } from "../../../src/service/tasks/start-tasks.js";
import { mockAws } from "../../aws/mock-aws.js";

const { awsContext, ecs, logs } = mockAws();

const wish: TasksToRun = {
  name: "load",
  cluster: "main",
  taskDefinition: "arn:load:1",
  launch: { launchType: "FARGATE" },
  container: "load",
  count: 1,
  startedBy: "quayside/run",
  logs: { group: "load", prefix: "load/load/" },
};
const taskArn = "arn:aws:ecs:eu-west-1:1:task/main/0aaa";
const line = (message: string, index: number) => ({
  eventId: String(index),
  timestamp: Date.UTC(2026, 0, 1) + index,
  logStreamName: "load/load/0aaa",
  message,
});

test("a task is read to its end, and each line is reported once", async () => {
  const events: QuaysideEvent[] = [];
  const context = await awsContext({ events });
  const stopped = {
    taskArn,
    lastStatus: "STOPPED",
    stoppedReason: "Essential container in task exited",
    containers: [
      { name: "sidecar", exitCode: 0 },
      { name: "load", exitCode: 3 },
    ],
  };
  ecs
    .on(DescribeTasksCommand)
    .resolvesOnce({ tasks: [{ taskArn, lastStatus: "RUNNING" }] })
    .resolves({ tasks: [stopped] });
  logs
    .on(FilterLogEventsCommand)
    .resolvesOnce({ events: [line("one", 1)] })
    .resolves({ events: [line("one", 1), line("last", 2)] });
  expect(await awaitTasks([taskArn], wish, context)).toEqual([
    {
      task: "0aaa",
      exitCode: 3,
      reason: "Essential container in task exited",
      diagnosis: "exited-on-start",
      logs: ["one", "last"],
    },
  ]);
  expect(events.map((event) => event.type === "log" && event.message)).toEqual(["one", "last"]);
});

test("a task that ECS has forgotten is not waited for for ever", async () => {
  const context = await awsContext();
  ecs.on(DescribeTasksCommand).resolves({ tasks: [], failures: [{ arn: taskArn, reason: "MISSING" }] });
  const [outcome] = await awaitTasks([taskArn], wish, context);
  expect(outcome).toMatchObject({ exitCode: undefined, diagnosis: "unknown" });
  expect(outcome!.reason).toContain("no longer knows the task");
});

describe("a task that ECS stopped because it could not assume its role", () => {
  const role = "arn:aws:iam::123456789012:role/quayside/job/load/load-task-role";
  const again = "arn:aws:ecs:eu-west-1:1:task/main/0bbb";
  const stoppedReason = `ECS was unable to assume the role '${role}' that was provided for this task.`;
  const refused = { taskArn, lastStatus: "STOPPED", stoppedReason, containers: [{ name: "load" }] };
  const ended = {
    taskArn: again,
    lastStatus: "STOPPED",
    stoppedReason: "Essential container in task exited",
    containers: [{ name: "load", exitCode: 0 }],
  };

  test("is started once more if this run has created the role", async () => {
    const context = await awsContext();
    await context.aws.iam.createRole({ RoleName: "load-task-role", AssumeRolePolicyDocument: "{}" });
    ecs
      .on(DescribeTasksCommand)
      .resolvesOnce({ tasks: [refused] })
      .resolves({ tasks: [ended] });
    ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: again }] });
    const started: string[] = [];
    const outcomes = await awaitTasks([taskArn], wish, context, (arns) => started.push(...arns));
    expect(outcomes).toMatchObject([{ task: "0bbb", exitCode: 0 }]);
    expect(started).toEqual([again]);
  });

  test("has failed if the role is an older one", async () => {
    const context = await awsContext();
    ecs.on(DescribeTasksCommand).resolves({ tasks: [refused] });
    expect(await awaitTasks([taskArn], wish, context)).toMatchObject([
      { task: "0aaa", exitCode: undefined, diagnosis: "role-not-assumable" },
    ]);
    expect(ecs.commandCalls(RunTaskCommand)).toEqual([]);
  });
});
