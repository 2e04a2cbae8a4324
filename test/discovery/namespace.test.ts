import { ListServicesByNamespaceCommand } from "@aws-sdk/client-ecs";
import {
  CreateHttpNamespaceCommand,
  DeleteNamespaceCommand,
  DuplicateRequest,
  GetOperationCommand,
  ListNamespacesCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ResourceInUse,
} from "@aws-sdk/client-servicediscovery";
import { expect, test } from "vitest";
import { namespaceKind } from "../../src/discovery/namespace.js";
import { mockAws, TAG_LIST, TAGS } from "../aws/mock-aws.js";

const { awsContext, ecs, serviceDiscovery, writes } = mockAws();

const ARN = "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1";
const SUMMARY = { Id: "ns-1", Arn: ARN, Name: "conference", Type: "HTTP" as const };
const desired = { namespaceName: "conference", tags: TAGS };
const state = { id: "ns-1", arn: ARN, namespaceName: "conference" };
const error = { $metadata: {}, message: "no" };

const exists = (): void => {
  serviceDiscovery.on(ListNamespacesCommand).resolves({ Namespaces: [SUMMARY] });
  serviceDiscovery.on(ListTagsForResourceCommand).resolves({ Tags: TAG_LIST });
};

test("a namespace is found by its name, also where the endpoint does not filter, with its tags", async () => {
  const context = await awsContext();
  const others = [
    { ...SUMMARY, Id: "ns-0", Name: "conference.local" },
    { ...SUMMARY, Id: "ns-2", Arn: "dns", Type: "DNS_PRIVATE" as const },
  ];
  serviceDiscovery.on(ListNamespacesCommand).resolves({ Namespaces: [...others, SUMMARY] });
  serviceDiscovery.on(ListTagsForResourceCommand, { ResourceARN: ARN }).resolves({ Tags: TAG_LIST });
  expect(await namespaceKind.read(desired, context)).toEqual({
    state,
    current: { namespaceName: "conference" },
    tags: TAGS,
  });
  serviceDiscovery.on(ListNamespacesCommand).resolves({ Namespaces: [others[0]!] });
  expect(await namespaceKind.read(desired, context)).toBeUndefined();
});

test("a namespace is created by an operation, whose result is waited for", async () => {
  const context = await awsContext();
  exists();
  serviceDiscovery.on(CreateHttpNamespaceCommand).resolves({ OperationId: "op-1" });
  serviceDiscovery
    .on(GetOperationCommand, { OperationId: "op-1" })
    .resolvesOnce({ Operation: { Status: "SUBMITTED" } })
    .resolvesOnce({ Operation: { Status: "PENDING" } })
    .resolves({ Operation: { Status: "SUCCESS", Targets: { NAMESPACE: "ns-1" } } });
  expect(await namespaceKind.create!(desired, context)).toEqual(state);
  expect(writes()).toEqual([
    [
      "CreateHttpNamespace",
      { Name: "conference", CreatorRequestId: expect.any(String) as unknown, Tags: TAG_LIST },
    ],
  ]);
});

test("an operation that fails says Cloud Map's own reason", async () => {
  const context = await awsContext();
  serviceDiscovery.on(CreateHttpNamespaceCommand).resolves({ OperationId: "op-1" });
  serviceDiscovery
    .on(GetOperationCommand)
    .resolves({ Operation: { Status: "FAIL", ErrorCode: "ACCESS_DENIED", ErrorMessage: "no way" } });
  await expect(namespaceKind.create!(desired, context)).rejects.toMatchObject({
    code: "namespace-failed",
    message:
      "AWS Cloud Map did not finish the operation: it waited for namespace conference to be created, and got ACCESS_DENIED: no way",
  });
});

test("a namespace that another run is creating is waited for, and is one that exists", async () => {
  const context = await awsContext();
  serviceDiscovery.on(CreateHttpNamespaceCommand).rejects(new DuplicateRequest(error));
  serviceDiscovery
    .on(ListNamespacesCommand)
    .resolvesOnce({ Namespaces: [] })
    .resolves({ Namespaces: [SUMMARY] });
  const refused: unknown = await namespaceKind.create!(desired, context).catch((caught: unknown) => caught);
  expect(namespaceKind.alreadyExists!(refused)).toBe(true);
});

test("a namespace is deleted once ECS has deleted the names in it", async () => {
  const context = await awsContext();
  serviceDiscovery
    .on(DeleteNamespaceCommand)
    .rejectsOnce(new ResourceInUse(error))
    .resolves({ OperationId: "op-2" });
  serviceDiscovery.on(ListServicesCommand).resolves({ Services: [{ Name: "talk" }] });
  serviceDiscovery.on(GetOperationCommand).resolves({ Operation: { Status: "SUCCESS" } });
  serviceDiscovery.on(ListNamespacesCommand).resolves({ Namespaces: [] });
  await namespaceKind.delete!(state, context);
  expect(writes().map(([operation]) => operation)).toEqual(["DeleteNamespace", "DeleteNamespace"]);
});

test("its users are the ECS services in it, and the Cloud Map services that are not those of ECS", async () => {
  const context = await awsContext();
  const found = { name: "conference", state, tags: TAGS };
  const pending = { has: (kind: string, name: string) => `${kind} ${name}` === "service main/leaving" };
  const service = (name: string) => `arn:aws:ecs:eu-west-1:123456789012:service/main/${name}`;
  ecs.on(ListServicesByNamespaceCommand).resolves({ serviceArns: [service("leaving"), service("talk")] });
  serviceDiscovery.on(ListServicesCommand).resolves({ Services: [{ Name: "talk", Arn: "arn:talk" }] });
  serviceDiscovery.on(ListTagsForResourceCommand).resolves({ Tags: [] });
  expect(await namespaceKind.usedBy!(found, pending, context)).toEqual(["service talk in main"]);
  ecs.on(ListServicesByNamespaceCommand).resolves({ serviceArns: [service("leaving")] });
  expect(await namespaceKind.usedBy!(found, pending, context)).toEqual(["Cloud Map service talk"]);
  serviceDiscovery
    .on(ListTagsForResourceCommand)
    .resolves({ Tags: [{ Key: "AmazonECSManaged", Value: "true" }] });
  expect(await namespaceKind.usedBy!(found, pending, context)).toEqual([]);
});

test("an owner's namespace is the one of its name, with the owner's tag", async () => {
  const context = await awsContext();
  exists();
  expect(await namespaceKind.findOwned!("namespace/conference", context)).toEqual([]);
  const Tags = [{ Key: "quayside:owner", Value: "namespace/conference" }];
  serviceDiscovery.on(ListTagsForResourceCommand).resolves({ Tags });
  expect(await namespaceKind.findOwned!("namespace/conference", context)).toMatchObject([{ state }]);
  expect(await namespaceKind.findOwned!("deployment/conference", context)).toEqual([]);
});
