import {
  DeleteScalingPolicyCommand,
  DeleteScheduledActionCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  ListTagsForResourceCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
  type ScalingPolicy,
} from "@aws-sdk/client-application-auto-scaling";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { beforeEach, describe, expect, it } from "vitest";
import { diff } from "../../src/engine/diff.js";
import { requestsLabel, stepPolicy, targetPolicy } from "../../src/scaling/policy-input.js";
import { scalableTargetKind } from "../../src/scaling/scalable-target.js";
import { scalingPolicyKind } from "../../src/scaling/scaling-policy.js";
import { scheduledActionKind } from "../../src/scaling/scheduled-action.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { scaling, tagging, writes } = mockAws();

beforeEach(() => {
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: [
      { ResourceARN: "arn:aws:ecs:eu-west-1:123456789012:service/web/talk", Tags: [] },
      { ResourceARN: "arn:aws:ecs:eu-west-1:123456789012:task-definition/talk:1", Tags: [] },
    ],
  });
  scaling.on(ListTagsForResourceCommand).resolves({ Tags: tags });
});

const OWNER = "deployment/web/talk";
const tags = { "quayside:owner": OWNER };
const count = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
const resourceId = "service/web/talk";
const target: ScalableTarget = {
  ...count,
  ResourceId: resourceId,
  MinCapacity: 2,
  MaxCapacity: 6,
  ScalableTargetARN: "arn:target",
  RoleARN: "arn:role",
  CreationTime: new Date(0),
};
/** All reads that are not told otherwise find nothing. */

describe("a scalable target", () => {
  const desired = { clusterName: "web", serviceName: "talk", min: 2, max: 6, tags };
  const state = { resourceId };
  const there = (part: Partial<ScalableTarget> = {}) =>
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [{ ...target, ...part }] });

  it("is registered with its bounds and tags, once the service is visible and AWS's role is created", async () => {
    const { context, events } = await mockedContext();
    scaling
      .on(RegisterScalableTargetCommand)
      .rejectsOnce(sdkError("ValidationException", "ECS service doesn't exist: service/web/talk"))
      .rejectsOnce(sdkError("ValidationException", "Unable to assume IAM role: arn:role"))
      .resolves({ ScalableTargetARN: "arn:target" });
    expect(await scalableTargetKind.create!(desired, context)).toEqual(state);
    const input = { ...count, ResourceId: resourceId, MinCapacity: 2, MaxCapacity: 6, Tags: tags };
    expect(writes()).toEqual(Array.from({ length: 3 }, () => ["RegisterScalableTarget", input]));
    expect(events.map(({ type }) => type)).toEqual(["retrying", "retrying"]);
  });

  it("is read as described, also when a schedule has set one of its bounds", async () => {
    const { context } = await mockedContext();
    there({ MinCapacity: 4 });
    const scheduled = { min: [4], max: [] };
    const observed = await scalableTargetKind.read({ ...desired, scheduled }, context);
    expect(observed).toMatchObject({ state, tags });
    expect(diff({ ...desired, scheduled: undefined }, observed!.current)).toEqual([]);
    const plain = await scalableTargetKind.read(desired, context);
    expect(diff(desired, plain!.current)).toEqual([{ path: "min", before: 4, after: 2 }]);
  });

  it("sends only the bound that changed: the other one may be a schedule's", async () => {
    const { context } = await mockedContext();
    there();
    const observed = (await scalableTargetKind.read(desired, context))!;
    const changes = [{ path: "max", before: 6, after: 8 }];
    await scalableTargetKind.update!({ ...desired, max: 8 }, observed, changes, context);
    await scalableTargetKind.update!(
      desired,
      observed,
      [{ path: "tags.team", before: undefined, after: "talks" }],
      context,
    );
    expect(writes()).toEqual([
      ["RegisterScalableTarget", { ...count, ResourceId: resourceId, MaxCapacity: 8 }],
      ["TagResource", { ResourceARN: "arn:target", Tags: tags }],
    ]);
  });

  it("is deleted when it is no longer described; one that no longer exists is no failure", async () => {
    const { context } = await mockedContext();
    scaling
      .on(DescribeScalableTargetsCommand)
      .resolvesOnce({ ScalableTargets: [target] })
      .resolves({ ScalableTargets: [] });
    await scalableTargetKind.delete!(state, context);
    scaling.on(DeregisterScalableTargetCommand).rejects(sdkError("ObjectNotFoundException"));
    await scalableTargetKind.delete!(state, context);
    const input = { ...count, ResourceId: resourceId };
    expect(writes()).toEqual([
      ["DeregisterScalableTarget", input],
      ["DeregisterScalableTarget", input],
    ]);
  });

  it("is found by its owner's services and its own tags", async () => {
    const { context } = await mockedContext();
    there();
    expect(await scalableTargetKind.findOwned!(OWNER, context)).toEqual([{ name: "web/talk", state, tags }]);
    const asked = sent(scaling).find(([name]) => name === "DescribeScalableTargets");
    expect(asked![1]).toEqual({ ...count, ResourceIds: [resourceId] });
  });

  it("of another owner is not found", async () => {
    const { context } = await mockedContext();
    there();
    scaling.on(ListTagsForResourceCommand).resolves({ Tags: {} });
    scaling.on(DescribeScalingPoliciesCommand).resolves({});
    expect(await scalableTargetKind.findOwned!(OWNER, context)).toEqual([]);
  });
});

