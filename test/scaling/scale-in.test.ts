import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeAlarmsCommand, type StateValue } from "@aws-sdk/client-cloudwatch";
import { beforeEach, expect, test } from "vitest";
import { resumeScaleIn, suspendScaleIn } from "../../src/scaling/scale-in.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { scaling, cloudWatch, writes } = mockAws();

const count = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
const [BLUE, GREEN] = ["service/web/talk-blue", "service/web/talk-green"];
const POLICIES = [
  {
    PolicyType: "TargetTrackingScaling" as const,
    Alarms: ["AlarmHigh", "AlarmLow"].map((side) => `TargetTracking-${GREEN}-${side}-1`),
  },
  {
    PolicyType: "StepScaling" as const,
    StepScalingPolicyConfiguration: { StepAdjustments: [{ ScalingAdjustment: 2 }] },
    Alarms: ["talk-cpu-add"],
  },
  {
    PolicyType: "StepScaling" as const,
    StepScalingPolicyConfiguration: { StepAdjustments: [{ ScalingAdjustment: -1 }] },
    Alarms: ["talk-cpu-remove"],
  },
].map((policy, index) => ({
  ...count,
  ...policy,
  ResourceId: GREEN,
  PolicyName: `p${index}`,
  PolicyARN: `arn:${index}`,
  CreationTime: new Date(0),
  Alarms: policy.Alarms.map((AlarmName) => ({ AlarmName, AlarmARN: `arn:${AlarmName}` })),
}));

const target = (ResourceId: string, SuspendedState?: ScalableTarget["SuspendedState"]): ScalableTarget => ({
  ...count,
  ResourceId,
  MinCapacity: 2,
  MaxCapacity: 6,
  RoleARN: "arn:role",
  CreationTime: new Date(0),
  ...(SuspendedState && { SuspendedState }),
});
const there = (...ScalableTargets: ScalableTarget[]) =>
  scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets });
const states = (value: StateValue) => ({ MetricAlarms: [{ AlarmName: "any", StateValue: value }] });

beforeEach(() => {
  scaling.on(RegisterScalableTargetCommand).resolves({});
  scaling.on(DescribeScalingPoliciesCommand).resolves({ ScalingPolicies: POLICIES });
});

test("scale-in is suspended where it may happen, and nothing that others have decided is changed", async () => {
  const { context } = await mockedContext();
  there(
    target(BLUE, { DynamicScalingOutSuspended: true }),
    target(GREEN, { DynamicScalingInSuspended: true }),
  );
  await suspendScaleIn([BLUE!, GREEN!], context);
  expect(writes()).toEqual([
    [
      "RegisterScalableTarget",
      {
        ...count,
        ResourceId: BLUE,
        SuspendedState: {
          DynamicScalingInSuspended: true,
          DynamicScalingOutSuspended: true,
          ScheduledScalingSuspended: false,
        },
      },
    ],
  ]);
});

test("suspending scale-in writes nothing for a service without scaling, or at an endpoint that has none", async () => {
  const { context } = await mockedContext();
  there();
  await suspendScaleIn([BLUE!], context);
  await resumeScaleIn(BLUE!, context);
  there(target(GREEN!));
  await resumeScaleIn(GREEN!, context);
  scaling.on(DescribeScalableTargetsCommand).rejects(sdkError("UnknownOperationException"));
  await suspendScaleIn([BLUE!], context);
  expect(writes()).toEqual([]);
});

test("scale-in is resumed once the alarms that remove tasks are quiet", async () => {
  const { context, clock } = await mockedContext();
  there(target(GREEN!, { DynamicScalingInSuspended: true }));
  cloudWatch
    .on(DescribeAlarmsCommand)
    .resolvesOnce(states("ALARM"))
    .resolvesOnce(states("ALARM"))
    .resolves(states("INSUFFICIENT_DATA"));
  const began = clock.now();
  await resumeScaleIn(GREEN!, context);
  expect(clock.now() - began).toBe(30_000);
  expect(sent(cloudWatch)[0]![1]).toMatchObject({
    AlarmNames: [`TargetTracking-${GREEN}-AlarmLow-1`, "talk-cpu-remove"],
  });
  expect(writes()).toMatchObject([
    ["RegisterScalableTarget", { SuspendedState: { DynamicScalingInSuspended: false } }],
  ]);
});

test("scale-in is resumed in spite of alarms that must have seen the present load", async () => {
  const { context, clock } = await mockedContext();
  there(target(GREEN!, { DynamicScalingInSuspended: true }));
  cloudWatch.on(DescribeAlarmsCommand).resolves(states("ALARM"));
  const began = clock.now();
  await resumeScaleIn(GREEN!, context);
  expect(clock.now() - began).toBe(240_000);
  expect(writes()).toHaveLength(1);
});
