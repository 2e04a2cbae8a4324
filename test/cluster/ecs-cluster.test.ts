import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListServicesCommand,
  ListTasksCommand,
  type Cluster,
} from "@aws-sdk/client-ecs";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { describe, expect, it } from "vitest";
import { ecsClusterKind } from "../../src/cluster/ecs-cluster.js";
import { diff } from "../../src/engine/diff.js";
import { sdkError, mockAws, mockedContext, sent } from "../aws/mock-aws.js";

const { ecs, scheduler } = mockAws();

const tags = { "quayside:owner": "cluster/web" };
const desired = { clusterName: "web", capacityProviders: ["FARGATE"], tags };
const state = { arn: "arn:cluster/web", clusterName: "web" };
const described = (cluster: Partial<Cluster>) => ({
  clusters: [
    {
      clusterName: "web",
      clusterArn: "arn:cluster/web",
      status: "ACTIVE",
      tags: [{ key: "quayside:owner", value: "cluster/web" }],
      ...cluster,
    },
  ],
});
const nobody = { has: () => false };

describe("a cluster", () => {
  it("is created with its tags and capacity providers", async () => {
    const { context } = await mockedContext();
    ecs.on(CreateClusterCommand).resolves({ cluster: { clusterArn: "arn:cluster/web" } });
    expect(await ecsClusterKind.create!(desired, context)).toEqual(state);
    await ecsClusterKind.create!({ ...desired, capacityProviders: [] }, context);
    const ownTags = [{ key: "quayside:owner", value: "cluster/web" }];
    expect(sent(ecs)).toEqual([
      ["CreateCluster", { clusterName: "web", capacityProviders: ["FARGATE"], tags: ownTags }],
      ["CreateCluster", { clusterName: "web", tags: ownTags }],
    ]);
  });

  it("waits while AWS makes the account's service-linked role", async () => {
    const { context, events } = await mockedContext();
    const message =
      "Unable to assume the service linked role. Please verify that the ECS service linked role exists.";
    ecs
      .on(CreateClusterCommand)
      .rejectsOnce(sdkError("InvalidParameterException", message))
      .resolves({ cluster: { clusterArn: "arn:cluster/web" } });
    expect(await ecsClusterKind.create!(desired, context)).toEqual(state);
    expect(events).toMatchObject([{ why: "AWS is creating the service-linked role of this account" }]);
  });

  it("that is INACTIVE or MISSING does not exist", async () => {
    const { context } = await mockedContext();
    ecs
      .on(DescribeClustersCommand)
      .resolvesOnce(described({ status: "INACTIVE" }))
      .resolves({ clusters: [], failures: [{ arn: "web", reason: "MISSING" }] });
    expect(await ecsClusterKind.read(desired, context)).toBeUndefined();
    expect(await ecsClusterKind.read(desired, context)).toBeUndefined();
  });

  it("keeps the capacity providers that it has besides the described ones", async () => {
    const { context } = await mockedContext();
    const strategy = [{ capacityProvider: "theirs", weight: 1 }];
    ecs
      .on(DescribeClustersCommand)
      .resolves(described({ capacityProviders: ["theirs"], defaultCapacityProviderStrategy: strategy }));
    const observed = (await ecsClusterKind.read(desired, context))!;
    const changes = diff(desired, observed.current);
    expect(changes.map(({ path }) => path)).toEqual(["capacityProviders.0"]);
    await ecsClusterKind.update!(desired, observed, changes, context);
    expect(sent(ecs).at(-1)).toEqual([
      "PutClusterCapacityProviders",
      {
        cluster: "web",
        capacityProviders: ["theirs", "FARGATE"],
        defaultCapacityProviderStrategy: strategy,
      },
    ]);
  });

  it("is ready when it is ACTIVE and its capacity providers are attached", async () => {
    const { context, clock } = await mockedContext();
    ecs
      .on(DescribeClustersCommand)
      .resolvesOnce({ clusters: [] })
      .resolvesOnce(described({ status: "PROVISIONING" }))
      .resolvesOnce(described({ attachmentsStatus: "UPDATE_IN_PROGRESS" }))
      .resolves(described({ attachmentsStatus: "UPDATE_COMPLETE" }));
    const began = clock.now();
    expect(await ecsClusterKind.ready!(state, desired, context)).toEqual(state);
    expect((clock.now() - began) / 1000).toBe(15);
  });

  it("whose attachments fail is an error with AWS's reason", async () => {
    const { context } = await mockedContext();
    const details = [{ name: "statusReason", value: "the group is gone" }];
    ecs
      .on(DescribeClustersCommand)
      .resolves(described({ attachmentsStatus: "UPDATE_FAILED", attachments: [{ details }] }));
    await expect(ecsClusterKind.ready!(state, desired, context)).rejects.toMatchObject({
      code: "cluster-failed",
      message: "Cluster web cannot be used: the group is gone",
    });
  });

  it("is used by services that stay, by tasks of no service and by schedules, in this cluster alone", async () => {
    const { context } = await mockedContext();
    const service = (serviceName: string, more = {}) => ({
      serviceName,
      clusterArn: "arn:cluster/web",
      status: "ACTIVE",
      ...more,
    });
    const task = (id: string, more = {}) => ({
      taskArn: `arn:task/web/${id}`,
      clusterArn: "arn:cluster/web",
      lastStatus: "RUNNING",
      group: "family:job",
      ...more,
    });
    scheduler.on(ListSchedulesCommand).resolves({
      Schedules: [
        { Name: "nightly", Target: { Arn: "arn:cluster/web" } },
        { Name: "elsewhere", Target: { Arn: "arn:cluster/my-web" } },
      ],
    });
    ecs.on(ListServicesCommand).resolves({
      serviceArns: ["leaving", "staying", "gone", "elsewhere"].map((name) => `arn:service/web/${name}`),
    });
    ecs.on(DescribeServicesCommand).resolves({
      services: [
        service("leaving"),
        service("staying"),
        service("gone", { status: "INACTIVE" }),
        service("elsewhere", { clusterArn: "arn:cluster/my-web" }),
      ],
    });
    ecs.on(ListTasksCommand).resolves({ taskArns: ["1", "2"] });
    ecs
      .on(DescribeTasksCommand)
      .resolves({ tasks: [task("job"), task("web", { group: "service:staying" })] });
    const leaving = { has: (kind: string, name: string) => kind === "service" && name === "leaving" };
    const found = { name: "web", state, tags };
    expect(await ecsClusterKind.usedBy!(found, leaving, context)).toEqual([
      "service staying",
      "task job",
      "schedule nightly",
    ]);
  });

  it("that is not used has no users", async () => {
    const { context } = await mockedContext();
    scheduler.on(ListSchedulesCommand).resolves({});
    ecs.on(ListServicesCommand).resolves({});
    ecs.on(ListTasksCommand).resolves({});
    expect(await ecsClusterKind.usedBy!({ name: "web", state, tags }, nobody, context)).toEqual([]);
  });

  it("is deleted after its leftover instances, when ECS has noticed that it is empty", async () => {
    const { context, events } = await mockedContext();
    ecs
      .on(DescribeClustersCommand)
      .resolvesOnce(described({}))
      .resolvesOnce(described({ status: "DEPROVISIONING" }))
      .resolves(described({ status: "INACTIVE" }));
    ecs.on(ListContainerInstancesCommand).resolves({ containerInstanceArns: ["arn:ci"] });
    ecs
      .on(DescribeContainerInstancesCommand)
      .resolves({ containerInstances: [{ containerInstanceArn: "arn:ci" }] });
    ecs.on(DeleteClusterCommand).rejectsOnce(sdkError("ClusterContainsServicesException")).resolves({});
    await ecsClusterKind.delete!(state, context);
    expect(sent(ecs).filter(([command]) => /^De(lete|register)/.test(command))).toEqual([
      ["DeregisterContainerInstance", { cluster: "web", containerInstance: "arn:ci", force: true }],
      ["DeleteCluster", { cluster: "web" }],
      ["DeleteCluster", { cluster: "web" }],
    ]);
    expect(events).toMatchObject([{ type: "retrying", why: "services of the cluster are still draining" }]);
  });

  it("that no longer exists counts as deleted", async () => {
    const { context } = await mockedContext();
    const gone = sdkError("ClusterNotFoundException");
    ecs.on(ListContainerInstancesCommand).rejects(gone).on(DeleteClusterCommand).rejects(gone);
    await ecsClusterKind.delete!(state, context);
    expect(ecs.commandCalls(DescribeClustersCommand)).toEqual([]);
  });

  it("is found by its owner's name, and only when it carries the owner's tag", async () => {
    const { context } = await mockedContext();
    ecs
      .on(DescribeClustersCommand)
      .resolvesOnce(described({}))
      .resolves(described({ tags: [] }));
    expect(await ecsClusterKind.findOwned!("cluster/web", context)).toEqual([{ name: "web", state, tags }]);
    expect(await ecsClusterKind.findOwned!("cluster/web", context)).toEqual([]);
    expect(await ecsClusterKind.findOwned!("deployment/web", context)).toEqual([]);
  });
});
