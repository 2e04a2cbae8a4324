import {
  DeletePolicyCommand,
  DeleteScheduledActionCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  PutScalingPolicyCommand,
  type ScalingPolicy,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { diff } from "../../src/engine/diff.js";
import { instanceScalingPolicyKind } from "../../src/scaling/instance-scaling-policy.js";
import { instanceScheduleKind } from "../../src/scaling/instance-schedule.js";
import { instancePolicy } from "../../src/scaling/policy-input.js";
import type { StepPolicySpec } from "../../src/spec/scaling/step-policies.js";
import { mockAws, mockedContext, sdkError } from "../aws/mock-aws.js";

const { autoScaling, writes } = mockAws();

const OWNER = "cluster/web";
const tags = { "quayside:owner": OWNER };
const groupName = "web-instances";
const notFound = (what: string) => sdkError("ValidationError", `${what} not found`);

const spec = (part: Partial<StepPolicySpec>): StepPolicySpec => ({
  name: "cpu-add",
  when: { existing: "any" },
  unit: "count",
  adjustments: [{ lower: 0, upper: undefined, change: 2 }],
  cooldown: 180,
  ...part,
});

describe("a scaling policy of instances", () => {
  const named = { AutoScalingGroupName: groupName, PolicyName: "quayside-cpu-add" };
  const state = { arn: "arn:policy", groupName, policyName: "quayside-cpu-add" };
  const desired = { groupName, policyName: "quayside-cpu-add", policy: instancePolicy(spec({})), tags };

  it.each([
    [
      "adds in steps, with a warm-up",
      spec({}),
      {
        PolicyType: "StepScaling",
        AdjustmentType: "ChangeInCapacity",
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
        MetricAggregationType: "Average",
        EstimatedInstanceWarmup: 180,
      },
    ],
    [
      "removes one by one, with a pause between",
      spec({ adjustments: [{ lower: undefined, upper: 0, change: -1 }], cooldown: 300 }),
      {
        PolicyType: "SimpleScaling",
        AdjustmentType: "ChangeInCapacity",
        ScalingAdjustment: -1,
        Cooldown: 300,
      },
    ],
    [
      "removes in steps, of which a simple policy knows none",
      spec({
        unit: "percent",
        adjustments: [
          { lower: -20, upper: 0, change: -10 },
          { lower: undefined, upper: -20, change: -50 },
        ],
      }),
      {
        PolicyType: "StepScaling",
        AdjustmentType: "PercentChangeInCapacity",
        MinAdjustmentMagnitude: 1,
        StepAdjustments: [
          { MetricIntervalLowerBound: -20, MetricIntervalUpperBound: 0, ScalingAdjustment: -10 },
          { MetricIntervalUpperBound: -20, ScalingAdjustment: -50 },
        ],
        MetricAggregationType: "Average",
      },
    ],
  ] as const)("%s", async (_, steps, input) => {
    const { context } = await mockedContext();
    autoScaling.on(PutScalingPolicyCommand).resolves({ PolicyARN: "arn:policy" });
    const policy = instancePolicy(steps);
    expect(await instanceScalingPolicyKind.create!({ ...desired, policy }, context)).toEqual(state);
    expect(writes()).toEqual([["PutScalingPolicy", { ...named, ...input }]]);
  });

  it("is asked for its ARN where putting it does not tell", async () => {
    const { context } = await mockedContext();
    autoScaling.on(PutScalingPolicyCommand).resolves({});
    autoScaling
      .on(DescribePoliciesCommand)
      .resolves({ ScalingPolicies: [{ ...named, PolicyARN: "arn:policy" }] });
    expect(await instanceScalingPolicyKind.create!(desired, context)).toEqual(state);
  });

  it("is read, deleted and found by its name; ECS's and others' are not found", async () => {
    const { context } = await mockedContext();
    const described: ScalingPolicy = {
      ...named,
      ...(desired.policy as ScalingPolicy),
      PolicyARN: "arn:policy",
      Enabled: true,
      Alarms: [],
    };
    autoScaling.on(DescribePoliciesCommand).resolves({
      ScalingPolicies: [{ ...described, PolicyName: "ECSManagedAutoScalingPolicy-1" }, described],
    });
    const observed = await instanceScalingPolicyKind.read(desired, context);
    expect(diff(desired, observed!.current)).toEqual([]);
    expect(await instanceScalingPolicyKind.findOwned!(OWNER, context)).toEqual([
      { name: "web-instances/quayside-cpu-add", state, tags },
    ]);
    expect(await instanceScalingPolicyKind.findOwned!("deployment/web/talk", context)).toEqual([]);
    autoScaling.on(DeletePolicyCommand).rejects(notFound("Policy"));
    await instanceScalingPolicyKind.delete!(state, context);
    expect(writes()).toEqual([["DeletePolicy", named]]);
  });

  it("does not exist without its group", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribePoliciesCommand).rejects(notFound("AutoScalingGroup name"));
    expect(await instanceScalingPolicyKind.read(desired, context)).toBeUndefined();
    expect(await instanceScalingPolicyKind.findOwned!(OWNER, context)).toEqual([]);
  });
});

