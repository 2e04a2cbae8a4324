import { DescribePoliciesCommand } from "@aws-sdk/client-auto-scaling";
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { beforeEach, describe, expect, it } from "vitest";
import { diff } from "../../src/engine/diff.js";
import { alarmActionKind } from "../../src/scaling/alarm-action.js";
import { alarmInput } from "../../src/scaling/alarm-input.js";
import { alarmKind } from "../../src/scaling/alarm.js";
import { existingAlarmKind } from "../../src/scaling/existing-alarm.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { autoScaling, cloudWatch, tagging, writes } = mockAws();

beforeEach(() => {
  cloudWatch.on(ListTagsForResourceCommand).resolves({ Tags: tagList });
  tagging.on(GetResourcesCommand).resolves({ ResourceTagMappingList: [] });
});

const OWNER = "cluster/web";
const tags = { "quayside:owner": OWNER };
const tagList = [{ Key: "quayside:owner", Value: OWNER }];
const GROUP = "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1:autoScalingGroupName/web-instances";
const policy = `${GROUP}:policyName/quayside-cpu-add`;
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:people";
const found = (...alarms: MetricAlarm[]) =>
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: alarms });

describe("what an alarm watches", () => {
  const cpu = { metric: "cpu", comparison: ">=", threshold: 30, seconds: 120 } as const;
  const reservation = { ...cpu, metric: "memoryReservation", comparison: "<" } as const;
  const group = { cluster: "web", group: "web-instances" };
  const service = { cluster: "web", service: "talk" };
  const dimensions = (of: object) => Object.entries(of).map(([Name, Value]) => ({ Name, Value }));

  it.each([
    ["instances' CPU", cpu, group, "AWS/EC2", "CPUUtilization", { AutoScalingGroupName: "web-instances" }],
    ["a reservation", reservation, group, "AWS/ECS", "MemoryReservation", { ClusterName: "web" }],
    [
      "a service's CPU",
      cpu,
      service,
      "AWS/ECS",
      "CPUUtilization",
      { ClusterName: "web", ServiceName: "talk" },
    ],
    [
      "any metric",
      {
        ...cpu,
        metric: { namespace: "Own", name: "Queue", dimensions: { B: "2", A: "1" }, statistic: "Sum" },
      },
      service,
      "Own",
      "Queue",
      { A: "1", B: "2" },
    ],
  ] as const)("is %s, minute by minute", (_, spec, measured, Namespace, MetricName, of) => {
    expect(alarmInput(spec, measured, "why")).toEqual({
      AlarmDescription: "why",
      Namespace,
      MetricName,
      Dimensions: dimensions(of),
      Statistic: typeof spec.metric === "string" ? "Average" : "Sum",
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 30,
      ComparisonOperator: spec.comparison === "<" ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
      TreatMissingData: "missing",
    });
  });
});

describe("an alarm", () => {
  const alarm = alarmInput(
    { metric: "cpu", comparison: ">=", threshold: 30, seconds: 60 },
    { cluster: "web", group: "web-instances" },
    "Scales web-instances",
  );
  const desired = { alarmName: "web-instances-cpu-add", alarm, policy, tags };
  const described: MetricAlarm = {
    ...(alarm as MetricAlarm),
    AlarmName: "web-instances-cpu-add",
    AlarmArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-instances-cpu-add",
    AlarmActions: [policy],
    OKActions: [],
    InsufficientDataActions: [],
    ActionsEnabled: true,
    StateValue: "ALARM",
  };

  it("is put with its policy and its tags", async () => {
    const { context } = await mockedContext();
    expect(await alarmKind.create!(desired, context)).toEqual({ alarmName: "web-instances-cpu-add" });
    expect(writes()).toEqual([
      [
        "PutMetricAlarm",
        { ...alarm, AlarmName: "web-instances-cpu-add", AlarmActions: [policy], Tags: tagList },
      ],
    ]);
  });

  it("is read without its state and what AWS adds", async () => {
    const { context } = await mockedContext();
    found(described);
    const observed = await alarmKind.read(desired, context);
    expect(diff(desired, observed!.current)).toEqual([]);
    expect(observed!.tags).toEqual(tags);
  });

  it("is written as a whole; whom else it tells stays told, and tags go their own way", async () => {
    const { context } = await mockedContext();
    const old = policy.replace("cpu-add", "cpu-add-2");
    found({ ...described, AlarmActions: [old, TOPIC], OKActions: [TOPIC], InsufficientDataActions: [TOPIC] });
    const observed = (await alarmKind.read(desired, context))!;
    const changes = diff(desired, observed.current);
    expect(changes).toEqual([{ path: "policy", before: old, after: policy }]);
    await alarmKind.update!(
      desired,
      observed,
      [...changes, { path: "tags.team", before: undefined, after: "talks" }],
      context,
    );
    expect(writes()).toEqual([
      [
        "PutMetricAlarm",
        {
          ...alarm,
          AlarmName: "web-instances-cpu-add",
          AlarmActions: [policy, TOPIC],
          OKActions: [TOPIC],
          InsufficientDataActions: [TOPIC],
        },
      ],
      ["TagResource", { ResourceARN: described.AlarmArn, Tags: tagList }],
    ]);
  });

  it("is deleted by its name, and found by its owner's tag", async () => {
    const { context } = await mockedContext();
    cloudWatch.on(DeleteAlarmsCommand).rejects(sdkError("ResourceNotFound"));
    await alarmKind.delete!({ alarmName: "web-instances-cpu-add" }, context);
    expect(writes()).toEqual([["DeleteAlarms", { AlarmNames: ["web-instances-cpu-add"] }]]);
    tagging.on(GetResourcesCommand).resolves({
      ResourceTagMappingList: [
        { ResourceARN: described.AlarmArn, Tags: tagList },
        { ResourceARN: "arn:aws:ecs:eu-west-1:123456789012:service/web/talk", Tags: tagList },
      ],
    });
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [described] });
    expect(await alarmKind.findOwned!(OWNER, context)).toEqual([
      { name: "web-instances-cpu-add", state: { alarmName: "web-instances-cpu-add" }, tags },
    ]);
  });
});

