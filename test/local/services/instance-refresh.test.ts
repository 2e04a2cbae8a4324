import type { RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, it } from "vitest";
import { createCloudWatch } from "../../../src/local/services/cloudwatch/cloudwatch.js";
import { createStandby } from "../../../src/local/services/auto-scaling/standby.js";
import { changeCapacity } from "../../../src/local/services/ec2/capacity-shortage.js";
import { terminateInstance } from "../../../src/local/services/ec2/launch-instance.js";
import { publishAmisEvery } from "../../../src/local/services/ec2/publish-amis.js";
import { codeOf, localServices, type LocalServices } from "../local-services.js";
import { ERRORS_ALARM } from "../errors-alarm.js";

const minute = 60_000;
let cloud: LocalServices;
beforeEach(async () => {
  cloud = localServices();
  const { LaunchTemplate } = await cloud.ec2.createLaunchTemplate({
    LaunchTemplateName: "web",
    LaunchTemplateData: { ImageId: await recommended(), InstanceType: "t3.small" },
  });
  template = LaunchTemplate!.LaunchTemplateId!;
  await cloud.autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: "web",
    MinSize: 4,
    MaxSize: 4,
    LaunchTemplate: { LaunchTemplateId: template, Version: "1" },
    VPCZoneIdentifier: [...cloud.account.ec2.subnets.keys()].join(","),
    ServiceLinkedRoleARN: "arn:aws:iam::123456789012:role/aws-service-role/x",
  });
  await cloud.account.clock.sleep(5 * minute);
  await cloud.ec2.createLaunchTemplateVersion({
    LaunchTemplateId: template,
    SourceVersion: "1",
    LaunchTemplateData: { InstanceType: "t3.medium" },
  });
});
let template: string;

async function recommended(): Promise<string> {
  const Name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";
  return (await cloud.ssm.getParameter({ Name })).Parameter!.Value!;
}
const start = (Preferences: RefreshPreferences = {}, Version = "2") =>
  cloud.autoScaling.startInstanceRefresh({
    AutoScalingGroupName: "web",
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: template, Version } },
    Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110, SkipMatching: true, ...Preferences },
  });
const refresh = async () =>
  (await cloud.autoScaling.describeInstanceRefreshes({ AutoScalingGroupName: "web" })).InstanceRefreshes![0]!;
const group = async () => (await cloud.autoScaling.describeAutoScalingGroups({})).AutoScalingGroups![0]!;
const versions = async () =>
  (await group())
    .Instances!.filter(({ LifecycleState }) => LifecycleState === "InService")
    .map(({ LaunchTemplate }) => LaunchTemplate!.Version)
    .sort();
const pass = (minutes: number) => cloud.account.clock.sleep(minutes * minute);

