import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import type { TargetGroupDesired } from "../../src/load-balancer/target-group-desired.js";
import { targetGroupKind } from "../../src/load-balancer/target-group.js";
import { sdkError, changesTo, mockAws, TAG_LIST, TAGS } from "../aws/mock-aws.js";

const { awsContext, elb, writes } = mockAws();

const ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/talkServiceTargetGroup/73e2";
const desired: TargetGroupDesired = {
  name: "talkServiceTargetGroup",
  targetType: "instance",
  protocol: "HTTP",
  port: 80,
  loadBalancerArn:
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/conferenceAlb/50dc6c495c0c9188",
  vpcId: "vpc-1",
  healthCheck: {
    path: "/health",
    codes: "200",
    interval: 10,
    timeout: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
  },
  deregistrationDelay: 30,
  stickiness: undefined,
  tags: TAGS,
};
const state = {
  arn: ARN,
  name: "talkServiceTargetGroup",
  fullName: "targetgroup/talkServiceTargetGroup/73e2",
};

function exists(
  attributes: Readonly<Record<string, string>> = {},
  path = "/health",
  LoadBalancerArns: string[] = [],
): void {
  elb.on(DescribeTargetGroupsCommand).resolves({
    TargetGroups: [
      {
        TargetGroupArn: ARN,
        LoadBalancerArns,
        TargetType: "instance",
        Protocol: "HTTP",
        Port: 80,
        VpcId: "vpc-1",
        HealthCheckPath: path,
        HealthCheckPort: "traffic-port",
        Matcher: { HttpCode: "200" },
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
      },
    ],
  });
  const all = {
    "deregistration_delay.timeout_seconds": "30",
    "stickiness.enabled": "false",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    ...attributes,
  };
  elb.on(DescribeTargetGroupAttributesCommand).resolves({
    Attributes: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
  });
  elb.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ ResourceArn: ARN, Tags: TAG_LIST }] });
}

async function update(wanted: TargetGroupDesired): Promise<(readonly [string, unknown])[]> {
  const context = await awsContext();
  exists();
  const observed = (await targetGroupKind.read(wanted, context))!;
  await targetGroupKind.update!(wanted, observed, changesTo(wanted, observed), context);
  return writes();
}

test("a target group is created with its health check, then given its attributes", async () => {
  const context = await awsContext();
  elb.on(CreateTargetGroupCommand).resolves({ TargetGroups: [{ TargetGroupArn: ARN }] });
  expect(await targetGroupKind.create!({ ...desired, stickiness: 60 }, context)).toEqual(state);
  expect(writes()).toEqual([
    [
      "CreateTargetGroup",
      {
        Name: "talkServiceTargetGroup",
        TargetType: "instance",
        Protocol: "HTTP",
        Port: 80,
        VpcId: "vpc-1",
        HealthCheckPath: "/health",
        Matcher: { HttpCode: "200" },
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
        Tags: TAG_LIST,
      },
    ],
    [
      "ModifyTargetGroupAttributes",
      {
        TargetGroupArn: ARN,
        Attributes: [
          { Key: "deregistration_delay.timeout_seconds", Value: "30" },
          { Key: "stickiness.enabled", Value: "true" },
          { Key: "stickiness.type", Value: "lb_cookie" },
          { Key: "stickiness.lb_cookie.duration_seconds", Value: "60" },
        ],
      },
    ],
  ]);
});

test("a target group's attributes that an interrupted run did not set are a difference", async () => {
  const context = await awsContext();
  exists({ "deregistration_delay.timeout_seconds": "300" });
  const observed = (await targetGroupKind.read(desired, context))!;
  expect(changesTo(desired, observed)).toEqual([{ path: "deregistrationDelay", before: 300, after: 30 }]);
});

test("a target group as described shows no difference", async () =>
  expect(await update(desired)).toEqual([]));

test("another health check of a target group is one call, and no attribute is sent", async () => {
  const healthCheck = { ...desired.healthCheck, path: "/alive" };
  expect((await update({ ...desired, healthCheck })).map(([name]) => name)).toEqual(["ModifyTargetGroup"]);
});

test("only the attribute of a target group that differs is written", async () => {
  expect(await update({ ...desired, deregistrationDelay: 5 })).toEqual([
    [
      "ModifyTargetGroupAttributes",
      { TargetGroupArn: ARN, Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }] },
    ],
  ]);
});

test("a target group's stickiness that is no longer described is switched off", async () => {
  const context = await awsContext();
  exists({ "stickiness.enabled": "true" });
  const observed = (await targetGroupKind.read(desired, context))!;
  await targetGroupKind.update!(desired, observed, changesTo(desired, observed), context);
  expect(writes()).toEqual([
    [
      "ModifyTargetGroupAttributes",
      { TargetGroupArn: ARN, Attributes: [{ Key: "stickiness.enabled", Value: "false" }] },
    ],
  ]);
});

test("a target group's deletion waits until ELB has noticed the deletion of its rule", async () => {
  const context = await awsContext();
  const inUse = sdkError(
    "ResourceInUseException",
    "Target group is currently in use by a listener or a rule",
  );
  elb.on(DeleteTargetGroupCommand).rejectsOnce(inUse).rejectsOnce(inUse).resolves({});
  await targetGroupKind.delete!(state, context);
  expect(elb.commandCalls(DeleteTargetGroupCommand)).toHaveLength(3);
});

test("deleting a target group that no longer exists succeeds", async () => {
  const context = await awsContext();
  elb.on(DeleteTargetGroupCommand).rejects(sdkError("TargetGroupNotFoundException"));
  await expect(targetGroupKind.delete!(state, context)).resolves.toBeUndefined();
});

test("a target group's attributes are read only if its tag does not confirm them", async () => {
  const context = await awsContext();
  const hashed = { ...desired, tags: { ...TAGS, "quayside:spec-hash": "0123456789abcdef" } };
  const delay = { "deregistration_delay.timeout_seconds": "5" };
  exists(delay, "/health", [desired.loadBalancerArn]);
  const tagsAre = (hash: string) =>
    elb.on(DescribeTagsCommand).resolves({
      TagDescriptions: [
        { ResourceArn: ARN, Tags: [...TAG_LIST, { Key: "quayside:spec-hash", Value: hash }] },
      ],
    });

  tagsAre("0123456789abcdef");
  expect((await targetGroupKind.read(hashed, context))?.current.deregistrationDelay).toBe(30);
  tagsAre("fedcba9876543210");
  expect((await targetGroupKind.read(hashed, context))?.current.deregistrationDelay).toBe(5);
  // Its creation may have been interrupted between the tag and the attributes.
  exists(delay);
  tagsAre("0123456789abcdef");
  expect((await targetGroupKind.read(hashed, context))?.current.deregistrationDelay).toBe(5);
});

test("a new target group has its tag from the beginning, with its attributes one call later", async () => {
  const context = await awsContext();
  elb.on(CreateTargetGroupCommand).resolves({ TargetGroups: [{ TargetGroupArn: ARN }] });
  const tags = { ...TAGS, "quayside:spec-hash": "0123456789abcdef" };
  await targetGroupKind.create!({ ...desired, tags }, context);
  expect(writes().map(([name]) => name)).toEqual(["CreateTargetGroup", "ModifyTargetGroupAttributes"]);
  expect(writes()[0]![1]).toMatchObject({
    Tags: [...TAG_LIST, { Key: "quayside:spec-hash", Value: "0123456789abcdef" }],
  });
});