describe("a policy as an action of an existing alarm", () => {
  const desired = { alarmName: "theirs", policy, tags };
  const theirs: MetricAlarm = {
    AlarmName: "theirs",
    AlarmArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:theirs",
    AlarmDescription: "Too many talks",
    ActionsEnabled: false,
    AlarmActions: [TOPIC],
    OKActions: [TOPIC],
    Metrics: [{ Id: "m1", Expression: "SUM(METRICS())", ReturnData: true }],
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 7,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
    StateValue: "OK",
    StateReason: "as ever",
    AlarmConfigurationUpdatedTimestamp: new Date(0),
  };
  const {
    AlarmArn: _arn,
    StateValue: _state,
    StateReason: _reason,
    AlarmConfigurationUpdatedTimestamp: _at,
    ...kept
  } = theirs;

  it("is added, and all else of the alarm written as it was", async () => {
    const { context } = await mockedContext();
    found(theirs);
    expect(await alarmActionKind.read(desired, context)).toBeUndefined();
    await alarmActionKind.create!(desired, context);
    expect(writes()).toEqual([["PutMetricAlarm", { ...kept, AlarmActions: [TOPIC, policy] }]]);
  });

  it("that already exists is not written again", async () => {
    const { context } = await mockedContext();
    found({ ...theirs, AlarmActions: [TOPIC, policy] });
    expect(diff(desired, (await alarmActionKind.read(desired, context))!.current)).toEqual([]);
    await alarmActionKind.create!(desired, context);
    expect(writes()).toEqual([]);
  });

  it("is taken off again, and only it; once more does no harm", async () => {
    const { context } = await mockedContext();
    found({ ...theirs, AlarmActions: [policy, TOPIC] });
    await alarmActionKind.delete!({ alarmName: "theirs", policy }, context);
    found(theirs);
    await alarmActionKind.delete!({ alarmName: "theirs", policy }, context);
    found();
    await alarmActionKind.delete!({ alarmName: "theirs", policy }, context);
    expect(writes()).toEqual([["PutMetricAlarm", { ...kept, AlarmActions: [TOPIC] }]]);
  });

  it("does not fit where there are five already, nor where there is no alarm", async () => {
    const { context } = await mockedContext();
    found({ ...theirs, AlarmActions: [1, 2, 3, 4, 5].map((one) => `${TOPIC}-${one}`) });
    await expect(alarmActionKind.create!(desired, context)).rejects.toMatchObject({
      code: "alarm-actions-full",
      fix: expect.any(String),
    });
    found();
    await expect(alarmActionKind.create!(desired, context)).rejects.toMatchObject({ code: "alarm-missing" });
    expect(await existingAlarmKind.read({ alarmName: "theirs", tags: {} }, context)).toBeUndefined();
    expect(writes()).toEqual([]);
  });

  it("is found by what it scales; target tracking's own alarms, and others' policies, are not", async () => {
    const { context } = await mockedContext();
    found(
      { ...theirs, AlarmActions: [TOPIC, policy, `${GROUP}:policyName/by-hand`] },
      { ...theirs, AlarmName: "TargetTracking-x-AlarmHigh-1", AlarmActions: [policy] },
      { ...theirs, AlarmName: "other", AlarmActions: [policy.replace("web-instances", "other-instances")] },
    );
    cloudWatch.on(ListTagsForResourceCommand).resolves({ Tags: [] });
    autoScaling
      .on(DescribePoliciesCommand)
      .resolves({ ScalingPolicies: [{ PolicyName: "quayside-cpu-add", PolicyARN: policy }] });
    const all = await alarmActionKind.findOwned!(OWNER, context);
    expect(all.map(({ state }) => state)).toEqual([{ alarmName: "theirs", policy }]);
    expect(sent(cloudWatch)[0]).toEqual([
      "DescribeAlarms",
      { ActionPrefix: policy, MaxRecords: 100, AlarmTypes: ["MetricAlarm"] },
    ]);
  });

  it("is not searched for among all alarms of the account where nothing can be triggered", async () => {
    const { context } = await mockedContext();
    autoScaling.on(DescribePoliciesCommand).resolves({ ScalingPolicies: [{ PolicyName: "by-hand" }] });
    expect(await alarmActionKind.findOwned!(OWNER, context)).toEqual([]);
    expect(sent(cloudWatch)).toEqual([]);
  });
});

it("putting an alarm is tried again while CloudWatch is busy with it", async () => {
  const { context } = await mockedContext();
  cloudWatch.on(PutMetricAlarmCommand).rejectsOnce(sdkError("ConcurrentModificationException")).resolves({});
  await alarmKind.create!({ alarmName: "a", alarm: {} as never, policy, tags }, context);
  expect(writes()).toHaveLength(2);
});
