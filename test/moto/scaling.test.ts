import { afterAll, beforeAll, expect, test } from "vitest";
import { scaledTalk, TUTORIAL_STEPS } from "../scenarios/scaling-chains.js";
import { describeOverHttp } from "./describe-over-http.js";
import { addForeignResources } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import { isLocalAccount } from "./local-server.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { rawClients, type RawClients } from "./raw-clients.js";
import { underItsPolicy } from "./under-its-policy.js";

const ecs = { ServiceNamespace: "ecs" as const, ScalableDimension: "ecs:service:DesiredCount" as const };
const ResourceId = "service/conference-cluster/talk-service-ecs";
const group = { AutoScalingGroupName: "conference-cluster-instances" };

describeOverHttp("the tutorial's scaling over HTTP", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let agent: ReturnType<HttpCloud["startAgent"]>;
  let before: Record<string, string[]>;
  const talk = () => scaledTalk(underItsPolicy(account));

  // AWS deletes the policies of a scalable target, and their alarms, with it; moto keeps them.
  const isKeptByMoto = (alarm: string) => alarm.startsWith("TargetTracking-") && !isLocalAccount(account);
  const alarmNames = async () =>
    (await raw.cloudWatch.describeAlarms({}))
      .MetricAlarms!.map(({ AlarmName }) => AlarmName!)
      .filter((alarm) => !isKeptByMoto(alarm))
      .sort();
  const theirs = async () => (await raw.cloudWatch.describeAlarms({ AlarmNames: ["theirs"] })).MetricAlarms;

  beforeAll(async () => {
    moto = await clouds.start();
    account = await moto.newAccount();
    raw = rawClients(account);
    await addForeignResources(raw, () => moto.settle(account));
    await raw.cloudWatch.putMetricAlarm({
      AlarmName: "theirs",
      Namespace: "AWS/EC2",
      MetricName: "CPUUtilization",
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 90,
      ComparisonOperator: "GreaterThanThreshold",
      AlarmActions: ["arn:aws:sns:eu-west-1:123456789012:theirs"],
    });
    before = await inventory(raw);
    agent = moto.startAgent(raw);
    await talk().deploy();
  });

  afterAll(async () => {
    await agent?.stop();
    await moto?.stop();
  });

  test("the group has 2 to 4 instances, which are measured every minute", async () => {
    const { AutoScalingGroups } = await raw.autoScaling.describeAutoScalingGroups({
      AutoScalingGroupNames: [group.AutoScalingGroupName],
    });
    expect(AutoScalingGroups).toMatchObject([{ MinSize: 2, MaxSize: 4, DesiredCapacity: 2 }]);
    const { LaunchTemplateVersions } = await raw.ec2.describeLaunchTemplateVersions({
      LaunchTemplateName: "conference-cluster-instances",
    });
    expect(LaunchTemplateVersions![0]!.LaunchTemplateData!.Monitoring).toMatchObject({ Enabled: true });
  });

  test("two instances are added at 30 % CPU for 60 s, and one is removed at a time: alarms are wired to the policies", async () => {
    const { ScalingPolicies = [] } = await raw.autoScaling.describePolicies(group);
    const arnOf = (name: string) => ScalingPolicies.find(({ PolicyName }) => PolicyName === name)!.PolicyARN;
    expect(ScalingPolicies.map(({ PolicyName }) => PolicyName).sort()).toEqual([
      "quayside-cpu-add",
      "quayside-cpu-remove",
    ]);
    expect(ScalingPolicies).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          PolicyType: "StepScaling",
          AdjustmentType: "ChangeInCapacity",
          StepAdjustments: [expect.objectContaining({ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 })],
        }),
        expect.objectContaining({ PolicyType: "SimpleScaling", ScalingAdjustment: -1, Cooldown: 300 }),
      ]),
    );
    const { MetricAlarms } = await raw.cloudWatch.describeAlarms({
      AlarmNamePrefix: "conference-cluster-instances-",
    });
    const metric = {
      Namespace: "AWS/EC2",
      MetricName: "CPUUtilization",
      Statistic: "Average",
      Period: 60,
      Dimensions: [{ Name: "AutoScalingGroupName", Value: "conference-cluster-instances" }],
    };
    expect(MetricAlarms).toMatchObject([
      {
        ...metric,
        AlarmName: "conference-cluster-instances-cpu-add",
        Threshold: 30,
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        AlarmActions: [arnOf("quayside-cpu-add")],
      },
      {
        ...metric,
        AlarmName: "conference-cluster-instances-cpu-remove",
        Threshold: 10,
        EvaluationPeriods: 5,
        ComparisonOperator: "LessThanOrEqualToThreshold",
        AlarmActions: [arnOf("quayside-cpu-remove")],
      },
    ]);
  });

  test("the service has 2 to 6 tasks, which use half of their CPU on average", async () => {
    const { ScalableTargets } = await raw.applicationAutoScaling.describeScalableTargets({
      ...ecs,
      ResourceIds: [ResourceId],
    });
    expect(ScalableTargets).toMatchObject([{ ResourceId, MinCapacity: 2, MaxCapacity: 6 }]);
    const { ScalingPolicies } = await raw.applicationAutoScaling.describeScalingPolicies({
      ...ecs,
      ResourceId,
    });
    expect(ScalingPolicies).toMatchObject([
      {
        PolicyName: "quayside-cpu",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 50,
          PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
        },
      },
    ]);
  });

  test("the cluster has the group as a capacity provider, which drains its instances", async () => {
    const { clusters } = await raw.ecs.describeClusters({ clusters: ["conference-cluster"] });
    expect(clusters![0]!.capacityProviders).toEqual(["conference-cluster-capacity"]);
  });

  test("a second deploy changes nothing", async () => {
    const { isEmpty } = await talk().plan();
    expect(isEmpty).toBe(true);
  });

  test("schedules, requests and a metric of one's own are there as they were described, and so found again", async () => {
    const at = "cron(0 8 ? * MON-FRI *)";
    const timezone = "Europe/Paris";
    const metric = { namespace: "Conference", name: "QueueLength", dimensions: { Queue: "talks" } };
    const scheduled = () =>
      scaledTalk(underItsPolicy(account), {
        tasks: {
          min: 2,
          max: 6,
          requestsPerTask: 1000,
          steps: [{ when: { metric, is: ">= 100" }, add: 1 }],
          schedule: [{ at, timezone, min: 4 }],
        },
        instances: { ...TUTORIAL_STEPS, schedule: [{ at, timezone, min: 3, max: 4 }] },
      });
    await scheduled().deploy();
    const { ScheduledActions } = await raw.applicationAutoScaling.describeScheduledActions({
      ...ecs,
      ResourceId,
    });
    expect(ScheduledActions).toMatchObject([{ Schedule: at, ScalableTargetAction: { MinCapacity: 4 } }]);
    const { ScheduledUpdateGroupActions } = await raw.autoScaling.describeScheduledActions(group);
    expect(ScheduledUpdateGroupActions).toMatchObject([
      { Recurrence: "0 8 * * 1-5", MinSize: 3, MaxSize: 4 },
    ]);
    const { ScalingPolicies = [] } = await raw.applicationAutoScaling.describeScalingPolicies({
      ...ecs,
      ResourceId,
    });
    const held = ScalingPolicies.map(
      ({ TargetTrackingScalingPolicyConfiguration: tracking }) =>
        tracking?.PredefinedMetricSpecification?.ResourceLabel,
    );
    expect(held.filter(Boolean)).toEqual([
      expect.stringMatching(/^app\/conferenceAlb\/\w+\/targetgroup\/talkServiceTargetGroup\/\w+$/),
    ]);
    expect(await alarmNames()).toContain("conference-cluster-talk-service-ecs-QueueLength-add");
    expect((await scheduled().plan()).changes.filter(({ action }) => action !== "none")).toEqual([]);
  });

  test("without its scaling the service keeps its count, and nothing of the scaling is left", async () => {
    await scaledTalk(underItsPolicy(account), { tasks: "none" }).deploy();
    const { ScalableTargets } = await raw.applicationAutoScaling.describeScalableTargets({
      ...ecs,
      ResourceIds: [ResourceId],
    });
    expect(ScalableTargets).toEqual([]);
    expect(await alarmNames()).toEqual([
      "conference-cluster-instances-cpu-add",
      "conference-cluster-instances-cpu-remove",
      "theirs",
    ]);
  });

  test("after destroy() nothing is left, and alarms of others are as they were", async () => {
    const untouched = await theirs();
    await talk().deploy();
    await agent.stop();
    const { kept } = await talk().destroy();
    expect(kept).toEqual([]);
    expect(await inventory(raw)).toEqual(before);
    expect(await alarmNames()).toEqual(["theirs"]);
    expect(await theirs()).toEqual(untouched);
    const { capacityProviders = [] } = await raw.ecs.describeCapacityProviders({
      capacityProviders: ["conference-cluster-capacity"],
    });
    expect(capacityProviders).toEqual([]);
  });
});
