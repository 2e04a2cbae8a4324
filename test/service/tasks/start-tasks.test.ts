import { RunTaskCommand } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "vitest";
import type { QuaysideEvent } from "../../../src/engine/events.js";
import type { QuaysideError } from "../../../src/index.js";
import { startTasks, type TasksToRun } from "../../../src/service/tasks/start-tasks.js";
import { mockAws } from "../../aws/mock-aws.js";

const { awsContext, ecs, requests } = mockAws();

const wish = (count: number): TasksToRun => ({
  name: "load",
  cluster: "main",
  taskDefinition: "arn:load:1",
  launch: { launchType: "FARGATE" },
  container: "load",
  count,
  startedBy: "quayside/run",
  logs: { group: "load", prefix: "load/load/" },
});

const started = (count: number, from = 0) => ({
  tasks: Array.from({ length: count }, (_, index) => ({ taskArn: `arn:task/${from + index}` })),
});
const refused = (...reasons: string[]) => ({
  failures: reasons.map((reason) => ({ arn: "arn:i-1", reason })),
});

const runs = () => requests().map(([, input]) => input as { count: number; clientToken: string });

const failureOf = (promise: Promise<unknown>): Promise<QuaysideError> =>
  promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error as QuaysideError,
  );

describe("starting tasks", () => {
  test("takes ten a request, each with a token of its own", async () => {
    const context = await awsContext();
    ecs
      .on(RunTaskCommand)
      .resolvesOnce(started(10))
      .resolvesOnce(started(10, 10))
      .resolvesOnce(started(5, 20));
    expect(new Set(await startTasks(wish(25), context)).size).toBe(25);
    expect(runs().map(({ count }) => count)).toEqual([10, 10, 5]);
    const tokens = runs().map(({ clientToken }) => clientToken);
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) expect(token).toMatch(/^[\x21-\x7e]{1,64}$/);
  });

  test("retries the tasks that could not be placed, and no others", async () => {
    const events: QuaysideEvent[] = [];
    const context = await awsContext({ events });
    ecs
      .on(RunTaskCommand)
      .resolvesOnce({ ...started(3), ...refused("RESOURCE:MEMORY", "AGENT") })
      .resolvesOnce(started(2, 3));
    expect(await startTasks(wish(5), context)).toHaveLength(5);
    expect(runs().map(({ count }) => count)).toEqual([5, 2]);
    expect(events).toMatchObject([
      { type: "waiting", why: "2 of 5 tasks cannot be placed yet (RESOURCE:MEMORY)" },
    ]);
  });

  test.each([
    ["LOCATION"],
    ["ATTRIBUTE"],
    ["INACTIVE"],
    ["MISSING"],
    ["MemberOf placement constraint unsatisfied."],
  ])("fails at once if waiting does not help: %s", async (reason) => {
    const context = await awsContext();
    ecs.on(RunTaskCommand).resolves({ ...started(1), ...refused(reason) });
    const error = await failureOf(startTasks(wish(2), context));
    expect(error).toMatchObject({ code: "tasks-not-placed", facts: { started: ["arn:task/0"] } });
    expect(error.message).toBe(`1 of 2 tasks of load were not started in main: ${reason}`);
    expect(error.fix).toContain("Tasks that were started keep running.");
    expect(runs()).toHaveLength(1);
  });

  test("gives up after five minutes without any that found a place", async () => {
    const context = await awsContext();
    ecs.on(RunTaskCommand).resolves(refused("RESOURCE:CPU"));
    const began = context.clock.now();
    expect(await failureOf(startTasks(wish(2), context))).toMatchObject({ code: "tasks-not-placed" });
    expect((context.clock.now() - began) / 60_000).toBe(5);
  });
});
