import { DescribeAutoScalingGroupsCommand, SetInstanceProtectionCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateCapacityProviderCommand,
  DeleteCapacityProviderCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  PutClusterCapacityProvidersCommand,
  UpdateCapacityProviderCommand,
  type CapacityProvider,
  type Cluster,
} from "@aws-sdk/client-ecs";
import { beforeEach, describe, expect, it } from "vitest";
import { capacityProviderKind } from "../../src/cluster/capacity-provider.js";
import { clusterCapacityProviderKind } from "../../src/cluster/cluster-capacity-provider.js";
import { diff } from "../../src/engine/diff.js";
import { mockAws, mockedContext, sdkError } from "../aws/mock-aws.js";

const { ecs, autoScaling, writes } = mockAws();

beforeEach(() => {
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
});

const OWNER = "cluster/web";
const tags = { "quayside:owner": OWNER };
const nobody = { has: () => false };

describe("a capacity provider", () => {
  const managed = {
    name: "web-capacity",
    groupArn: "arn:group",
    targetCapacity: 90,
    terminationProtection: true,
    tags,
  };
  const drainsOnly = { ...managed, targetCapacity: undefined, terminationProtection: false };
  const state = { arn: "arn:provider", name: "web-capacity" };
  const settings = {
    managedScaling: { status: "ENABLED", targetCapacity: 90 },
    managedTerminationProtection: "ENABLED",
    managedDraining: "ENABLED",
  } as const;
  const drains = {
    managedScaling: { status: "DISABLED" },
    managedTerminationProtection: "DISABLED",
    managedDraining: "ENABLED",
  } as const;
  const described: CapacityProvider = {
    capacityProviderArn: "arn:provider",
    name: "web-capacity",
    status: "ACTIVE",
    updateStatus: "CREATE_COMPLETE",
    autoScalingGroupProvider: {
      autoScalingGroupArn: "arn:group",
      ...settings,
      managedScaling: {
        ...settings.managedScaling,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 10_000,
        instanceWarmupPeriod: 300,
      },
    },
    tags: [{ key: "quayside:owner", value: OWNER }],
  };
  const there = (part: Partial<CapacityProvider> = {}) =>
    ecs.on(DescribeCapacityProvidersCommand).resolves({ capacityProviders: [{ ...described, ...part }] });

  it("scales, protects and drains, or with steps drains only", async () => {
    const { context } = await mockedContext();
    ecs
      .on(CreateCapacityProviderCommand)
      .rejectsOnce(
        sdkError(
          "ClientException",
          "…the Auto Scaling group must have instance protection from scale in enabled.",
        ),
      )
      .resolves({ capacityProvider: described });
    // The answer says that it can be used: nothing is waited for.
    expect(await capacityProviderKind.create!(managed, context)).toEqual({ ...state, isActive: true });
    await capacityProviderKind.create!(drainsOnly, context);
    const create = (given: object) => [
      "CreateCapacityProvider",
      {
        name: "web-capacity",
        autoScalingGroupProvider: { autoScalingGroupArn: "arn:group", ...given },
        tags: [{ key: "quayside:owner", value: OWNER }],
      },
    ];
    expect(writes()).toEqual([create(settings), create(settings), create(drains)]);
  });

  it("is read without what AWS fills in; one that is INACTIVE does not exist", async () => {
    const { context } = await mockedContext();
    there();
    const observed = await capacityProviderKind.read(managed, context);
    expect(diff(managed, observed!.current)).toEqual([]);
    expect(observed).toMatchObject({ state, tags });
    expect(diff(drainsOnly, observed!.current).map(({ path }) => path)).toEqual([
      "targetCapacity",
      "terminationProtection",
    ]);
    there({ status: "INACTIVE" });
    expect(await capacityProviderKind.read(managed, context)).toBeUndefined();
  });

  it("is updated once it is not busy, and ready once its update is complete", async () => {
    const { context } = await mockedContext();
    ecs.on(UpdateCapacityProviderCommand).rejectsOnce(sdkError("UpdateInProgressException")).resolves({});
    const changes = [{ path: "targetCapacity", before: 90, after: undefined }];
    await capacityProviderKind.update!(drainsOnly, { state, current: {}, tags }, changes, context);
    const update = ["UpdateCapacityProvider", { name: "web-capacity", autoScalingGroupProvider: drains }];
    expect(writes()).toEqual([update, update]);
    ecs
      .on(DescribeCapacityProvidersCommand)
      .resolvesOnce({ capacityProviders: [{ ...described, updateStatus: "UPDATE_IN_PROGRESS" }] })
      .resolves({ capacityProviders: [{ ...described, updateStatus: "UPDATE_COMPLETE" }] });
    await capacityProviderKind.ready!(state, drainsOnly, context);
    there({ updateStatus: "UPDATE_FAILED", updateStatusReason: "no such group" });
    await expect(capacityProviderKind.ready!(state, drainsOnly, context)).rejects.toMatchObject({
      code: "capacity-provider-failed",
      message: expect.stringContaining("no such group"),
    });
  });

  it("is deleted once it is removed from the cluster, and until AWS no longer returns it", async () => {
    const { context } = await mockedContext();
    ecs
      .on(DescribeCapacityProvidersCommand)
      .resolvesOnce({ capacityProviders: [{ ...described, updateStatus: "DELETE_IN_PROGRESS" }] })
      .resolves({ capacityProviders: [] });
    ecs
      .on(DeleteCapacityProviderCommand)
      .rejectsOnce(sdkError("UpdateInProgressException"))
      .resolvesOnce({ capacityProvider: { ...described, updateStatus: "DELETE_IN_PROGRESS" } })
      .rejects(sdkError("ClientException", "The specified capacity provider does not exist."));
    await capacityProviderKind.delete!(state, context);
    // Once more: it is gone.
    await capacityProviderKind.delete!(state, context);
    const input = ["DeleteCapacityProvider", { capacityProvider: "web-capacity" }];
    expect(writes()).toEqual([input, input, input]);
  });

  const updateStatusReason =
    "The capacity provider cannot be deleted because it is associated with cluster: web. Remove the capacity provider from the cluster and try again.";
  const refused: CapacityProvider = { ...described, updateStatus: "DELETE_FAILED" };

  it("that AWS does not delete while it is associated is deleted again", async () => {
    const { context } = await mockedContext();
    ecs
      .on(DescribeCapacityProvidersCommand)
      .resolvesOnce({ capacityProviders: [refused] })
      .resolvesOnce({ capacityProviders: [{ ...described, updateStatus: "DELETE_IN_PROGRESS" }] })
      .resolves({ capacityProviders: [] });
    // The reason may be only in the answer.
    ecs
      .on(DeleteCapacityProviderCommand)
      .resolvesOnce({ capacityProvider: { ...refused, updateStatusReason } })
      .resolves({ capacityProvider: { ...described, updateStatus: "DELETE_IN_PROGRESS" } });
    await capacityProviderKind.delete!(state, context);
    expect(writes()).toHaveLength(2);
  });

  it.each([
    ["it stays associated for ten minutes", updateStatusReason, 10],
    ["there is another reason", "The Auto Scaling group is being deleted.", 0],
  ])("is not deleted, with AWS's reason, if %s", async (_, reason, minutes) => {
    const { context, clock } = await mockedContext();
    there({ updateStatus: "DELETE_FAILED" });
    ecs
      .on(DeleteCapacityProviderCommand)
      .resolves({ capacityProvider: { ...refused, updateStatusReason: reason } });
    const began = clock.now();
    await expect(capacityProviderKind.delete!(state, context)).rejects.toMatchObject({
      code: "capacity-provider-failed",
      message: `Capacity provider web-capacity cannot be used: DELETE_FAILED, ${reason}`,
    });
    expect(Math.floor((clock.now() - began) / 60_000)).toBe(minutes);
  });

  it("that could not be deleted is as usable as before", async () => {
    const { context } = await mockedContext();
    there({ updateStatus: "DELETE_FAILED", updateStatusReason });
    expect(await capacityProviderKind.ready!(state, managed, context)).toBe(state);
  });

  it("is found by its name and its owner's tag", async () => {
    const { context } = await mockedContext();
    there();
    expect(await capacityProviderKind.findOwned!(OWNER, context)).toEqual([
      { name: "web-capacity", state, tags },
    ]);
    there({ tags: [] });
    expect(await capacityProviderKind.findOwned!(OWNER, context)).toEqual([]);
    expect(await capacityProviderKind.findOwned!("deployment/web/talk", context)).toEqual([]);
  });

  it("is held by the services that use it and stay", async () => {
    const { context } = await mockedContext();
    const strategy = [{ capacityProvider: "web-capacity", weight: 1 }];
    ecs.on(ListServicesCommand).resolves({
      serviceArns: ["talk", "leaving", "speaker", "gone"].map((name) => `arn:service/web/${name}`),
    });
    ecs.on(DescribeServicesCommand).resolves({
      services: [
        { serviceName: "talk", status: "ACTIVE", capacityProviderStrategy: strategy },
        { serviceName: "leaving", status: "ACTIVE", capacityProviderStrategy: strategy },
        { serviceName: "speaker", status: "ACTIVE", launchType: "EC2" },
        { serviceName: "gone", status: "INACTIVE", capacityProviderStrategy: strategy },
      ],
    });
    const leaving = { has: (_kind: string, name: string) => name === "leaving" };
    const found = { name: "web-capacity", state, tags };
    expect(await capacityProviderKind.blockedBy!(found, leaving, context)).toEqual(["service talk"]);
  });
});

