import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import { ECR } from "@aws-sdk/client-ecr";
import { ECS } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAM } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { hosts, imageOf } from "./hosts.js";
import { clientOptions, served } from "./served.js";

const ALLOW_ALL = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

test("an IAM group gives its users its policies, and is deleted once it is empty", async () => {
  const caller = JSON.parse(ALLOW_ALL) as { Version: "2012-10-17"; Statement: [] };
  const { url } = await served({ caller });
  const iam = new IAM(clientOptions(url));
  const group = { GroupName: "operators" };
  const user = { UserName: "alice" };
  await iam.createGroup(group);
  await expect(iam.createGroup(group)).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "Group with name operators already exists.",
  });
  await expect(iam.addUserToGroup({ ...group, ...user })).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The user with name alice cannot be found.",
  });
  await iam.createUser(user);
  const { AccessKey } = await iam.createAccessKey(user);
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: "local" };
  const alice = new ECS({ ...clientOptions(url), credentials });
  await expect(alice.listClusters({})).rejects.toMatchObject({ name: "AccessDeniedException" });
  await iam.addUserToGroup({ ...group, ...user });
  await expect(alice.listClusters({})).rejects.toMatchObject({ name: "AccessDeniedException" });
  await iam.putGroupPolicy({ ...group, PolicyName: "all", PolicyDocument: ALLOW_ALL });
  expect((await alice.listClusters({})).clusterArns).toEqual([]);
  expect((await iam.getGroup(group)).Users).toMatchObject([user]);
  expect((await iam.listGroupsForUser(user)).Groups).toMatchObject([group]);

  const inUse = {
    name: "DeleteConflictException",
    message: expect.stringContaining("users from group") as string,
  };
  await expect(iam.deleteGroup(group)).rejects.toMatchObject(inUse);
  await iam.deleteAccessKey({ ...user, AccessKeyId: credentials.accessKeyId });
  await expect(iam.deleteUser(user)).rejects.toMatchObject(inUse);
  await iam.removeUserFromGroup({ ...group, ...user });
  await iam.deleteUser(user);
  await expect(iam.deleteGroup(group)).rejects.toMatchObject({
    message: expect.stringContaining("policies") as string,
  });
  await iam.deleteGroupPolicy({ ...group, PolicyName: "all" });
  await iam.updateGroup({ ...group, NewGroupName: "admins", NewPath: "/staff/" });
  expect((await iam.listGroups({})).Groups).toMatchObject([
    { GroupName: "admins", Arn: "arn:aws:iam::123456789012:group/staff/admins" },
  ]);
  await iam.deleteGroup({ GroupName: "admins" });
  expect((await iam.listGroups({})).Groups).toEqual([]);
});

test("tag keys of IAM are the same in any case", async () => {
  const { url } = await served();
  const Tags = ["team", "Team"].map((Key) => ({ Key, Value: "talks" }));
  await expect(new IAM(clientOptions(url)).createUser({ UserName: "alice", Tags })).rejects.toMatchObject({
    name: "InvalidInputException",
    message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
  });
});