describe("a scaling policy", () => {
  const steps = stepPolicy({
    name: "cpu-add",
    when: { metric: "cpu", comparison: ">=", threshold: 30, seconds: 60 },
    unit: "percent",
    adjustments: [
      { lower: 0, upper: 30, change: 10 },
      { lower: 30, upper: undefined, change: 50 },
    ],
    cooldown: 120,
  });
  const desired = { resourceId, policyName: "quayside-cpu-add", policy: steps, tags };
  const put = { ...count, ResourceId: resourceId, PolicyName: "quayside-cpu-add" };
  const described: ScalingPolicy = {
    ...put,
    ...steps,
    PolicyType: "StepScaling",
    PolicyARN: "arn:policy",
    CreationTime: new Date(0),
    Alarms: [],
  };

  it("of steps is put as Application Auto Scaling takes it, once the target is seen", async () => {
    const { context } = await mockedContext();
    scaling
      .on(PutScalingPolicyCommand)
      .rejectsOnce(
        sdkError("ObjectNotFoundException", "No scalable target registered for service namespace: ecs"),
      )
      .resolves({ PolicyARN: "arn:policy" });
    expect(await scalingPolicyKind.create!(desired, context)).toEqual({
      arn: "arn:policy",
      resourceId,
      policyName: "quayside-cpu-add",
    });
    expect(writes().at(-1)).toEqual([
      "PutScalingPolicy",
      {
        ...put,
        PolicyType: "StepScaling",
        StepScalingPolicyConfiguration: {
          AdjustmentType: "PercentChangeInCapacity",
          MinAdjustmentMagnitude: 1,
          StepAdjustments: [
            { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 30, ScalingAdjustment: 10 },
            { MetricIntervalLowerBound: 30, ScalingAdjustment: 50 },
          ],
          Cooldown: 120,
          MetricAggregationType: "Average",
        },
      },
    ]);
  });

  it.each([
    ["cpu", 50, undefined, { PredefinedMetricType: "ECSServiceAverageCPUUtilization" }],
    ["memory", 60, undefined, { PredefinedMetricType: "ECSServiceAverageMemoryUtilization" }],
    [
      "requestsPerTask",
      1000,
      requestsLabel(
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/alb/1a",
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/talk/2b",
      ),
      { PredefinedMetricType: "ALBRequestCountPerTarget", ResourceLabel: "app/alb/1a/targetgroup/talk/2b" },
    ],
  ] as const)("holds %s", async (metric, value, label, PredefinedMetricSpecification) => {
    const { context } = await mockedContext();
    scaling.on(PutScalingPolicyCommand).resolves({ PolicyARN: "arn:policy" });
    const policy = targetPolicy({ metric, value }, label);
    await scalingPolicyKind.create!({ ...desired, policyName: `quayside-${metric}`, policy }, context);
    expect(writes()).toEqual([
      [
        "PutScalingPolicy",
        {
          ...put,
          PolicyName: `quayside-${metric}`,
          PolicyType: "TargetTrackingScaling",
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: value,
            PredefinedMetricSpecification,
            ScaleOutCooldown: 60,
            ScaleInCooldown: 300,
            DisableScaleIn: false,
          },
        },
      ],
    ]);
  });

  it("is read without what AWS adds to it, among others of similar names", async () => {
    const { context } = await mockedContext();
    scaling
      .on(DescribeScalingPoliciesCommand)
      .resolves({ ScalingPolicies: [{ ...described, PolicyName: "quayside-cpu" }, described] });
    const observed = await scalingPolicyKind.read(desired, context);
    expect(diff(desired, observed!.current)).toEqual([]);
    expect(observed!.state.arn).toBe("arn:policy");
    scaling.on(DescribeScalingPoliciesCommand).resolves({ ScalingPolicies: [] });
    expect(await scalingPolicyKind.read(desired, (await mockedContext()).context)).toBeUndefined();
  });

  it("is deleted by its name; one that no longer exists is no failure", async () => {
    const { context } = await mockedContext();
    scaling.on(DeleteScalingPolicyCommand).rejects(sdkError("ObjectNotFoundException"));
    await scalingPolicyKind.delete!({ arn: "arn:policy", resourceId, policyName: "quayside-cpu" }, context);
    expect(writes()).toEqual([["DeleteScalingPolicy", { ...put, PolicyName: "quayside-cpu" }]]);
  });

  it("is found in its owner's targets by its name; others' stay", async () => {
    const { context } = await mockedContext();
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [target] });
    scaling
      .on(DescribeScalingPoliciesCommand)
      .resolvesOnce({ ScalingPolicies: [described], NextToken: "more" })
      .resolves({ ScalingPolicies: [{ ...described, PolicyName: "theirs" }] });
    const found = await scalingPolicyKind.findOwned!(OWNER, context);
    expect(found.map(({ name }) => name)).toEqual(["web/talk/quayside-cpu-add"]);
  });
});

