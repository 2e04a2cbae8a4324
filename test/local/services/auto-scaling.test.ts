import type { CreateAutoScalingGroupCommandInput } from "@aws-sdk/client-auto-scaling";
import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it } from "vitest";
import { codeOf, localServices, type LocalServices } from "../local-services.js";

let cloud: LocalServices;
beforeEach(() => {
  cloud = localServices();
});

const minute = 60_000;
const parameter = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";

/** The input of a group whose template has `data`, in the default subnets. */
async function group(
  data: RequestLaunchTemplateData = {},
  part: Partial<CreateAutoScalingGroupCommandInput> = {},
): Promise<CreateAutoScalingGroupCommandInput> {
  const { Parameter } = await cloud.ssm.getParameter({ Name: parameter });
  const { LaunchTemplate } = await cloud.ec2.createLaunchTemplate({
    LaunchTemplateName: `template-${cloud.account.ec2.launchTemplates.size}`,
    LaunchTemplateData: { ImageId: Parameter!.Value!, InstanceType: "t2.micro", ...data },
  });
  return {
    AutoScalingGroupName: "web",
    MinSize: 2,
    MaxSize: 4,
    LaunchTemplate: { LaunchTemplateId: LaunchTemplate!.LaunchTemplateId!, Version: "1" },
    VPCZoneIdentifier: [...cloud.account.ec2.subnets.keys()].join(","),
    // Saves all tests but one from waiting for the account's service-linked role.
    ServiceLinkedRoleARN: "arn:aws:iam::123456789012:role/aws-service-role/x",
    ...part,
  };
}

const described = async () => {
  const { AutoScalingGroups } = await cloud.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: ["web"],
  });
  return AutoScalingGroups![0];
};
const states = async () => (await described())!.Instances!.map(({ LifecycleState }) => LifecycleState);
const activities = async () =>
  (await cloud.autoScaling.describeScalingActivities({ AutoScalingGroupName: "web" })).Activities!;

async function profile(name: string): Promise<void> {
  const statement = {
    Effect: "Allow",
    Principal: { Service: "ec2.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await cloud.iam.createRole({ RoleName: name, AssumeRolePolicyDocument });
  await cloud.iam.createInstanceProfile({ InstanceProfileName: name });
  await cloud.iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName: name });
}

