import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import type { ServiceEvent, Task } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "vitest";
import type { TargetHealth } from "../../../src/index.js";
import { PlacementWatch, type Placing } from "../../../src/service/rollout/placement-watch.js";
import { mockAws } from "../../aws/mock-aws.js";

const { awsContext, autoScaling } = mockAws();

const HOUR = 3_600_000;
const subject = { serviceName: "web", clusterName: "main", taskDefinition: "web:2", targetGroupArns: [] };
const text =
  "(service web) was unable to place a task because no container instance met all of its requirements.";

/** The verdict after five minutes with one of two tasks, and a placement event of so long ago. */
async function verdict(ago: number, more: Partial<Placing>): Promise<string | undefined> {
  const context = await awsContext();
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  const watch = new PlacementWatch(subject, context);
  const event: ServiceEvent = { message: text, createdAt: new Date(context.awsTime() - ago) };
  const placing: Placing = {
    service: { desiredCount: 2, runningCount: 1, events: [event] },
    deployment: { runningCount: 1, pendingCount: 0 },
    stopped: [],
    targets: [],
    ...more,
  };
  await watch.permanentFailure(placing);
  await context.clock.sleep(5 * 60_000);
  return (await watch.permanentFailure(placing))?.code;
}

describe("an old placement event", () => {
  test("is not blamed for tasks that start and stop", async () => {
    const stopped: Task[] = [{ taskArn: "arn:task/1", stoppedReason: "Essential container in task exited" }];
    expect(await verdict(3 * HOUR, { stopped })).toBeUndefined();
  });

  test.each(["initial", "unhealthy"])("is not blamed while a target is %s", async (state) => {
    const targets: TargetHealth[] = [
      { target: "i-1", port: 80, state, reason: undefined, description: undefined },
    ];
    expect(await verdict(3 * HOUR, { targets })).toBeUndefined();
  });

  test("is the reason if nothing else explains that a task is missing: ECS does not repeat it for hours", async () => {
    expect(await verdict(3 * HOUR, {})).toBe("no-capacity");
  });
});

test("a placement event of this run is its reason", async () => {
  const stopped: Task[] = [{ taskArn: "arn:task/1", stoppedReason: "Essential container in task exited" }];
  expect(await verdict(-1000, { stopped })).toBe("no-capacity");
});