describe("a schedule of instances", () => {
  const desired = {
    groupName,
    actionName: "quayside-cron-1",
    recurrence: "0 8 * * 1-5",
    start: undefined,
    timezone: "Europe/Paris",
    min: 4,
    max: 8,
    tags,
  };
  const state = { groupName, actionName: "quayside-cron-1" };
  const named = { AutoScalingGroupName: groupName, ScheduledActionName: "quayside-cron-1" };
  const put = { ...named, Recurrence: "0 8 * * 1-5", TimeZone: "Europe/Paris", MinSize: 4, MaxSize: 8 };

  it("recurs as Unix writes it, or is once, in UTC", async () => {
    const { context } = await mockedContext();
    expect(await instanceScheduleKind.create!(desired, context)).toEqual(state);
    const start = "2027-01-01T08:00:00.000Z";
    const once = { ...desired, recurrence: undefined, timezone: undefined, start, max: undefined };
    await instanceScheduleKind.create!(once, context);
    expect(writes()).toEqual([
      ["PutScheduledUpdateGroupAction", put],
      ["PutScheduledUpdateGroupAction", { ...named, StartTime: new Date(start), MinSize: 4 }],
    ]);
  });

  it("is deleted and created if a change omits a field", async () => {
    const { context } = await mockedContext();
    const observed = { state, current: {}, tags };
    const more = [{ path: "max", before: 6, after: 8 }];
    await instanceScheduleKind.update!(desired, observed, more, context);
    const less = [{ path: "max", before: 8, after: undefined }];
    await instanceScheduleKind.update!({ ...desired, max: undefined }, observed, less, context);
    const { MaxSize: _, ...without } = put;
    expect(writes()).toEqual([
      ["PutScheduledUpdateGroupAction", put],
      ["DeleteScheduledAction", named],
      ["PutScheduledUpdateGroupAction", without],
    ]);
  });

  it("is read without when it is next, deleted and found by its name", async () => {
    const { context } = await mockedContext();
    const described = {
      ...put,
      StartTime: new Date("2027-01-01T07:00:00Z"),
      ScheduledActionARN: "arn:action",
    };
    autoScaling.on(DescribeScheduledActionsCommand).resolves({
      ScheduledUpdateGroupActions: [{ ...described, ScheduledActionName: "theirs" }, described],
    });
    const observed = await instanceScheduleKind.read(desired, context);
    expect(diff(desired, observed!.current)).toEqual([]);
    expect(await instanceScheduleKind.findOwned!(OWNER, context)).toEqual([
      { name: "web-instances/quayside-cron-1", state, tags },
    ]);
    autoScaling.on(DeleteScheduledActionCommand).rejects(notFound("Scheduled action"));
    await instanceScheduleKind.delete!(state, context);
    expect(writes()).toEqual([["DeleteScheduledAction", named]]);
  });
});
