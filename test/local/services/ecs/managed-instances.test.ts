import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localCloud, type LocalCloud } from "../../../../src/local/index.js";
import { refusal } from "../../running-cloud.js";

let cloud: LocalCloud;
let ecs: LocalCloud["ports"]["ecs"];
let subnets: string[];
let infrastructureRoleArn: string;

beforeEach(async () => {
  cloud = localCloud({ clock: "virtual" });
  const { ec2, iam } = cloud.ports;
  ecs = cloud.ports.ecs;
  subnets = (await ec2.describeSubnets({})).Subnets!.map(({ SubnetId }) => SubnetId!);
  const { Role } = await iam.createRole({
    RoleName: "infrastructure",
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  infrastructureRoleArn = Role!.Arn!;
  await ecs.createCluster({ clusterName: "main" });
  await ecs.createCluster({ clusterName: "other" });
  await cloud.clock.sleep(60_000);
});
afterEach(() => cloud.close());

const template = (more: object = {}) => ({
  ec2InstanceProfileArn: "arn:aws:iam::123456789012:instance-profile/ecsInstanceRole",
  networkConfiguration: { subnets },
  ...more,
});
const create = (more: object = {}, launch: object = {}) =>
  ecs.createCapacityProvider({
    name: "mine",
    cluster: "main",
    managedInstancesProvider: { infrastructureRoleArn, instanceLaunchTemplate: template(launch) },
    ...more,
  });
const described = async () =>
  (await ecs.describeCapacityProviders({ capacityProviders: ["mine"], cluster: "main" }))
    .capacityProviders?.[0];
const put = (cluster: string) =>
  ecs.putClusterCapacityProviders({
    cluster,
    capacityProviders: ["mine"],
    defaultCapacityProviderStrategy: [],
  });

describe("a capacity provider of Managed Instances", () => {
  test("is available in its cluster, once it is ACTIVE", async () => {
    expect((await create()).capacityProvider).toMatchObject({
      status: "PROVISIONING",
      updateStatus: "CREATE_IN_PROGRESS",
      type: "MANAGED_INSTANCES",
      cluster: "main",
    });
    expect(await refusal(put("main"))).toContain("'mine' is not in an ACTIVE state");
    await cloud.clock.sleep(20_000);
    expect(await described()).toMatchObject({ status: "ACTIVE", updateStatus: "CREATE_COMPLETE" });
    const { clusters } = await ecs.describeClusters({ clusters: ["main"] });
    expect(clusters?.[0]?.capacityProviders).toEqual(["mine"]);
    expect(await refusal(put("other"))).toContain("Cannot associate Managed Instances capacity provider");
    expect(await refusal(create())).toContain("already exists");
    expect(await refusal(ecs.deleteCluster({ cluster: "main" }))).toContain(
      "ClusterContainsCapacityProviderException",
    );
  });

  test.each([
    ["without a cluster", { cluster: undefined }, {}, "A cluster must be specified"],
    ["in a cluster that does not exist", { cluster: "missing" }, {}, "ClusterNotFoundException"],
    ["without subnets", {}, { networkConfiguration: {} }, "subnets can not be empty"],
    [
      "without the number of vCPUs",
      {},
      { instanceRequirements: { memoryMiB: { min: 1 } } },
      "vCpuCount and memoryMiB",
    ],
    [
      "with types that are allowed and others that are not",
      {},
      {
        instanceRequirements: {
          vCpuCount: { min: 1 },
          memoryMiB: { min: 1 },
          allowedInstanceTypes: ["m5.large"],
          excludedInstanceTypes: ["t3.*"],
        },
      },
      "both allowedInstanceTypes and excludedInstanceTypes",
    ],
    ["with a name that ECS reserves", { name: "ecs-mine" }, {}, "name is not valid"],
  ])("%s is refused", async (_, more, launch, text) => {
    expect(await refusal(create(more, launch))).toContain(text);
  });

  test("is refused with a role that does not exist", async () => {
    infrastructureRoleArn = "arn:aws:iam::123456789012:role/missing";
    expect(await refusal(create())).toContain("ECS was unable to assume the role");
  });

  test("is updated and deleted in its cluster only, and one change after another", async () => {
    await create();
    const update = (cluster?: string) =>
      ecs.updateCapacityProvider({
        name: "mine",
        cluster,
        managedInstancesProvider: {
          infrastructureRoleArn,
          instanceLaunchTemplate: { monitoring: "DETAILED" },
        },
      });
    expect(await refusal(update("main"))).toContain("UpdateInProgressException");
    await cloud.clock.sleep(20_000);
    expect(await refusal(update())).toContain("A cluster must be specified");
    expect(await refusal(update("other"))).toContain("does not exist");
    await update("main");
    await cloud.clock.sleep(20_000);
    // What the update does not name stays.
    expect((await described())?.managedInstancesProvider?.instanceLaunchTemplate).toMatchObject({
      monitoring: "DETAILED",
      networkConfiguration: { subnets },
    });
    expect(await refusal(ecs.deleteCapacityProvider({ capacityProvider: "mine" }))).toContain(
      "A cluster must",
    );
    await ecs.deleteCapacityProvider({ capacityProvider: "mine", cluster: "main" });
    expect(await described()).toMatchObject({ status: "DEPROVISIONING", updateStatus: "DELETE_IN_PROGRESS" });
    await cloud.clock.sleep(30_000);
    expect(await described()).toBeUndefined();
    await ecs.deleteCluster({ cluster: "main" });
  });

  test("takes only task definitions for Managed Instances, without a placement strategy", async () => {
    await create();
    await cloud.clock.sleep(20_000);
    const container = { name: "app", image: "app:1", memory: 64 };
    await ecs.registerTaskDefinition({
      family: "plain",
      networkMode: "host",
      containerDefinitions: [container],
    });
    await ecs.registerTaskDefinition({
      family: "managed",
      networkMode: "host",
      requiresCompatibilities: ["MANAGED_INSTANCES"],
      containerDefinitions: [container],
    });
    const service = (taskDefinition: string, more: object = {}) =>
      ecs.createService({
        cluster: "main",
        serviceName: "app",
        desiredCount: 1,
        taskDefinition,
        capacityProviderStrategy: [{ capacityProvider: "mine", weight: 1 }],
        ...more,
      });
    expect(await refusal(service("plain"))).toContain("does not support launch_type MANAGED_INSTANCES");
    expect(await refusal(service("managed", { placementStrategy: [{ type: "random" }] }))).toContain(
      "Placement strategies are not supported",
    );
    await service("managed");
    const { capacityProvider } = await ecs.deleteCapacityProvider({
      capacityProvider: "mine",
      cluster: "main",
    });
    expect(capacityProvider?.updateStatus).toBe("DELETE_FAILED");
    expect(capacityProvider?.updateStatusReason).toContain("in use");
  });
});

test.each([
  ["bridge", { networkMode: "bridge" as const }],
  ["an IPC mode", { ipcMode: "task" as const }],
  ["a directory of the host", { volumes: [{ name: "v", host: { sourcePath: "/srv" } }] }],
])("a task definition for Managed Instances with %s is refused", async (_, more) => {
  const register = ecs.registerTaskDefinition({
    family: "app",
    networkMode: "awsvpc",
    requiresCompatibilities: ["MANAGED_INSTANCES"],
    containerDefinitions: [{ name: "app", image: "app:1", memory: 64 }],
    ...more,
  });
  expect(await refusal(register)).toContain("Managed Instances");
});
