import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTasksCommand } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
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
  logs: { group: "load", streamPrefix: "load" },
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
