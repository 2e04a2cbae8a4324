import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, type CompleteDeployment, type ConnectOptions } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> =>
  (cloud = await sharedAccount(options));

const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });

const member = (name: string, options: ConnectOptions | undefined, cluster = fargate): CompleteDeployment => {
  const base = new Deployment(name)
    .image(`${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .service({ desired: 1 })
    .cluster(cluster)
    .on(cloud);
  return (options === undefined ? base : base.connect(options)) as CompleteDeployment;
};
const orders = (cluster = fargate) => member("orders", { namespace: "shop", as: "orders", port: 8080 }, cluster);
const front = (cluster = fargate) => member("front", { namespace: "shop" }, cluster);

const service = (name: string) => cloud.account.ecs.clusters.get("conference")!.services.get(name)!;
/** The names that the tasks of a service know. */
const known = (name: string): string[] =>
  service(name)
    .rollouts[0]!.connect!.known.map(({ dnsName, port }) => `${dnsName}:${port}`)
    .sort();
const namespaces = () => cloud.state().namespaces;

test("a service gets a name in a namespace, a second plan is empty, and a destroy leaves nothing", async () => {
  await start();
  const pristine = comparable(cloud);
  await orders().deploy();
  expect(namespaces()).toEqual([
    {
      name: "shop",
      type: "HTTP",
      services: ["orders"],
      tags: expect.objectContaining({ "quayside:owner": "namespace/shop" }) as unknown,
    },
  ]);
  const { deployments = [] } = service("orders").description;
  expect(deployments[0]!.serviceConnectConfiguration).toMatchObject({
    enabled: true,
    services: [
      { portName: "orders", discoveryName: "orders", clientAliases: [{ port: 8080, dnsName: "orders" }] },
    ],
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "orders" } },
  });
  expect((await orders().plan()).toString()).toMatch(/^Plan: nothing to change/);

  await tagsKnown(cloud);
  expect((await orders().destroy()).kept).toEqual([]);
  expect(namespaces()).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test.each([
  ["on Fargate", () => fargate],
  ["on instances", () => ec2],
])("members of a fleet know each other's names from the first deploy, %s", async (_, cluster) => {
  await start();
  const pristine = comparable(cloud);
  const stock = member("stock", { namespace: "shop", as: "stock", port: 9090, containerPort: 8080 }, cluster());
  const fleet = new Fleet(front(cluster()), orders(cluster()), stock);
  await fleet.deploy();
  for (const name of ["front", "orders", "stock"])
    expect(known(name), name).toEqual(["orders:8080", "stock:9090"]);
  expect((await fleet.plan()).toString()).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  expect((await fleet.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a client that was deployed before a name existed learns it with its next deploy", async () => {
  await start();
  await front().deploy();
  await orders().deploy();
  expect(known("front")).toEqual([]);
  const plan = await front().plan();
  expect(plan.toString()).toContain("all names but orders");
  await front().deploy();
  expect(known("front")).toEqual(["orders:8080"]);
  expect((await front().plan()).isEmpty).toBe(true);
});

test("a namespace stays until its last user is destroyed", async () => {
  await start();
  await new Fleet(front(), orders()).deploy();
  await tagsKnown(cloud);
  const { kept } = await orders().destroy();
  expect(kept.map(({ resource, name, why }) => [resource, name, why])).toContainEqual([
    "namespace",
    "shop",
    expect.stringContaining("service front in conference"),
  ]);
  await cloud.advance("1m");
  expect(namespaces()[0]!.services).toEqual([]);
  await tagsKnown(cloud);
  await front().destroy();
  expect(namespaces()).toEqual([]);
});

test("a namespace that is not quayside's is used as it is, and stays", async () => {
  await start();
  const { OperationId } = await cloud.ports.serviceDiscovery.createHttpNamespace({ Name: "shop" });
  await cloud.clock.sleep(60_000);
  expect((await cloud.ports.serviceDiscovery.getOperation({ OperationId })).Operation?.Status).toBe("SUCCESS");
  await orders().deploy();
  expect(namespaces()).toEqual([{ name: "shop", type: "HTTP", services: ["orders"], tags: {} }]);
  await tagsKnown(cloud);
  await orders().destroy();
  await cloud.advance("1m");
  expect(namespaces()).toEqual([{ name: "shop", type: "HTTP", services: [], tags: {} }]);
  expect([...cloud.account.ec2.securityGroups.values()].map(({ name }) => name)).not.toContain("shop-connect");
});

test("a service that is no longer connected loses its name, and its namespace is deleted", async () => {
  await start();
  await orders().deploy();
  await tagsKnown(cloud);
  const plain = member("orders", undefined);
  await withPermissionsOf(orders(), () => plain.deploy());
  expect(namespaces()).toEqual([]);
  expect(service("orders").description.deployments![0]!.serviceConnectConfiguration).toEqual({ enabled: false });
  expect((await plain.plan()).toString()).toMatch(/^Plan: nothing to change/);
});

test("a service moves to another namespace, and the one that it left is deleted", async () => {
  await start();
  await orders().deploy();
  await tagsKnown(cloud);
  const moved = member("orders", { namespace: "market", as: "orders", port: 8080 });
  await withPermissionsOf(orders(), () => moved.deploy());
  expect(namespaces().map(({ name, services }) => [name, services])).toEqual([["market", ["orders"]]]);
  expect((await moved.plan()).isEmpty).toBe(true);
});