test("an instance is stopped and started again, and its agent connects as the same container instance", async () => {
  const { cloud, url } = await served();
  const { ecs, ec2, instanceId: id } = await hosts(cloud, url);
  const InstanceIds = [id];
  const state = async () =>
    (await ec2.describeInstances({ InstanceIds })).Reservations![0]!.Instances![0]!.State!.Name;
  const registered = async () => {
    const { containerInstanceArns = [] } = await ecs.listContainerInstances({ cluster: "main" });
    const { containerInstances } = await ecs.describeContainerInstances({
      cluster: "main",
      containerInstances: containerInstanceArns,
    });
    return containerInstances!.map(({ containerInstanceArn, status, agentConnected }) => [
      ...[containerInstanceArn, status, agentConnected],
    ]);
  };
  const [[arn]] = (await registered()) as [[string]];
  await ecs.registerTaskDefinition({
    family: "talk",
    containerDefinitions: [{ name: "talk", image: "talk:1", memory: 64 }],
  });
  const { tasks } = await ecs.runTask({ cluster: "main", taskDefinition: "talk" });
  await cloud.advance("2m");

  expect((await ec2.stopInstances({ InstanceIds })).StoppingInstances).toMatchObject([
    { InstanceId: id, PreviousState: { Name: "running" }, CurrentState: { Name: "stopping", Code: 64 } },
  ]);
  await cloud.advance("1m");
  expect(await state()).toBe("stopped");
  expect(await registered()).toEqual([[arn, "ACTIVE", false]]);
  const described = await ecs.describeTasks({ cluster: "main", tasks: [tasks![0]!.taskArn!] });
  expect(described.tasks).toMatchObject([
    { lastStatus: "STOPPED", stoppedReason: `Host EC2 (instance ${id}) stopped.` },
  ]);
  // What is stopped already stays as it is.
  expect((await ec2.stopInstances({ InstanceIds })).StoppingInstances).toMatchObject([
    { CurrentState: { Name: "stopped" } },
  ]);

  expect((await ec2.startInstances({ InstanceIds })).StartingInstances).toMatchObject([
    { PreviousState: { Name: "stopped" }, CurrentState: { Name: "pending" } },
  ]);
  await cloud.advance("3m");
  expect(await state()).toBe("running");
  expect(await registered()).toEqual([[arn, "ACTIVE", true]]);
  await ec2.rebootInstances({ InstanceIds });
  await ec2.terminateInstances({ InstanceIds });
  await expect(ec2.startInstances({ InstanceIds })).rejects.toMatchObject({
    name: "IncorrectInstanceState",
    message: `The instance '${id}' is not in a state from which it can be started.`,
  });
});

test("a group replaces an instance that is stopped, unless it does not check their health", async () => {
  const { cloud, url } = await served();
  const { ec2, autoScaling } = await hosts(cloud, url, { group: 1 });
  const AutoScalingGroupName = "hosts";
  const instances = async () =>
    (await autoScaling.describeAutoScalingGroups({})).AutoScalingGroups![0]!.Instances!.map(
      (one) => one.InstanceId!,
    );
  const [first] = await instances();
  await ec2.stopInstances({ InstanceIds: [first!] });
  await cloud.advance("10m");
  const [second, ...more] = await instances();
  expect(more).toEqual([]);
  expect(second).not.toBe(first);

  await autoScaling.suspendProcesses({ AutoScalingGroupName, ScalingProcesses: ["ReplaceUnhealthy"] });
  await ec2.stopInstances({ InstanceIds: [second!] });
  await cloud.advance("10m");
  expect(await instances()).toEqual([second]);
});

