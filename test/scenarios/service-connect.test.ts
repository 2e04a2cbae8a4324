import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, type CompleteDeployment, type ConnectOptions } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { connectTargets } from "../../src/local/services/ecs/connect/connect-traffic.js";
import { withPermissionsOf } from "./least-privilege.js";
import { twoRegions } from "./regions.js";
import { refusedPaths } from "./refused-paths.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> =>
  (cloud = await sharedAccount(options));

const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });

const fargateOfShop = new Cluster("shop-cluster").fargate();

const member = (name: string, options: ConnectOptions | undefined, cluster = fargate): CompleteDeployment => {
  const base = new Deployment(name)
    .image(`${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .service({ desired: 1 })
    .cluster(cluster)
    .on(cloud);
  return (options === undefined ? base : base.connect(options)) as CompleteDeployment;
};
const orders = (cluster = fargate) =>
  member("orders", { namespace: "shop", as: "orders", port: 8080 }, cluster);
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
  const stock = member(
    "stock",
    { namespace: "shop", as: "stock", port: 9090, containerPort: 8080 },
    cluster(),
  );
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
  expect((await cloud.ports.serviceDiscovery.getOperation({ OperationId })).Operation?.Status).toBe(
    "SUCCESS",
  );
  await orders().deploy();
  expect(namespaces()).toEqual([{ name: "shop", type: "HTTP", services: ["orders"], tags: {} }]);
  await tagsKnown(cloud);
  await orders().destroy();
  await cloud.advance("1m");
  expect(namespaces()).toEqual([{ name: "shop", type: "HTTP", services: [], tags: {} }]);
  expect([...cloud.account.ec2.securityGroups.values()].map(({ name }) => name)).not.toContain(
    "shop-connect",
  );
});

test("a service that is no longer connected loses its name, and its namespace is deleted", async () => {
  await start();
  await orders().deploy();
  await tagsKnown(cloud);
  const plain = member("orders", undefined);
  await withPermissionsOf(orders(), () => plain.deploy());
  expect(namespaces()).toEqual([]);
  expect(service("orders").description.deployments![0]!.serviceConnectConfiguration).toEqual({
    enabled: false,
  });
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

test("a service in a namespace moves to instances of another cluster, and the cluster that it left is deleted", async () => {
  await start();
  await new Fleet(front(ec2), orders(fargateOfShop)).deploy();
  await tagsKnown(cloud);
  const moved = front(new Cluster("other").ec2({ instanceType: "t3.small" }));
  await withPermissionsOf(front(ec2), () => moved.deploy());
  const groups = [...cloud.account.ec2.securityGroups.values()].map(({ name }) => name);
  expect(groups).toContain("other-instances");
  expect(groups).not.toContain("conference-instances");
  expect((await moved.plan()).isEmpty).toBe(true);
});

test("a name that another service has is refused before any change", async () => {
  await start();
  await orders().deploy();
  const other = member("other", { namespace: "shop", as: "orders", port: 8080 });
  const writes = await writesOf(cloud, () =>
    expect(other.deploy()).rejects.toMatchObject({
      code: "connect-name-taken",
      message: expect.stringContaining("service orders in conference has the name orders") as unknown,
    }),
  );
  expect(writes).toEqual([]);
});

test("a service that is destroyed and deployed again gets its name once ECS has released it", async () => {
  await start();
  await new Fleet(front(), orders()).deploy();
  await tagsKnown(cloud);
  await orders().destroy();
  await orders().deploy();
  expect(namespaces()[0]!.services).toEqual(["orders"]);
  await front().deploy();
  expect(known("front")).toEqual(["orders:8080"]);
});

test("a service gets a second name, and loses it again", async () => {
  await start();
  const two = orders().connect({ as: "orders-admin", port: 9000, containerPort: 8080, protocol: "http" });
  await (two as CompleteDeployment).deploy();
  expect(known("orders")).toEqual(["orders-admin:9000", "orders:8080"]);
  await (orders() as CompleteDeployment).deploy();
  expect(known("orders")).toEqual(["orders:8080"]);
  await cloud.advance("1m");
  expect(namespaces()[0]!.services).toEqual(["orders"]);
});

test("encrypted names get a role that ECS assumes, and a role of the user's is passed", async () => {
  await start();
  const certificateAuthority = "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/1234";
  const encrypted = (tls: ConnectOptions["tls"]) =>
    member("orders", { namespace: "shop", as: "orders", port: 8080, tls });
  await encrypted({ certificateAuthority }).deploy();
  const { services: [own] = [] } = service("orders").connect!;
  expect(own!.tls).toEqual({
    issuerCertificateAuthority: { awsPcaAuthorityArn: certificateAuthority },
    roleArn: expect.stringMatching(/orders-connect-role-eu-west-1$/) as unknown,
  });
  expect((await encrypted({ certificateAuthority }).plan()).isEmpty).toBe(true);
  const role = "arn:aws:iam::123456789012:role/certificates";
  await tagsKnown(cloud);
  await encrypted({ certificateAuthority, role }).deploy();
  expect(service("orders").connect!.services![0]!.tls!.roleArn).toBe(role);
  expect([...cloud.account.iam.roles.values()].map(({ name }) => name)).not.toContain(
    "orders-connect-role-eu-west-1",
  );
});

test("a namespace that Cloud Map fails to create is said, and the next run goes on", async () => {
  await start();
  const fail = (): void => {
    for (const operation of cloud.account.serviceDiscovery.operations.values())
      Object.assign(operation, { status: "FAIL", errorCode: "ACCESS_DENIED", errorMessage: "not allowed" });
    for (const namespace of cloud.account.serviceDiscovery.namespaces.values())
      if (namespace.isPending) cloud.account.serviceDiscovery.namespaces.delete(namespace.id);
    if (cloud.account.serviceDiscovery.operations.size === 0) cloud.account.clock.schedule(500, fail);
  };
  cloud.account.clock.schedule(500, fail);
  await expect(orders().deploy()).rejects.toMatchObject({
    code: "namespace-failed",
    message: expect.stringContaining("ACCESS_DENIED: not allowed") as unknown,
  });
  await orders().deploy();
  expect(namespaces()[0]!.services).toEqual(["orders"]);
});

test("a blue/green deployment behind a load balancer is a client: each color knows the names", async () => {
  await start();
  await orders().deploy();
  const talk = (version: number) =>
    new Deployment("talk")
      .image(`talk:${version}`)
      .container({ port: 8080, cpu: 256, memory: 512 })
      .cluster(fargate)
      .behindAlb("conferenceAlb", { path: "/talk*" })
      .connect({ namespace: "shop" })
      .blueGreen()
      .on(cloud);
  await talk(1).deploy();
  await talk(2).deploy();
  expect(known("talk-blue")).toEqual(["orders:8080"]);
  expect(known("talk-green")).toEqual(["orders:8080"]);
  expect((await talk(2).plan()).isEmpty).toBe(true);
});

test.each([
  [
    "a name behind a load balancer with blue/green",
    (base: Deployment) => base.behindAlb().blueGreen().connect({ as: "talk" }),
    "connect.as",
  ],
  [
    "verify of blue/green by ECS",
    (base: Deployment) => base.connect({ as: "talk" }).blueGreen({ verify: () => {} }),
    "blueGreen.verify",
  ],
  [
    "steps that ECS does not know",
    (base: Deployment) => base.connect({ as: "talk" }).blueGreen({ shift: [10, 50, 100] }),
    "blueGreen.shift",
  ],
  [
    "the network mode host",
    (base: Deployment) => base.task({ networkMode: "host" }).connect({ as: "talk" }),
    "connect",
  ],
  [
    "two namespaces",
    (base: Deployment) => base.connect({ namespace: "a" }).connect({ namespace: "b" }),
    "connect.namespace",
  ],
  ["a name with capitals", (base: Deployment) => base.connect({ as: "Talk" }), "connect.as"],
  [
    "a port that no container has",
    (base: Deployment) => base.connect({ as: "talk", containerPort: 1 }),
    "connect.containerPort",
  ],
  ["a protocol without a name", (base: Deployment) => base.connect({ protocol: "tcp" }), "connect.protocol"],
  [
    "a request timeout of TCP",
    (base: Deployment) => base.connect({ as: "talk", protocol: "tcp", requestTimeout: "5s" }),
    "connect.requestTimeout",
  ],
  [
    "TLS without an authority",
    (base: Deployment) => base.connect({ as: "talk", tls: { certificateAuthority: "mine" } }),
    "connect.tls",
  ],
  [
    "access logs without logs",
    (base: Deployment) => base.connect({ logs: false, accessLogs: "json" }),
    "connect.accessLogs",
  ],
  [
    "one name in two calls with different options",
    (base: Deployment) => base.connect({ as: "a", port: 8080 }).connect({ as: "a", port: 81 }),
    "connect.as",
  ],
  [
    "an unknown option",
    (base: Deployment) => base.connect({ name: "talk" } as ConnectOptions),
    "connect.name",
  ],
])("%s is refused before any request", async (_, describe, path) => {
  await start();
  const base = new Deployment("talk")
    .image("talk:1")
    .port(8080)
    .cluster(new Cluster("conference").ec2())
    .on(cloud);
  expect(await refusedPaths(describe(base) as CompleteDeployment)).toContain(path);
});

test("two regions of an account have namespaces of their own", async () => {
  const { eu, us } = await twoRegions();
  cloud = eu;
  const at = (on: LocalCloud) => orders().on(on) as CompleteDeployment;
  await at(eu).deploy();
  await at(us).deploy();
  await tagsKnown(us);
  await at(us).destroy();
  expect(us.state().namespaces).toEqual([]);
  expect(eu.state().namespaces.map(({ name }) => name)).toEqual(["shop"]);
  expect((await at(eu).plan()).isEmpty).toBe(true);
  await us.close();
});

test("a deployment is destroyed by its name with its namespace", async () => {
  await start();
  const pristine = comparable(cloud);
  await orders().deploy();
  await tagsKnown(cloud);
  await Deployment.named("orders").on(cloud).destroy();
  expect(comparable(cloud)).toEqual(pristine);
});

test("a service that exists is adopted into a namespace", async () => {
  await start();
  await orders().deploy();
  await tagsKnown(cloud);
  // As if it was made by hand: without quayside's tags.
  service("orders").tags.clear();
  await orders().deploy({ adopt: true });
  expect((await orders().plan()).isEmpty).toBe(true);
  expect(known("orders")).toEqual(["orders:8080"]);
});

test("a name that a security group does not open is not reached, and the proxy says so", async () => {
  await start();
  await new Fleet(front(), orders()).deploy();
  const { account } = cloud;
  const client = service("front").rollouts[0]!;
  const [alias] = client.connect!.known;
  expect(connectTargets(account, client, alias!, 0).map(({ isReachable }) => isReachable)).toEqual([true]);
  const group = [...account.ec2.securityGroups.values()].find(({ name }) => name === "shop-connect")!;
  for (const [id, rule] of group.rules) if (!rule.isEgress) group.rules.delete(id);
  expect(connectTargets(account, client, alias!, 0).map(({ isReachable }) => isReachable)).toEqual([false]);
  // The rule is restored by the next deploy.
  await tagsKnown(cloud);
  await orders().deploy();
  expect(connectTargets(account, client, alias!, 0).map(({ isReachable }) => isReachable)).toEqual([true]);
});

test("alarms take a blue/green deployment by ECS back, and the old version keeps the name", async () => {
  await start();
  const { cloudWatch } = cloud.ports;
  await cloudWatch.putMetricAlarm({
    AlarmName: "orders-5xx",
    Namespace: "shop",
    MetricName: "errors",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
  });
  const released = (version: number) =>
    orders()
      .image(`orders:${version}`)
      .blueGreen({ shift: [10, 100], every: "5m", alarms: ["orders-5xx"] }) as CompleteDeployment;
  await released(1).deploy();
  cloud.metric({ namespace: "shop", name: "errors" }, 5);
  await expect(released(2).deploy()).rejects.toMatchObject({
    name: "RolloutError",
    message: expect.stringContaining("orders-5xx") as unknown,
  });
  const { taskDefinition } = service("orders").description;
  expect(taskDefinition).toMatch(/:1$/);
  cloud.metric({ namespace: "shop", name: "errors" }, 0);
  await cloud.advance("5m");
  await released(2).deploy();
  expect((await released(2).plan()).isEmpty).toBe(true);
  // Back to rolling updates.
  await (orders().image("orders:2") as CompleteDeployment).deploy();
  expect(service("orders").description.deploymentConfiguration?.strategy).toBe("ROLLING");
});

test("a deploy that ends after the tags of a service, and before its update, is finished by the next one", async () => {
  await start();
  const plain = member("orders", undefined);
  await plain.deploy();
  const fault = cloud.faults.inject({ operation: "updateService", kind: "access-denied", times: Infinity });
  await expect(orders().deploy()).rejects.toThrow();
  fault.remove();
  await orders().deploy();
  expect(known("orders")).toEqual(["orders:8080"]);
  expect((await orders().plan()).isEmpty).toBe(true);
});
