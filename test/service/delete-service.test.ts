import {
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeTagsCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { serviceKind } from "../../src/service/ecs-service.js";
import type { ServiceState } from "../../src/service/service-state.js";
import { sdkError, ECS_TAGS, mockAws, TAG_LIST } from "../aws/mock-aws.js";

const { awsContext, ecs, elb, writes } = mockAws();

const state: ServiceState = {
  arn: "arn:aws:ecs:eu-west-1:123456789012:service/c/talk",
  serviceName: "talk",
  clusterName: "c",
  taskDefinition: "arn:td:1",
  deploymentId: undefined,
  startedAt: undefined,
  desiredCount: 2,
  targetGroupArns: ["tg/ours", "tg/foreign", "tg/adopted"],
};
const deletion = ["DeleteService", { cluster: "c", service: "talk", force: true }];

/** The service's status, read by read; not found after the last. */
function goesThrough(...statuses: string[]): void {
  const looks = ecs.on(DescribeServicesCommand);
  for (const status of statuses)
    looks.resolvesOnce({ services: [{ serviceName: "talk", status, tags: ECS_TAGS }] });
  looks.resolves({ failures: [{ reason: "MISSING" }] });
  elb.on(DescribeTagsCommand).resolves({
    TagDescriptions: [
      { ResourceArn: "tg/ours", Tags: TAG_LIST },
      { ResourceArn: "tg/foreign", Tags: [] },
      { ResourceArn: "tg/adopted", Tags: [...TAG_LIST, { Key: "quayside:adopted", Value: "true" }] },
    ],
  });
}

test("a deletion shortens the draining of its own target groups only, and ends when the service is inactive", async () => {
  const context = await awsContext();
  goesThrough("ACTIVE", "DRAINING", "DRAINING", "INACTIVE");
  await serviceKind.delete!(state, context);
  expect(writes()).toEqual([
    deletion,
    [
      "ModifyTargetGroupAttributes",
      {
        TargetGroupArn: "tg/ours",
        Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }],
      },
    ],
  ]);
  expect(ecs.commandCalls(DescribeServicesCommand)).toHaveLength(4);
});

test("a service that already drains is only waited for", async () => {
  const context = await awsContext();
  goesThrough("DRAINING", "DRAINING");
  await serviceKind.delete!(state, context);
  expect(writes().map(([name]) => name)).toEqual(["ModifyTargetGroupAttributes"]);
});

test("a service that no longer exists is not deleted", async () => {
  for (const statuses of [[], ["INACTIVE"]]) {
    const context = await awsContext();
    goesThrough(...statuses);
    await serviceKind.delete!(state, context);
    expect(writes()).toEqual([]);
  }
});

test("a service that was deleted in the meantime is waited for", async () => {
  const context = await awsContext();
  goesThrough("ACTIVE", "DRAINING", "DRAINING");
  ecs.on(DeleteServiceCommand).rejects(sdkError("ServiceNotActiveException", "Service was not ACTIVE."));
  await serviceKind.delete!(state, context);
  // Found active, twice draining, and then no longer found.
  expect(ecs.commandCalls(DescribeServicesCommand)).toHaveLength(4);
});

test("a deletion goes on if the draining of targets cannot be shortened", async () => {
  const context = await awsContext();
  goesThrough("ACTIVE");
  elb.on(ModifyTargetGroupAttributesCommand).rejects(sdkError("AccessDenied"));
  await serviceKind.delete!(state, context);
  expect(writes()).toContainEqual(deletion);
});

test("a deletion ends with the last task of the service", async () => {
  const context = await awsContext();
  goesThrough("ACTIVE", "INACTIVE");
  ecs
    .on(ListTasksCommand, { desiredStatus: "RUNNING" })
    .resolvesOnce({ taskArns: ["task/1"], nextToken: "2" })
    .resolves({ taskArns: ["task/2"] });
  ecs.on(ListTasksCommand, { desiredStatus: "STOPPED" }).resolves({ taskArns: ["task/3"] });
  const tasks = (...lastStatuses: string[]) => ({
    tasks: lastStatuses.map((lastStatus) => ({ lastStatus })),
  });
  ecs
    .on(DescribeTasksCommand, { tasks: ["task/1", "task/2", "task/3"] })
    .resolvesOnce(tasks("RUNNING", "STOPPED", "STOPPED"))
    .resolvesOnce(tasks("STOPPING", "STOPPED"))
    .resolves(tasks("STOPPED"));
  await serviceKind.delete!(state, context);
  expect(ecs.commandCalls(DescribeTasksCommand)).toHaveLength(3);
});

test("a service that never stops draining ends in a timeout with a fix", async () => {
  const context = await awsContext();
  ecs.on(DescribeServicesCommand).resolves({ services: [{ serviceName: "talk", status: "DRAINING" }] });
  await expect(serviceKind.delete!(state, context)).rejects.toMatchObject({
    code: "timed-out",
    fix: expect.stringContaining("Run it again"),
  });
});