test("a group launches instances of a launch configuration, which cannot be deleted while it is used", async () => {
  const { cloud, url } = await served();
  const autoScaling = new AutoScaling(clientOptions(url));
  const ImageId = await imageOf(cloud);
  const configuration = { LaunchConfigurationName: "old" };
  const create = (more: object) => autoScaling.createLaunchConfiguration({ ...configuration, ...more });
  await expect(create({})).rejects.toMatchObject({
    message: expect.stringContaining("both the ImageId and InstanceType parameters") as string,
  });
  await expect(create({ ImageId: "ami-0123456789abcdef0", InstanceType: "t3.micro" })).rejects.toMatchObject({
    message: "AMI ami-0123456789abcdef0 is invalid: The image id '[ami-0123456789abcdef0]' does not exist",
  });
  await create({ ImageId, InstanceType: "t3.micro", SpotPrice: "0.01" });
  await expect(create({ ImageId, InstanceType: "t3.micro" })).rejects.toMatchObject({
    name: "AlreadyExistsFault",
  });
  expect((await autoScaling.describeLaunchConfigurations({})).LaunchConfigurations).toMatchObject([
    { ...configuration, KeyName: "", SecurityGroups: [], InstanceMonitoring: { Enabled: true } },
  ]);

  const group = { AutoScalingGroupName: "hosts", MinSize: 1, MaxSize: 2, AvailabilityZones: ["eu-west-1a"] };
  await expect(
    autoScaling.createAutoScalingGroup({ ...group, LaunchConfigurationName: "other" }),
  ).rejects.toMatchObject({
    message:
      "Launch configuration name not found - A launch configuration with the name: other does not exist",
  });
  await autoScaling.createAutoScalingGroup({ ...group, ...configuration });
  await cloud.advance("3m");
  const { AutoScalingGroups } = await autoScaling.describeAutoScalingGroups({});
  expect(AutoScalingGroups).toMatchObject([
    {
      ...configuration,
      Instances: [{ ...configuration, LifecycleState: "InService", InstanceType: "t3.micro" }],
    },
  ]);
  expect(AutoScalingGroups![0]).not.toHaveProperty("LaunchTemplate");
  const { Reservations } = await new EC2(clientOptions(url)).describeInstances({});
  expect(Reservations![0]!.Instances).toMatchObject([{ ImageId, InstanceLifecycle: "spot" }]);

  const remove = () => autoScaling.deleteLaunchConfiguration(configuration);
  await expect(remove()).rejects.toMatchObject({
    name: "ResourceInUseFault",
    message: "Cannot delete launch configuration old because it is attached to AutoScalingGroup hosts",
  });
  await autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: "hosts", ForceDelete: true });
  await cloud.advance("5m");
  await remove();
  expect((await autoScaling.describeLaunchConfigurations({})).LaunchConfigurations).toEqual([]);
});

test("an instance leaves its group, keeps running, and joins it again", async () => {
  const { cloud, url } = await served();
  const { ec2, autoScaling } = await hosts(cloud, url, { group: 2 });
  const AutoScalingGroupName = "hosts";
  const group = async () => (await autoScaling.describeAutoScalingGroups({})).AutoScalingGroups![0]!;
  const [id] = (await group()).Instances!.map(({ InstanceId }) => InstanceId!);
  const InstanceIds = [id!];
  const detach = (ShouldDecrementDesiredCapacity: boolean) =>
    autoScaling.detachInstances({ AutoScalingGroupName, InstanceIds, ShouldDecrementDesiredCapacity });
  expect((await detach(true)).Activities).toMatchObject([{ StatusCode: "Successful" }]);
  await cloud.advance("5m");
  expect(await group()).toMatchObject({ DesiredCapacity: 1, Instances: [{ LifecycleState: "InService" }] });
  const { Reservations } = await ec2.describeInstances({ InstanceIds });
  expect(Reservations![0]!.Instances).toMatchObject([{ State: { Name: "running" } }]);

  await autoScaling.attachInstances({ AutoScalingGroupName, InstanceIds });
  expect(await group()).toMatchObject({ DesiredCapacity: 2, Instances: [{}, { InstanceId: id }] });
  await expect(autoScaling.attachInstances({ AutoScalingGroupName, InstanceIds })).rejects.toMatchObject({
    message: `The instance ${id} is already part of Auto Scaling group hosts.`,
  });
  // Without a smaller capacity, another instance takes its place.
  await detach(false);
  await cloud.advance("5m");
  expect((await group()).Instances).toHaveLength(2);
  await expect(
    autoScaling.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity: 9 }),
  ).rejects.toMatchObject({
    message: "New SetDesiredCapacity value 9 is above max value 3 for the AutoScalingGroup.",
  });
});