describe("a new Auto Scaling group", () => {
  it("launches its instances over the zones, and they are in service once they have booted", async () => {
    const heard: string[] = [];
    cloud.account.events.instanceRunning.push(({ id }) => heard.push(id));
    await cloud.autoScaling.createAutoScalingGroup(
      await group({}, { MinSize: 3, Tags: [tag("team", true), tag("kind", false)] }),
    );
    expect(await states()).toEqual([]);
    await cloud.clock.sleep(20_000);
    expect(await states()).toEqual(["Pending", "Pending", "Pending"]);
    await cloud.clock.sleep(minute);
    expect(await states()).toEqual(["InService", "InService", "InService"]);
    const { Instances } = (await described())!;
    expect(new Set(Instances!.map(({ AvailabilityZone }) => AvailabilityZone)).size).toBe(3);
    expect(heard).toEqual(Instances!.map(({ InstanceId }) => InstanceId));
    expect((await activities()).map(({ StatusCode }) => StatusCode)).toEqual([
      "Successful",
      "Successful",
      "Successful",
    ]);

    const { Reservations } = await cloud.ec2.describeInstances({ InstanceIds: [heard[0]!] });
    expect(Reservations![0]!.Instances![0]!.Tags).toEqual([
      { Key: "aws:autoscaling:groupName", Value: "web" },
      { Key: "team", Value: "team of a test" },
    ]);
  });

  it("is created at once, but cannot launch until the account's new service-linked role can be assumed", async () => {
    await cloud.autoScaling.createAutoScalingGroup(await group({}, { ServiceLinkedRoleARN: undefined }));
    await cloud.clock.sleep(minute);
    expect(await states()).toEqual([]);
    expect((await activities()).map(({ StatusMessage }) => StatusMessage)).toEqual(
      Array(3).fill(
        "Access denied when attempting to assume role arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling. Validating load balancer configuration failed.",
      ),
    );
    await cloud.clock.sleep(3 * minute);
    expect(await states()).toEqual(["InService", "InService"]);
  });

  it("uses its other zones where one has no capacity, and fails while none has any", async () => {
    const zones = [...new Set([...cloud.account.ec2.subnets.values()].map(({ zone }) => zone))];
    const [first, second, third] = zones;
    for (const zone of zones) cloud.account.ec2.zonesWithoutCapacity.add(zone);
    await cloud.autoScaling.createAutoScalingGroup(await group({}, { MinSize: 3 }));
    await cloud.clock.sleep(10_000);
    expect(await states()).toEqual([]);
    expect((await activities())[0]?.StatusMessage).toMatch(
      /^We currently do not have sufficient t2.micro capacity in the Availability Zone you requested/,
    );
    cloud.account.ec2.zonesWithoutCapacity.delete(first!);
    cloud.account.ec2.zonesWithoutCapacity.delete(third!);
    await cloud.clock.sleep(2 * minute);
    const { Instances } = (await described())!;
    expect(Instances).toHaveLength(3);
    expect(Instances!.map(({ AvailabilityZone }) => AvailabilityZone)).not.toContain(second);
  });

  it("is rejected until EC2 sees the instance profile", async () => {
    await profile("ecsInstanceRole");
    const input = await group({ IamInstanceProfile: { Name: "ecsInstanceRole" } });
    await expect(cloud.autoScaling.createAutoScalingGroup(input)).rejects.toMatchObject({
      name: "ValidationError",
      message:
        "You must use a valid fully-formed launch template. Value (ecsInstanceRole) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
    });
    await cloud.clock.sleep(20_000);
    expect(await codeOf(cloud.autoScaling.createAutoScalingGroup(input))).toContain("no error");
  });

  it.each([
    ["an unknown image", { ImageId: "ami-0" }, "The image id '[ami-0]' does not exist"],
    [
      "an unknown instance type",
      { InstanceType: "t2.mikro" as "t2.micro" },
      "Invalid value 't2.mikro' for InstanceType.",
    ],
    ["an unknown security group", { SecurityGroupIds: ["sg-0"] }, "The security group 'sg-0' does not exist"],
  ])("is rejected with %s in its template", async (_, data, message) => {
    const creating = cloud.autoScaling.createAutoScalingGroup(await group(data));
    await expect(creating).rejects.toMatchObject({
      name: "ValidationError",
      message: `You must use a valid fully-formed launch template. ${message}`,
    });
  });

  it.each([
    ["a colon in its name", { AutoScalingGroupName: "a:b" }, "ValidationError"],
    ["a minimum above the maximum", { MinSize: 5 }, "ValidationError"],
    ["a desired capacity above the maximum", { DesiredCapacity: 5 }, "ValidationError"],
    ["no maximum", { MaxSize: undefined }, "ValidationError"],
    ["no subnet", { VPCZoneIdentifier: undefined }, "ValidationError"],
    ["a missing subnet", { VPCZoneIdentifier: "subnet-0" }, "ValidationError"],
    ["no template", { LaunchTemplate: undefined }, "ValidationError"],
    ["a missing template", { LaunchTemplate: { LaunchTemplateId: "lt-0" } }, "ValidationError"],
  ])("is rejected with %s", async (_, part, code) => {
    expect(await codeOf(cloud.autoScaling.createAutoScalingGroup(await group({}, part)))).toBe(code);
  });

  it("retries a failed launch with a growing delay, and reports the reason", async () => {
    await cloud.ec2.createKeyPair({ KeyName: "key", KeyType: "ed25519" });
    const input = await group({ KeyName: "key" });
    await cloud.ec2.deleteKeyPair({ KeyName: "key" });
    await cloud.autoScaling.createAutoScalingGroup(input);
    await cloud.clock.sleep(minute);
    const failed = await activities();
    expect(failed).toHaveLength(3);
    expect(failed[0]).toMatchObject({
      StatusCode: "Failed",
      StatusMessage: "The key pair 'key' does not exist. Launching EC2 instance failed.",
    });
    await cloud.ec2.createKeyPair({ KeyName: "key", KeyType: "ed25519" });
    await cloud.clock.sleep(3 * minute);
    expect(await states()).toEqual(["InService", "InService"]);
  });
});