describe("an instance refresh", () => {
  it("replaces all instances one after another, and then gives the group the configuration", async () => {
    await start();
    let [fewest, most] = [Infinity, 0];
    while ((await refresh()).EndTime === undefined) {
      await pass(0.2);
      const count = (await versions()).length;
      [fewest, most] = [Math.min(fewest, count), Math.max(most, count)];
      if ((await refresh()).EndTime === undefined) expect((await group()).LaunchTemplate!.Version).toBe("1");
    }
    expect(await refresh()).toMatchObject({
      Status: "Successful",
      PercentageComplete: 100,
      InstancesToUpdate: 0,
    });
    expect([fewest, most]).toEqual([4, 5]);
    await pass(5);
    expect(await versions()).toEqual(["2", "2", "2", "2"]);
    expect((await group()).LaunchTemplate!.Version).toBe("2");
  });

  it("is the only one of its group, and keeps the configuration of the group from changes", async () => {
    await start();
    expect(await codeOf(start())).toBe("InstanceRefreshInProgress");
    const update = cloud.autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: "web",
      LaunchTemplate: { LaunchTemplateId: template, Version: "2" },
    });
    await expect(update).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("An active instance refresh with a desired configuration exists."),
    });
    await cloud.autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: "web", MaxSize: 5 });
  });

  it("leaves what matches already, with skip matching only", async () => {
    await start({}, "1");
    await pass(2);
    expect((await refresh()).Status).toBe("Successful");
    await start({ SkipMatching: false }, "1");
    expect((await refresh()).InstancesToUpdate).toBe(4);
    await pass(2);
    expect(await refresh()).toMatchObject({ Status: "InProgress", InstancesToUpdate: 3 });
  });

  it("fails after an hour with instances that are protected from scale-in, unless it is to replace them", async () => {
    const InstanceIds = (await group()).Instances!.map(({ InstanceId }) => InstanceId!);
    await cloud.autoScaling.setInstanceProtection({
      AutoScalingGroupName: "web",
      InstanceIds,
      ProtectedFromScaleIn: true,
    });
    await start();
    await pass(70);
    expect(await refresh()).toMatchObject({
      Status: "Failed",
      StatusReason: expect.stringContaining("protected from scale in"),
    });
    await start({ ScaleInProtectedInstances: "Ignore" });
    await pass(5);
    expect((await refresh()).Status).toBe("Successful");
    expect(await versions()).toEqual(["1", "1", "1", "1"]);
    await cloud.autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: "web",
      LaunchTemplate: { LaunchTemplateId: template, Version: "1" },
    });
    await start({ ScaleInProtectedInstances: "Refresh" });
    await pass(30);
    expect(await versions()).toEqual(["2", "2", "2", "2"]);
  });

  it("stops at its checkpoints", async () => {
    await start({ CheckpointPercentages: [50, 100], CheckpointDelay: 600 });
    await pass(8);
    expect(await versions()).toEqual(["1", "1", "2", "2"]);
    await pass(20);
    expect((await refresh()).Status).toBe("Successful");
  });

  it("that is canceled completes what is under way, and replaces nothing more", async () => {
    await start();
    await pass(3);
    await cloud.autoScaling.cancelInstanceRefresh({ AutoScalingGroupName: "web" });
    expect((await refresh()).Status).toBe("Cancelling");
    await pass(10);
    expect((await refresh()).Status).toBe("Cancelled");
    expect(new Set(await versions())).toEqual(new Set(["1", "2"]));
    expect(await versions()).toHaveLength(4);
    expect(await codeOf(cloud.autoScaling.cancelInstanceRefresh({ AutoScalingGroupName: "web" }))).toBe(
      "ActiveInstanceRefreshNotFound",
    );
  });

  it("that is rolled back leaves the group as it was", async () => {
    await start();
    await pass(4);
    await cloud.autoScaling.rollbackInstanceRefresh({ AutoScalingGroupName: "web" });
    await pass(20);
    expect(await refresh()).toMatchObject({
      Status: "RollbackSuccessful",
      PercentageComplete: 0,
      RollbackDetails: { RollbackReason: expect.any(String) },
    });
    expect(await versions()).toEqual(["1", "1", "1", "1"]);
    expect((await group()).LaunchTemplate!.Version).toBe("1");
  });

  it("cannot be rolled back without a desired configuration", async () => {
    await cloud.autoScaling.startInstanceRefresh({ AutoScalingGroupName: "web" });
    expect(await codeOf(cloud.autoScaling.rollbackInstanceRefresh({ AutoScalingGroupName: "web" }))).toBe(
      "IrreversibleInstanceRefresh",
    );
  });

  it("whose instances cannot be launched fails after an hour, and rolls itself back if it is to", async () => {
    cloud.account.ec2.zonesWithoutCapacity.add("*/t3.medium");
    await start({ AutoRollback: true });
    await pass(90);
    expect(await refresh()).toMatchObject({
      Status: "RollbackSuccessful",
      StatusReason: undefined,
      RollbackDetails: { RollbackReason: expect.stringContaining("sufficient t3.medium capacity") },
    });
    expect(await versions()).toEqual(["1", "1", "1", "1"]);
  });
});

describe("the zones of a group", () => {
  it("are balanced again once a zone has capacity, an instance being replaced before it is terminated", async () => {
    const zones = async () =>
      (await group())
        .Instances!.filter(({ LifecycleState }) => LifecycleState === "InService")
        .map(({ AvailabilityZone }) => AvailabilityZone!)
        .sort();
    const [first] = await zones();
    cloud.account.ec2.zonesWithoutCapacity.add(first!);
    for (const { InstanceId, AvailabilityZone } of (await group()).Instances!)
      if (AvailabilityZone === first) terminateInstance(cloud.account, InstanceId!);
    await pass(5);
    expect(await zones()).toHaveLength(4);
    expect(await zones()).not.toContain(first);
    changeCapacity(cloud.account, { zone: first!, available: true });
    const counts = [];
    for (let step = 0; step < 20; step++) {
      await pass(0.25);
      counts.push((await zones()).length);
    }
    expect(Math.min(...counts)).toBe(4);
    expect(await zones()).toContain(first);
  });
});