test("a group that terminates its newest instances first does, and another its oldest", async () => {
  for (const [policy, left] of [
    ["NewestInstance", 0],
    ["OldestInstance", 1],
  ] as const) {
    const { cloud, url } = await served();
    const { autoScaling } = await hosts(cloud, url, { group: 1, zones: ["eu-west-1a"] });
    const group = { AutoScalingGroupName: "hosts" };
    await autoScaling.updateAutoScalingGroup({ ...group, TerminationPolicies: [policy] });
    const ids = async () =>
      (await autoScaling.describeAutoScalingGroups({})).AutoScalingGroups![0]!.Instances!.map(
        (one) => one.InstanceId!,
      );
    await autoScaling.setDesiredCapacity({ ...group, DesiredCapacity: 2 });
    await cloud.advance("5m");
    const both = await ids();
    await autoScaling.setDesiredCapacity({ ...group, DesiredCapacity: 1 });
    await cloud.advance("5m");
    expect(await ids()).toEqual([both[left]]);
  }
});

test("ARNs of another type, region or account are not valid, and those of what was deleted not found", async () => {
  const { url } = await served();
  const elb = new ElasticLoadBalancingV2(clientOptions(url));
  const arn = (region: string) =>
    `arn:aws:elasticloadbalancing:${region}:123456789012:loadbalancer/app/alb/0123456789abcdef`;
  await expect(elb.describeLoadBalancers({ LoadBalancerArns: [arn("us-east-1")] })).rejects.toMatchObject({
    name: "ValidationError",
    message: `'${arn("us-east-1")}' is not a valid load balancer ARN`,
  });
  await expect(elb.describeLoadBalancers({ LoadBalancerArns: [arn("eu-west-1")] })).rejects.toMatchObject({
    name: "LoadBalancerNotFoundException",
    message: "One or more load balancers not found",
  });
  await expect(elb.deleteLoadBalancer({ LoadBalancerArn: arn("us-east-1") })).rejects.toMatchObject({
    name: "ValidationError",
  });
  await elb.deleteLoadBalancer({ LoadBalancerArn: arn("eu-west-1") });
  await expect(elb.describeTargetGroups({ TargetGroupArns: [arn("eu-west-1")] })).rejects.toMatchObject({
    message: `'${arn("eu-west-1")}' is not a valid target group ARN`,
  });
});

test("ListTasks refuses a service that does not exist, and ListImages filters by tag status", async () => {
  const { url } = await served();
  const ecs = new ECS(clientOptions(url));
  await ecs.createCluster({ clusterName: "main" });
  await expect(ecs.listTasks({ cluster: "main", serviceName: "nope" })).rejects.toMatchObject({
    name: "ServiceNotFoundException",
    message: "Service not found.",
  });
  const ecr = new ECR(clientOptions(url));
  await ecr.createRepository({ repositoryName: "talk" });
  const manifest = (size: number) =>
    JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: { size }, layers: [] });
  for (const size of [1, 2])
    await ecr.putImage({ repositoryName: "talk", imageManifest: manifest(size), imageTag: "latest" });
  const list = async (tagStatus: "TAGGED" | "UNTAGGED" | "ANY") =>
    (await ecr.listImages({ repositoryName: "talk", filter: { tagStatus } })).imageIds!.map(
      (id) => id.imageTag,
    );
  expect(await list("TAGGED")).toEqual(["latest"]);
  expect(await list("UNTAGGED")).toEqual([undefined]);
  expect(await list("ANY")).toHaveLength(2);
});

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

test("the capacity providers of Fargate are there in every account, and those of a cluster are its own", async () => {
  const { url } = await served();
  const ecs = new ECS(clientOptions(url));
  const names = async (input: object) =>
    (await ecs.describeCapacityProviders(input)).capacityProviders!.map(({ name }) => name);
  expect(await names({})).toEqual(["FARGATE", "FARGATE_SPOT"]);
  await ecs.createCluster({ clusterName: "main", capacityProviders: ["FARGATE"] });
  expect(await names({ cluster: "main" })).toEqual(["FARGATE"]);
  expect(await ecs.describeCapacityProviders({ capacityProviders: ["FARGATE_SPOT", "nope"] })).toMatchObject({
    capacityProviders: [{ name: "FARGATE_SPOT", status: "ACTIVE" }],
    failures: [{ reason: "MISSING" }],
  });
});
