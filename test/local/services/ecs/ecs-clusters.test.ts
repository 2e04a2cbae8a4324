import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localCloud, type LocalCloud } from "../../../../src/local/index.js";
import { refusal } from "../../running-cloud.js";

let cloud: LocalCloud;
let ecs: LocalCloud["ports"]["ecs"];
beforeEach(() => {
  cloud = localCloud({ clock: "virtual" });
  ecs = cloud.ports.ecs;
});
afterEach(() => cloud.close());

const described = async (name: string, ...include: ("TAGS" | "ATTACHMENTS" | "STATISTICS")[]) =>
  (await ecs.describeClusters({ clusters: [name], include })).clusters?.[0];

describe("a cluster", () => {
  it("is created once, and remains as INACTIVE after it is deleted", async () => {
    const tags = [{ key: "a", value: "1" }];
    await ecs.createCluster({ clusterName: "main", tags });
    await ecs.createCluster({ clusterName: "main", tags: [{ key: "a", value: "2" }] });
    expect(await described("main", "TAGS")).toMatchObject({ status: "ACTIVE", tags });
    expect((await described("main"))?.tags).toEqual([]);
    await ecs.deleteCluster({ cluster: "main" });
    expect(await described("main")).toMatchObject({ status: "INACTIVE" });
    expect((await ecs.describeClusters({ clusters: ["other"] })).failures).toMatchObject([
      { reason: "MISSING" },
    ]);
    expect(await refusal(ecs.deleteCluster({ cluster: "other" }))).toContain("ClusterNotFoundException");
    expect(await refusal(ecs.listServices({ cluster: "main" }))).toContain("ClusterNotFoundException");
    await ecs.createCluster({ clusterName: "main" });
    expect(await described("main", "TAGS")).toMatchObject({ status: "ACTIVE", tags: [] });
  });

  it("is busy for a moment while its capacity providers change, and rejects unknown ones", async () => {
    await ecs.createCluster({ clusterName: "main" });
    const put = (capacityProviders: string[]) =>
      ecs.putClusterCapacityProviders({
        cluster: "main",
        capacityProviders,
        defaultCapacityProviderStrategy: [],
      });
    expect(await refusal(put(["mine"]))).toContain("InvalidParameterException");
    await put(["FARGATE", "FARGATE_SPOT"]);
    expect(await refusal(put(["FARGATE"]))).toContain("UpdateInProgressException");
    // A read right after the change is still of the time before it.
    expect(await described("main", "ATTACHMENTS")).toMatchObject({ capacityProviders: [] });
    await cloud.clock.sleep(3_000);
    expect(await described("main", "ATTACHMENTS")).toMatchObject({
      attachmentsStatus: "UPDATE_IN_PROGRESS",
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
    await cloud.clock.sleep(30_000);
    await put(["FARGATE"]);
    await cloud.clock.sleep(3_000);
    const detaching = await described("main", "ATTACHMENTS");
    expect(detaching?.capacityProviders).toEqual(["FARGATE"]);
    expect(detaching?.attachments?.map(({ status }) => status)).toEqual(["CREATED", "DELETING"]);
    await cloud.clock.sleep(30_000);
    expect((await described("main", "ATTACHMENTS"))?.attachments).toHaveLength(1);
  });

  it("is not deleted while it has container instances", async () => {
    await ecs.createCluster({ clusterName: "main" });
    const { containerInstance } = await ecs.registerContainerInstance({
      cluster: "main",
      instanceIdentityDocument: JSON.stringify({ instanceId: "i-1", instanceType: "t2.micro" }),
    });
    expect(containerInstance?.registeredResources).toContainEqual(
      expect.objectContaining({ name: "MEMORY", type: "INTEGER", integerValue: 957 }),
    );
    expect(await refusal(ecs.deleteCluster({ cluster: "main" }))).toContain(
      "ClusterContainsContainerInstancesException",
    );
    await ecs.deregisterContainerInstance({
      cluster: "main",
      containerInstance: containerInstance?.containerInstanceArn,
    });
    expect(await refusal(ecs.deleteCluster({ cluster: "main" }))).toBe("no refusal");
  });
});

describe("an instance's agent", () => {
  const launch = async (userData: string, policy: string | undefined) => {
    const { iam } = cloud.ports;
    await iam.createRole({
      RoleName: "ecsInstanceRole",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    });
    if (policy !== undefined) await iam.attachRolePolicy({ RoleName: "ecsInstanceRole", PolicyArn: policy });
    await iam.createInstanceProfile({ InstanceProfileName: "profile" });
    await iam.addRoleToInstanceProfile({ InstanceProfileName: "profile", RoleName: "ecsInstanceRole" });
    const [subnet] = cloud.account.ec2.subnets.values();
    const instance = {
      id: "i-1",
      instanceType: "t2.micro",
      imageId: "ami-1",
      subnetId: subnet?.id ?? "",
      zone: subnet?.zone ?? "",
      privateIp: "172.31.0.10",
      groupIds: [],
      keyName: undefined,
      profileName: "profile",
      userData,
      autoScalingGroup: undefined,
      launchedAt: new Date(cloud.clock.now()),
      networkInterfaceId: "eni-1",
      isSpot: false,
      detailedMonitoring: false,
      tags: new Map<string, string>(),
      state: "running" as const,
    };
    cloud.account.ec2.instances.set(instance.id, instance);
    for (const listener of cloud.account.events.instanceRunning) listener(instance);
    await cloud.clock.sleep(180_000);
  };
  const registered = async () =>
    (await ecs.listContainerInstances({ cluster: "main" })).containerInstanceArns?.length;
  const policy = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role";
  const userData = "#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n";

  it("registers with the cluster that the user data names", async () => {
    await ecs.createCluster({ clusterName: "main" });
    await launch(userData, policy);
    expect(await registered()).toBe(1);
  });

  it("waits for a cluster that is created later", async () => {
    await launch(userData, policy);
    await ecs.createCluster({ clusterName: "main" });
    await cloud.clock.sleep(120_000);
    expect(await registered()).toBe(1);
  });

  it.each([
    ["its role lacks the policy", userData, undefined],
    ["it names another cluster", userData.replace("main", "other"), policy],
  ])("does not register when %s", async (_why, data, attached) => {
    await ecs.createCluster({ clusterName: "main" });
    await launch(data, attached);
    expect(await registered()).toBe(0);
  });
});