describe("new AMIs", () => {
  it("are published again and again, and the old ones stay", async () => {
    const before = await recommended();
    publishAmisEvery(cloud.account, 14);
    await cloud.account.clock.sleep(15 * 24 * 60 * minute);
    const after = await recommended();
    expect(after).not.toBe(before);
    const { Images } = await cloud.ec2.describeImages({ ImageIds: [before, after] });
    expect(Images!.map(({ CreationDate }) => CreationDate!.slice(0, 10)).sort()).toEqual([
      "2025-12-09",
      new Date(cloud.account.clock.now() - 24 * 60 * minute).toISOString().slice(0, 10),
    ]);
  });
});

describe("an alarm of a refresh", () => {
  const alarm = async (state: "ALARM" | "OK") => {
    await createCloudWatch(cloud.account).putMetricAlarm(ERRORS_ALARM);
    cloud.account.cloudWatch.alarms.get("errors")!.description.StateValue = state;
  };
  const AlarmSpecification = { Alarms: ["errors"] };

  it("must exist", async () => {
    expect(await codeOf(start({ AlarmSpecification }))).toBe("ValidationError");
  });

  it("ends it, and rolls it back", async () => {
    await alarm("OK");
    await start({ AlarmSpecification, AutoRollback: true });
    await pass(3);
    cloud.account.cloudWatch.alarms.get("errors")!.description.StateValue = "ALARM";
    await pass(30);
    expect(await refresh()).toMatchObject({
      Status: "RollbackSuccessful",
      RollbackDetails: {
        RollbackReason: expect.stringContaining("alarm errors is in the ALARM state") as string,
      },
    });
    expect(await versions()).toEqual(["1", "1", "1", "1"]);
  });

  it("that is in the state ALARM already ends it at once", async () => {
    await alarm("ALARM");
    await start({ AlarmSpecification });
    await pass(1);
    expect((await refresh()).Status).toBe("Failed");
    expect(await versions()).toEqual(["1", "1", "1", "1"]);
  });
});

describe("an instance in standby", () => {
  const standby = () => createStandby(cloud.account);
  const enter = async () => {
    const [first] = (await group()).Instances!;
    await standby().enterStandby({
      AutoScalingGroupName: "web",
      InstanceIds: [first!.InstanceId!],
      ShouldDecrementDesiredCapacity: false,
    });
    await pass(5);
    return first!.InstanceId!;
  };
  const inStandby = async () =>
    (await group()).Instances!.filter(({ LifecycleState }) => LifecycleState === "Standby").length;

  it("is replaced, and counts for nothing until it returns", async () => {
    const id = await enter();
    expect([await inStandby(), (await versions()).length]).toEqual([1, 4]);
    const exit = { AutoScalingGroupName: "web", InstanceIds: [id] };
    expect(await codeOf(standby().exitStandby(exit))).toBe("ValidationError");
    await cloud.autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: "web", MaxSize: 5 });
    await standby().exitStandby(exit);
    expect([await inStandby(), (await group()).DesiredCapacity]).toEqual([0, 5]);
  });

  it("is terminated by a refresh, ignored, or waited for an hour", async () => {
    await enter();
    await start({ StandbyInstances: "Ignore" });
    await pass(40);
    expect([(await refresh()).Status, await inStandby()]).toEqual(["Successful", 1]);
    await start({ StandbyInstances: "Wait" });
    await pass(10);
    expect((await refresh()).StatusReason).toContain("leave Standby");
    await pass(70);
    expect(await refresh()).toMatchObject({
      Status: "Failed",
      StatusReason: expect.stringContaining("in Standby") as string,
    });
    await start({ StandbyInstances: "Terminate" });
    await pass(10);
    expect([(await refresh()).Status, await inStandby()]).toEqual(["Successful", 0]);
  });
});