describe("a cluster's capacity provider", () => {
  const desired = { clusterName: "web", capacityProvider: "web-capacity", tags };
  const state = { clusterName: "web", capacityProvider: "web-capacity" };
  const cluster = (part: Partial<Cluster>) => ({
    clusters: [{ clusterName: "web", status: "ACTIVE", attachmentsStatus: "UPDATE_COMPLETE", ...part }],
  });
  const theirs = [{ capacityProvider: "theirs", weight: 1 }];

  it("is added to what the cluster has; its default strategy stays", async () => {
    const { context } = await mockedContext();
    ecs
      .on(DescribeClustersCommand)
      .resolves(cluster({ capacityProviders: ["theirs"], defaultCapacityProviderStrategy: theirs }));
    ecs
      .on(PutClusterCapacityProvidersCommand)
      .rejectsOnce(sdkError("UpdateInProgressException"))
      .resolves({});
    expect(await clusterCapacityProviderKind.create!(desired, context)).toEqual(state);
    const input = {
      cluster: "web",
      capacityProviders: ["theirs", "web-capacity"],
      defaultCapacityProviderStrategy: theirs,
    };
    expect(writes()).toEqual([
      ["PutClusterCapacityProviders", input],
      ["PutClusterCapacityProviders", input],
    ]);
  });

  it("protects the instances that run already: ECS may never drain them", async () => {
    const { context } = await mockedContext();
    const instance = (InstanceId: string, LifecycleState: "InService" | "Pending" = "InService") => ({
      InstanceId,
      LifecycleState,
      ProtectedFromScaleIn: false,
      AvailabilityZone: "a",
      HealthStatus: "Healthy",
    });
    const group = (...Instances: ReturnType<typeof instance>[]) => ({
      AutoScalingGroups: [{ Instances }] as never[],
    });
    ecs.on(DescribeClustersCommand).resolves(cluster({}));
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolvesOnce(group(instance("i-1"), instance("i-2"), instance("i-3", "Pending")))
      .resolves(group(instance("i-1")));
    autoScaling
      .on(SetInstanceProtectionCommand)
      .rejectsOnce(sdkError("ValidationError", "The instance i-2 is not part of Auto Scaling group"))
      .resolves({});
    await clusterCapacityProviderKind.create!(desired, context);
    const protect = (...InstanceIds: string[]) => [
      "SetInstanceProtection",
      { AutoScalingGroupName: "web-instances", InstanceIds, ProtectedFromScaleIn: true },
    ];
    expect(writes().slice(0, 2)).toEqual([protect("i-1", "i-2"), protect("i-1")]);
  });

  it("is read where the cluster has it, and ready once ECS has taken it", async () => {
    const { context } = await mockedContext();
    ecs.on(DescribeClustersCommand).resolves(cluster({ capacityProviders: ["theirs"] }));
    expect(await clusterCapacityProviderKind.read(desired, context)).toBeUndefined();
    expect(await clusterCapacityProviderKind.findOwned!(OWNER, context)).toEqual([]);
    const taken = { capacityProviders: ["theirs", "web-capacity"] };
    ecs
      .on(DescribeClustersCommand)
      .resolvesOnce(cluster({ ...taken, attachmentsStatus: "UPDATE_IN_PROGRESS" }))
      .resolves(cluster(taken));
    await clusterCapacityProviderKind.ready!(state, desired, context);
    const observed = await clusterCapacityProviderKind.read(desired, context);
    expect(diff(desired, observed!.current)).toEqual([]);
    expect(await clusterCapacityProviderKind.findOwned!(OWNER, context)).toEqual([
      { name: "web/web-capacity", state, tags },
    ]);
    const details = [{ name: "statusReason", value: "no role" }];
    ecs
      .on(DescribeClustersCommand)
      .resolves(cluster({ ...taken, attachmentsStatus: "UPDATE_FAILED", attachments: [{ details }] }));
    await expect(clusterCapacityProviderKind.ready!(state, desired, context)).rejects.toMatchObject({
      code: "cluster-failed",
      message: expect.stringContaining("no role"),
    });
  });

  it("is taken off, once no draining task uses it, and only it; once more does no harm", async () => {
    const { context } = await mockedContext();
    const strategy = [...theirs, { capacityProvider: "web-capacity", weight: 1 }];
    const both = cluster({
      capacityProviders: ["theirs", "web-capacity"],
      defaultCapacityProviderStrategy: strategy,
    });
    ecs
      .on(DescribeClustersCommand)
      .resolvesOnce(both)
      .resolvesOnce(both)
      .resolves(cluster({ capacityProviders: ["theirs"] }));
    ecs.on(PutClusterCapacityProvidersCommand).rejectsOnce(sdkError("ResourceInUseException")).resolves({});
    await clusterCapacityProviderKind.delete!(state, context, nobody);
    await clusterCapacityProviderKind.delete!(state, context, nobody);
    const input = {
      cluster: "web",
      capacityProviders: ["theirs"],
      defaultCapacityProviderStrategy: theirs,
    };
    expect(writes()).toEqual([
      ["PutClusterCapacityProviders", input],
      ["PutClusterCapacityProviders", input],
    ]);
  });
});