describe("an Auto Scaling group", () => {
  beforeEach(async () => {
    await cloud.autoScaling.createAutoScalingGroup(await group());
    await cloud.clock.sleep(2 * minute);
  });

  it("follows its bounds: a higher minimum launches, a lower maximum terminates", async () => {
    await cloud.autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: "web", MinSize: 3 });
    await cloud.clock.sleep(2 * minute);
    expect(await described()).toMatchObject({ DesiredCapacity: 3, MaxSize: 4 });
    expect(await states()).toEqual(["InService", "InService", "InService"]);

    await cloud.autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: "web", MinSize: 1, MaxSize: 1 });
    await cloud.clock.sleep(10_000);
    expect((await states()).sort()).toEqual(["InService", "Terminating", "Terminating"]);
    expect(cloud.account.ec2.networkInterfaces.size).toBe(3);
    await cloud.clock.sleep(minute);
    expect(await states()).toEqual(["InService"]);
    expect(cloud.account.ec2.networkInterfaces.size).toBe(1);
  });

  it("replaces none of its instances for a new version of its template", async () => {
    const before = (await described())!.Instances!.map(({ InstanceId }) => InstanceId);
    const id = (await described())!.LaunchTemplate!.LaunchTemplateId!;
    await cloud.ec2.createLaunchTemplateVersion({
      LaunchTemplateId: id,
      SourceVersion: "1",
      LaunchTemplateData: { InstanceType: "t2.small" },
    });
    const LaunchTemplate = { LaunchTemplateId: id, Version: "2" };
    await cloud.autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: "web",
      LaunchTemplate,
      DesiredCapacity: 3,
    });
    await cloud.clock.sleep(2 * minute);
    const { Instances } = (await described())!;
    expect(Instances!.slice(0, 2).map(({ InstanceId }) => InstanceId)).toEqual(before);
    expect(Instances!.map(({ InstanceType }) => InstanceType)).toEqual(["t2.micro", "t2.micro", "t2.small"]);
  });

  it("leaves instances that are protected from scale-in", async () => {
    const protect = { AutoScalingGroupName: "web", NewInstancesProtectedFromScaleIn: true, MinSize: 4 };
    await cloud.autoScaling.updateAutoScalingGroup(protect);
    await cloud.clock.sleep(2 * minute);
    await cloud.autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: "web",
      MinSize: 0,
      DesiredCapacity: 0,
    });
    await cloud.clock.sleep(2 * minute);
    expect((await described())!.Instances).toMatchObject([
      { ProtectedFromScaleIn: true },
      { ProtectedFromScaleIn: true },
    ]);
  });

  it("is not deleted while it has instances, unless forced; its name remains taken until they are terminated", async () => {
    const AutoScalingGroupName = "web";
    expect(await codeOf(cloud.autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName }))).toBe(
      "ResourceInUse",
    );
    const input = await group();
    await cloud.autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName, ForceDelete: true });
    expect(await described()).toMatchObject({ Status: "Delete in progress" });
    expect(await codeOf(cloud.autoScaling.createAutoScalingGroup(input))).toBe("AlreadyExists");
    expect(await codeOf(cloud.autoScaling.updateAutoScalingGroup({ AutoScalingGroupName, MinSize: 1 }))).toBe(
      "ScalingActivityInProgress",
    );
    const { Reservations } = await cloud.ec2.describeInstances({
      Filters: [{ Name: "instance-state-name", Values: ["shutting-down"] }],
    });
    expect(Reservations).toHaveLength(2);
    await cloud.clock.sleep(2 * minute);
    expect(await described()).toBeUndefined();
    expect(cloud.account.ec2.networkInterfaces.size).toBe(0);
    expect(await codeOf(cloud.autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName }))).toBe(
      "ValidationError",
    );
    expect(await codeOf(cloud.autoScaling.createAutoScalingGroup(input))).toContain("no error");
  });

  it("has tags, and is found by them", async () => {
    const Tags = [{ ...tag("team", true), ResourceId: "web", ResourceType: "auto-scaling-group" }];
    await cloud.autoScaling.createOrUpdateTags({ Tags });
    const { AutoScalingGroups } = await cloud.autoScaling.describeAutoScalingGroups({
      Filters: [{ Name: "tag:team", Values: ["team of a test"] }],
    });
    expect(AutoScalingGroups).toMatchObject([{ AutoScalingGroupName: "web", Tags }]);
    const unknown = [{ ...Tags[0]!, ResourceId: "other" }];
    expect(await codeOf(cloud.autoScaling.createOrUpdateTags({ Tags: unknown }))).toBe("ValidationError");
  });

  it("has nothing scheduled while it is idle", async () => {
    const start = cloud.clock.now();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(cloud.clock.now()).toBe(start);
  });
});

const tag = (Key: string, PropagateAtLaunch: boolean) => ({
  Key,
  Value: `${Key} of a test`,
  PropagateAtLaunch,
});
