import { DescribeTasksCommand } from "@aws-sdk/client-ecs";
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DeregisterInstanceCommand,
  GetOperationCommand,
  GetServiceCommand,
  ListInstancesCommand,
  ListNamespacesCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ResourceInUse,
  UpdateServiceCommand,
} from "@aws-sdk/client-servicediscovery";
import { expect, test } from "vitest";
import { discoveryServiceKind } from "../../src/discovery/discovery-service.js";
import { mockAws, TAG_LIST, TAGS } from "../aws/mock-aws.js";

const { awsContext, ecs, serviceDiscovery, tagging: _tagging, writes } = mockAws();

const ARN = "arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1";
const desired = {
  serviceName: "catalog",
  namespaceName: "shop.internal",
  namespaceId: "ns-1",
  records: "A" as const,
  ttl: 10,
  tags: TAGS,
};
const state = { id: "srv-1", arn: ARN, serviceName: "catalog", namespaceName: "shop.internal" };
const DnsConfig = { DnsRecords: [{ Type: "A" as const, TTL: 10 }] };
const error = { $metadata: {}, message: "no" };

test("a Cloud Map service is found by its name in the namespace, with its records and tags", async () => {
  const context = await awsContext();
  serviceDiscovery
    .on(ListServicesCommand)
    .resolves({ Services: [{ Id: "srv-1", Arn: ARN, Name: "Catalog", DnsConfig }] });
  serviceDiscovery.on(ListTagsForResourceCommand).resolves({ Tags: TAG_LIST });
  expect(await discoveryServiceKind.read(desired, context)).toEqual({
    state,
    current: {
      serviceName: "catalog",
      namespaceName: "shop.internal",
      namespaceId: "ns-1",
      records: "A",
      ttl: 10,
    },
    tags: TAGS,
  });
});

test("a Cloud Map service is created with records, and a health that ECS reports", async () => {
  const context = await awsContext();
  serviceDiscovery.on(CreateServiceCommand).resolves({ Service: { Id: "srv-1", Arn: ARN, Name: "catalog" } });
  expect(await discoveryServiceKind.create!(desired, context)).toEqual(state);
  expect(writes()).toEqual([
    [
      "CreateService",
      {
        Name: "catalog",
        NamespaceId: "ns-1",
        CreatorRequestId: expect.any(String) as unknown,
        DnsConfig: { RoutingPolicy: "MULTIVALUE", DnsRecords: [{ Type: "A", TTL: 10 }] },
        HealthCheckCustomConfig: { FailureThreshold: 1 },
        Tags: TAG_LIST,
      },
    ],
  ]);
});

test("another TTL is an operation, whose end is waited for", async () => {
  const context = await awsContext();
  serviceDiscovery.on(UpdateServiceCommand).resolves({ OperationId: "op-1" });
  serviceDiscovery
    .on(GetOperationCommand)
    .resolvesOnce({ Operation: { Status: "PENDING" } })
    .resolves({ Operation: { Status: "SUCCESS" } });
  const change = { path: "ttl", before: 10, after: 60 };
  await discoveryServiceKind.update!(
    { ...desired, ttl: 60 },
    { state, current: {}, tags: TAGS },
    [change],
    context,
  );
  expect(writes()).toEqual([
    ["UpdateService", { Id: "srv-1", Service: { DnsConfig: { DnsRecords: [{ Type: "A", TTL: 60 }] } } }],
  ]);
});

test("a Cloud Map service is deleted once its instances are deregistered; those that ECS has left are deregistered", async () => {
  const context = await awsContext();
  let left = ["stopped", "running", "of-another"];
  serviceDiscovery.on(DeleteServiceCommand).callsFake(() => {
    if (left.length > 0) throw new ResourceInUse(error);
    return {};
  });
  const attributes = { ECS_CLUSTER_NAME: "main" };
  serviceDiscovery.on(ListInstancesCommand).callsFake(() => ({
    Instances: left.map((Id) => ({ Id, Attributes: Id === "of-another" ? {} : attributes })),
  }));
  ecs
    .on(DescribeTasksCommand, { tasks: ["running"] })
    .resolves({ tasks: [{ lastStatus: "RUNNING" }] })
    .on(DescribeTasksCommand, { tasks: ["stopped"] })
    .resolves({ tasks: [], failures: [{ reason: "MISSING" }] });
  serviceDiscovery.on(DeregisterInstanceCommand).callsFake(() => {
    // The others leave by themselves.
    left = [];
    return { OperationId: "op-1" };
  });
  serviceDiscovery.on(GetOperationCommand).resolves({ Operation: { Status: "SUCCESS" } });
  await discoveryServiceKind.delete!(state, context);
  const deregistered = writes().filter(([operation]) => operation === "DeregisterInstance");
  expect(deregistered).toEqual([["DeregisterInstance", { ServiceId: "srv-1", InstanceId: "stopped" }]]);
  expect(writes().filter(([operation]) => operation === "DeleteService").length).toBeGreaterThan(20);
});

test("an owner's Cloud Map services have the names of their domains", async () => {
  const context = await awsContext();
  context.noteOwned("deployment/catalog", { arn: ARN, tags: TAGS });
  serviceDiscovery
    .on(GetServiceCommand)
    .resolves({ Service: { Id: "srv-1", Arn: ARN, Name: "catalog", NamespaceId: "ns-1" } });
  serviceDiscovery
    .on(ListNamespacesCommand)
    .resolves({ Namespaces: [{ Id: "ns-1", Name: "shop.internal" }] });
  expect(await discoveryServiceKind.findOwned!("deployment/catalog", context)).toMatchObject([
    { name: "catalog.shop.internal", state },
  ]);
});