describe("a scheduled action", () => {
  const desired = {
    resourceId,
    actionName: "quayside-cron-1",
    schedule: "cron(0 8 * * ? *)",
    timezone: "Europe/Paris",
    min: 4,
    max: undefined,
    tags,
  };
  const state = { resourceId, actionName: "quayside-cron-1" };
  const named = { ...count, ResourceId: resourceId, ScheduledActionName: "quayside-cron-1" };
  const put = {
    ...named,
    Schedule: "cron(0 8 * * ? *)",
    Timezone: "Europe/Paris",
    ScalableTargetAction: { MinCapacity: 4 },
  };
  const described = { ...put, ScheduledActionARN: "arn:action", CreationTime: new Date(0) };

  it("is put with everything that it says, each time: what is left out is cleared", async () => {
    const { context } = await mockedContext();
    scaling
      .on(PutScheduledActionCommand)
      .rejectsOnce(sdkError("ObjectNotFoundException", "No scalable target registered"))
      .resolves({});
    expect(await scheduledActionKind.create!(desired, context)).toEqual(state);
    const changes = [{ path: "timezone", before: "Europe/Paris", after: undefined }];
    const observed = { state, current: {}, tags };
    await scheduledActionKind.update!(
      { ...desired, timezone: undefined, max: 9 },
      observed,
      changes,
      context,
    );
    const { Timezone: _, ...without } = put;
    expect(writes()).toEqual([
      ["PutScheduledAction", put],
      ["PutScheduledAction", put],
      ["PutScheduledAction", { ...without, ScalableTargetAction: { MinCapacity: 4, MaxCapacity: 9 } }],
    ]);
  });

  it("is read, deleted and found by its name", async () => {
    const { context } = await mockedContext();
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [target] });
    scaling
      .on(DescribeScheduledActionsCommand)
      .resolves({ ScheduledActions: [{ ...described, ScheduledActionName: "theirs" }, described] });
    const observed = await scheduledActionKind.read(desired, context);
    expect(diff(desired, observed!.current)).toEqual([]);
    expect(await scheduledActionKind.findOwned!(OWNER, context)).toEqual([
      { name: "web/talk/quayside-cron-1", state, tags },
    ]);
    scaling.on(DeleteScheduledActionCommand).rejects(sdkError("ObjectNotFoundException"));
    await scheduledActionKind.delete!(state, context);
    expect(writes()).toEqual([["DeleteScheduledAction", named]]);
  });
});
