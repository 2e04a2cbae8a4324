import { afterEach, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  Network,
  type CompleteDeployment,
  type ServiceDiscoveryOptions,
} from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { createRoute53 } from "../../src/local/services/route53/route53.js";
import { createServiceDiscovery } from "../../src/local/services/service-discovery/service-discovery.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";
import { twoRegions } from "./regions.js";
import { refusedPaths } from "./refused-paths.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> =>
  (cloud = await sharedAccount(options));

const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });

const member = (
  name: string,
  options: ServiceDiscoveryOptions | undefined = { namespace: "shop.internal" },
  {
    cluster = fargate,
    version = 1,
    on = cloud,
  }: { cluster?: Cluster; version?: number; on?: LocalCloud } = {},
): CompleteDeployment =>
  plain(name, { cluster, version, on }).serviceDiscovery(options) as CompleteDeployment;
const plain = (
  name: string,
  {
    cluster = fargate,
    version = 1,
    on = cloud,
  }: { cluster?: Cluster; version?: number; on?: LocalCloud } = {},
) =>
  new Deployment(name)
    .image(`${name}:${version}`)
    .container({ port: 3000, cpu: 256, memory: 512 })
    .service({ desired: 2 })
    .cluster(cluster)
    .on(on) as CompleteDeployment;

const service = (name: string) => cloud.account.ecs.clusters.get("conference")!.services.get(name)!;
const namespaces = (on = cloud) =>
  on.state().namespaces.map(({ name, type, services }) => ({ name, type, services }));
const zones = (on = cloud): string[] =>
  [...on.account.route53.zones.values()].flatMap(({ name, isPrivate }) => (isPrivate ? [name] : []));
const records = () =>
  cloud.state().dnsRecords.map(({ name, type, values }) => `${type} ${name} ${values.join()}`);
/** The task IDs, as clients get them. */
const found = async (name: string, namespace = "shop.internal"): Promise<string[]> => {
  // Asked without a delay: the answer of this moment.
  const { Instances = [] } = await createServiceDiscovery(cloud.account).discoverInstances({
    NamespaceName: namespace,
    ServiceName: name,
  });
  return Instances.map(({ InstanceId = "" }) => InstanceId).sort();
};
const running = (name: string): string[] =>
  [...cloud.account.ecs.clusters.get("conference")!.tasks.values()]
    .filter(({ serviceName, description }) => serviceName === name && description.lastStatus === "RUNNING")
    .map(({ description }) => description.taskArn!.split("/").at(-1)!)
    .sort();

test("a service gets a DNS name in the VPC, a second plan is empty, and a destroy leaves nothing", async () => {
  await start();
  const pristine = comparable(cloud);
  await member("catalog").deploy();
  expect(namespaces()).toEqual([{ name: "shop.internal", type: "DNS_PRIVATE", services: ["catalog"] }]);
  expect(zones()).toEqual(["shop.internal."]);
  expect(records()).toEqual([
    "A catalog.shop.internal. task of catalog",
    "A catalog.shop.internal. task of catalog",
  ]);
  expect(await found("catalog")).toEqual(running("catalog"));
  expect((await member("catalog").plan()).toString()).toMatch(/^Plan: nothing to change/);

  await tagsKnown(cloud);
  expect((await member("catalog").destroy()).kept).toEqual([]);
  expect(namespaces()).toEqual([]);
  expect(zones()).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test.each([
  ["on Fargate", () => fargate, "A"],
  ["on instances", () => ec2, "SRV"],
])("three services of a fleet get names in one namespace, %s", async (_, cluster, type) => {
  await start();
  const pristine = comparable(cloud);
  const fleet = new Fleet(
    ...["catalog", "orders", "front"].map((name) => member(name, undefined, { cluster: cluster() })),
  );
  await fleet.deploy();
  expect(namespaces()[0]!.services).toEqual(["catalog", "front", "orders"]);
  expect(new Set(records().map((each) => each.split(" ")[0]))).toEqual(new Set([type]));
  for (const name of ["catalog", "orders", "front"]) expect(await found(name)).toEqual(running(name));
  expect((await fleet.plan()).toString()).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  expect((await fleet.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("no answer names a task that has stopped, during a rollout", async () => {
  await start();
  await member("catalog").deploy();
  const wrong: string[] = [];
  let isDone = false;
  const watch = async (): Promise<void> => {
    const names = await found("catalog");
    const tasks = [...cloud.account.ecs.clusters.get("conference")!.tasks.values()];
    for (const { description } of tasks) {
      const id = description.taskArn!.split("/").at(-1)!;
      if (names.includes(id) && description.lastStatus !== "RUNNING")
        wrong.push(`${id} ${description.lastStatus}`);
    }
    if (names.length === 0) wrong.push("no answer");
    if (!isDone) cloud.account.clock.schedule(500, () => void watch());
  };
  await watch();
  await member("catalog", undefined, { version: 2 }).deploy();
  isDone = true;
  expect(wrong).toEqual([]);
  expect(await found("catalog")).toEqual(running("catalog"));
});

test("a task with a health check is found once it is healthy", async () => {
  await start();
  const checked = member("catalog").container({
    healthCheck: { command: ["CMD-SHELL", "true"], interval: "30s" },
  }) as CompleteDeployment;
  const seen: string[] = [];
  const watch = (): void => {
    const catalog = [...cloud.account.serviceDiscovery.services.values()].find(
      ({ name }) => name === "catalog",
    );
    for (const { health } of catalog?.instances.values() ?? []) if (seen.at(-1) !== health) seen.push(health);
    if (seen.at(-1) !== "HEALTHY") cloud.account.clock.schedule(1_000, watch);
  };
  watch();
  await checked.deploy();
  expect(seen).toEqual(["UNHEALTHY", "HEALTHY"]);
});

test("a namespace stays until its last user is destroyed", async () => {
  await start();
  await new Fleet(member("catalog"), member("orders")).deploy();
  await tagsKnown(cloud);
  const { kept } = await member("orders").destroy();
  expect(kept.map(({ resource, name, why }) => [resource, name, why])).toContainEqual([
    "namespace",
    "shop.internal",
    expect.stringContaining("Cloud Map service catalog") as unknown,
  ]);
  expect(namespaces()[0]!.services).toEqual(["catalog"]);
  await member("catalog").destroy();
  expect(namespaces()).toEqual([]);
  expect(zones()).toEqual([]);
});

test("a private namespace that is not quayside's is used as it is, and stays", async () => {
  await start();
  const { id: Vpc } = [...cloud.account.ec2.vpcs.values()].find(({ isDefault }) => isDefault)!;
  await cloud.ports.serviceDiscovery.createPrivateDnsNamespace({ Name: "shop.internal", Vpc });
  await cloud.clock.sleep(60_000);
  await member("catalog").deploy();
  expect(namespaces()).toEqual([{ name: "shop.internal", type: "DNS_PRIVATE", services: ["catalog"] }]);
  await tagsKnown(cloud);
  await member("catalog").destroy();
  expect(namespaces()).toEqual([{ name: "shop.internal", type: "DNS_PRIVATE", services: [] }]);
  expect(zones()).toEqual(["shop.internal."]);
});

test("a namespace without DNS names, and one of another VPC, are refused before any change", async () => {
  await start();
  await cloud.ports.serviceDiscovery.createHttpNamespace({ Name: "shop.internal" });
  const { Vpc } = await cloud.ports.ec2.createVpc({ CidrBlock: "10.9.0.0/16" });
  await cloud.ports.serviceDiscovery.createPrivateDnsNamespace({ Name: "market.internal", Vpc: Vpc!.VpcId! });
  await cloud.clock.sleep(60_000);
  for (const [namespace, why] of [
    ["shop.internal", "for API calls and Service Connect only"],
    ["market.internal", "resolve in another VPC"],
  ] as const) {
    const writes = await writesOf(cloud, () =>
      expect(member("catalog", { namespace }).deploy()).rejects.toMatchObject({
        code: "namespace-unusable",
        message: expect.stringContaining(why) as unknown,
      }),
    );
    expect(writes).toEqual([]);
  }
});

test("a hosted zone of the name that the VPC has already is said with AWS's words", async () => {
  await start();
  const { id } = [...cloud.account.ec2.vpcs.values()].find(({ isDefault }) => isDefault)!;
  await createRoute53(cloud.account).createHostedZone({
    Name: "shop.internal",
    CallerReference: "mine",
    VPC: { VPCId: id, VPCRegion: "eu-west-1" },
  });
  await expect(member("catalog").deploy()).rejects.toMatchObject({
    code: "namespace-failed",
    message: expect.stringContaining("CANNOT_CREATE_HOSTED_ZONE: The VPC ") as unknown,
  });
});

test("a Cloud Map service of the name that is not quayside's is refused, and adopted if the user wants", async () => {
  await start();
  await member("catalog").deploy();
  const [namespace] = cloud.account.serviceDiscovery.namespaces.values();
  await cloud.ports.serviceDiscovery.createService({
    Name: "orders",
    NamespaceId: namespace!.id,
    DnsConfig: { DnsRecords: [{ Type: "A", TTL: 60 }] },
  });
  const writes = await writesOf(cloud, () =>
    expect(member("orders").deploy()).rejects.toMatchObject({
      name: "OwnershipError",
      message: expect.stringContaining("discovery-service orders.shop.internal") as unknown,
    }),
  );
  expect(writes).toEqual([]);
  await member("orders").deploy({ adopt: true });
  expect(await found("orders")).toEqual(running("orders"));
  expect((await member("orders").plan()).isEmpty).toBe(true);
});

test("a service moves to another name, and to another namespace: what it left is deleted", async () => {
  await start();
  await member("catalog").deploy();
  await tagsKnown(cloud);
  const renamed = member("catalog", { namespace: "shop.internal", as: "products" });
  await renamed.deploy();
  expect(namespaces()[0]!.services).toEqual(["products"]);
  expect(await found("products")).toEqual(running("catalog"));
  expect((await renamed.plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  const moved = member("catalog", { namespace: "market.internal", as: "products" });
  await withPermissionsOf(renamed, () => moved.deploy());
  expect(namespaces()).toEqual([{ name: "market.internal", type: "DNS_PRIVATE", services: ["products"] }]);
  expect(zones()).toEqual(["market.internal."]);
  expect((await moved.plan()).isEmpty).toBe(true);
});

test("a service gets its name later, and loses it again with its namespace", async () => {
  await start();
  await plain("catalog").deploy();
  await member("catalog").deploy();
  expect(await found("catalog")).toEqual(running("catalog"));
  await tagsKnown(cloud);
  await withPermissionsOf(member("catalog"), () => plain("catalog").deploy());
  expect(service("catalog").description.serviceRegistries).toEqual([]);
  expect(namespaces()).toEqual([]);
  await tagsKnown(cloud);
  expect((await plain("catalog").plan()).toString()).toMatch(/^Plan: nothing to change/);
});

test("another TTL changes the records, and starts no rollout", async () => {
  await start();
  await member("catalog").deploy();
  const before = running("catalog");
  const slow = member("catalog", { namespace: "shop.internal", ttl: "1m" });
  expect((await slow.plan()).toString()).toContain("ttl: 10 → 60");
  await slow.deploy();
  expect(running("catalog")).toEqual(before);
  const zone = [...cloud.account.route53.zones.values()].find(({ isPrivate }) => isPrivate)!;
  expect([...zone.records.values()].flatMap(({ set }) => (set.Type === "A" ? [set.TTL] : []))).toEqual([
    60, 60,
  ]);
  expect((await slow.plan()).isEmpty).toBe(true);
});

test("records of another type need another name, which is said before any change", async () => {
  await start();
  await member("catalog").deploy();
  const writes = await writesOf(cloud, () =>
    expect(member("catalog", { namespace: "shop.internal", records: "SRV" }).deploy()).rejects.toMatchObject({
      code: "replacement-needed",
      message: expect.stringContaining("discovery-service catalog.shop.internal") as unknown,
    }),
  );
  expect(writes).toEqual([]);
  await tagsKnown(cloud);
  await member("catalog", { namespace: "shop.internal", as: "_catalog._tcp", records: "SRV" }).deploy();
  expect(new Set(records())).toEqual(new Set(["SRV _catalog._tcp.shop.internal. task of catalog"]));
});

test("a Cloud Map service that was deleted is created again, and the tasks are registered with it", async () => {
  await start();
  await member("catalog").deploy();
  const { serviceDiscovery } = cloud.ports;
  const { id } = [...cloud.account.serviceDiscovery.services.values()][0]!;
  for (const InstanceId of running("catalog"))
    await serviceDiscovery.deregisterInstance({ ServiceId: id, InstanceId });
  await cloud.clock.sleep(60_000);
  await serviceDiscovery.deleteService({ Id: id });
  await member("catalog").deploy();
  expect([...cloud.account.serviceDiscovery.services.keys()]).toEqual([id]);
  expect(await found("catalog")).toEqual(running("catalog"));
  expect((await member("catalog").plan()).isEmpty).toBe(true);
});

test("Service Connect and DNS names share a private DNS namespace", async () => {
  await start();
  const pristine = comparable(cloud);
  const both = member("catalog", { namespace: "shop.internal" }).connect({
    namespace: "shop.internal",
    as: "catalog-api",
    port: 3000,
  }) as CompleteDeployment;
  const client = plain("front").connect({ namespace: "shop.internal" }) as CompleteDeployment;
  const fleet = new Fleet(client, both);
  await fleet.deploy();
  expect(namespaces()).toEqual([
    { name: "shop.internal", type: "DNS_PRIVATE", services: ["catalog", "catalog-api"] },
  ]);
  expect((await fleet.plan()).toString()).toMatch(/^Plan: nothing to change/);
  // A DNS name is none of Service Connect's: nobody has to learn it.
  await member("orders").deploy();
  expect((await fleet.plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  await member("orders").destroy();
  await fleet.destroy();
  expect(comparable(cloud)).toEqual(pristine);
});

test("two namespaces of one fleet on the same instances share what lets clients in", async () => {
  await start();
  const pristine = comparable(cloud);
  const [one, other] = ["shop.internal", "market.internal"].map((namespace, index) =>
    member(["catalog", "orders"][index]!, { namespace }, { cluster: ec2 }).connect({ namespace }),
  ) as [CompleteDeployment, CompleteDeployment];
  await new Fleet(one, other).deploy();
  await tagsKnown(cloud);
  await one.destroy();
  expect((await other.plan()).toString()).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  await other.destroy();
  expect(comparable(cloud)).toEqual(pristine);
});

test("clients of the VPC are admitted at the port, and with `allow` others only", async () => {
  await start();
  const rules = () =>
    [...cloud.account.ec2.securityGroups.values()]
      .filter(({ name }) => name === "catalog-tasks")
      .flatMap(({ rules: all }) =>
        [...all.values()]
          .filter(({ isEgress }) => !isEgress)
          .map(({ fromPort, cidrIpv4, sourceGroupId }) => [fromPort, cidrIpv4 ?? sourceGroupId]),
      );
  await member("catalog").deploy();
  const { cidr } = [...cloud.account.ec2.vpcs.values()].find(({ isDefault }) => isDefault)!;
  expect(rules()).toEqual([[3000, cidr]]);
  await tagsKnown(cloud);
  await member("catalog", { namespace: "shop.internal", allow: ["10.1.0.0/16"] }).deploy();
  expect(rules()).toEqual([[3000, "10.1.0.0/16"]]);
});

test("names in a network that quayside creates are of its VPC, and are deleted with it", async () => {
  await start();
  const pristine = comparable(cloud);
  const cluster = new Cluster("conference").fargate().network(new Network("venue").nat("one"));
  const catalog = member("catalog", undefined, { cluster });
  await catalog.deploy();
  expect(await found("catalog")).toEqual(running("catalog"));
  expect((await catalog.plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  expect((await catalog.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a VPC that resolves no private names is refused before any change", async () => {
  await start();
  const { id } = [...cloud.account.ec2.vpcs.values()].find(({ isDefault }) => isDefault)!;
  await cloud.ports.ec2.modifyVpcAttribute({ VpcId: id, EnableDnsHostnames: { Value: false } });
  const writes = await writesOf(cloud, () =>
    expect(member("catalog").deploy()).rejects.toMatchObject({
      code: "no-vpc-dns",
      message: expect.stringContaining("enableDnsHostnames off") as unknown,
    }),
  );
  expect(writes).toEqual([]);
});

test("an override of createService is of ECS's, and not of Cloud Map's", async () => {
  await start();
  const seen: object[] = [];
  await (
    member("catalog").override({
      createService: (input) => {
        seen.push(input);
        return input;
      },
    }) as CompleteDeployment
  ).deploy();
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every((input) => "taskDefinition" in input)).toBe(true);
});

test.each([
  ["blue/green", (base: Deployment) => base.behindAlb().blueGreen().serviceDiscovery(), "serviceDiscovery"],
  [
    "blue/green by ECS",
    (base: Deployment) => base.connect({ as: "talk-api" }).blueGreen().serviceDiscovery(),
    "serviceDiscovery",
  ],
  [
    "the network mode none",
    (base: Deployment) => base.task({ networkMode: "none" }).serviceDiscovery(),
    "serviceDiscovery",
  ],
  [
    "A records of ports of instances",
    (base: Deployment) => base.serviceDiscovery({ records: "A" }),
    "serviceDiscovery.records",
  ],
  [
    "a namespace with capitals",
    (base: Deployment) => base.serviceDiscovery({ namespace: "Shop.Internal" }),
    "serviceDiscovery.namespace",
  ],
  ["a name with a space", (base: Deployment) => base.serviceDiscovery({ as: "a b" }), "serviceDiscovery.as"],
  [
    "a domain that is too long",
    (base: Deployment) =>
      base.serviceDiscovery({
        as: Array(2).fill("a".repeat(60)).join("."),
        namespace: Array(3).fill("b".repeat(60)).join("."),
      }),
    "serviceDiscovery.as",
  ],
  [
    "a port that no container has",
    (base: Deployment) => base.serviceDiscovery({ port: 1 }),
    "serviceDiscovery.port",
  ],
  [
    "a TTL that is no time",
    (base: Deployment) => base.serviceDiscovery({ ttl: "soon" }),
    "serviceDiscovery.ttl",
  ],
  [
    "clients that are neither addresses nor groups",
    (base: Deployment) => base.serviceDiscovery({ allow: ["10.0.0.1/16"] }),
    "serviceDiscovery.allow",
  ],
  [
    "a name of Service Connect",
    (base: Deployment) =>
      base.connect({ namespace: "a.b", as: "talk" }).serviceDiscovery({ namespace: "a.b", as: "talk" }),
    "serviceDiscovery.as",
  ],
  [
    "an unknown option",
    (base: Deployment) => base.serviceDiscovery({ name: "talk" } as ServiceDiscoveryOptions),
    "serviceDiscovery.name",
  ],
])("%s is refused before any request", async (_, describe, path) => {
  await start();
  const base = new Deployment("talk").image("talk:1").port(8080).cluster(ec2).on(cloud);
  expect(await refusedPaths(describe(base) as CompleteDeployment)).toContain(path);
});

test("two deployments of a fleet with one name in a namespace are refused", async () => {
  await start();
  const other = plain("orders").serviceDiscovery({ namespace: "shop.internal", as: "catalog" });
  await expect(new Fleet(member("catalog"), other as CompleteDeployment).plan()).rejects.toMatchObject({
    message: expect.stringContaining(
      "catalog in shop.internal is used by both catalog and orders",
    ) as unknown,
  });
});

test("two regions of an account have namespaces and zones of their own", async () => {
  const { eu, us } = await twoRegions();
  cloud = eu;
  const at = (on: LocalCloud) => member("catalog", undefined, { on });
  await at(eu).deploy();
  await at(us).deploy();
  expect(zones(eu)).toEqual(["shop.internal.", "shop.internal."]);
  await tagsKnown(us);
  await at(us).destroy();
  expect(namespaces(us)).toEqual([]);
  expect(namespaces(eu).map(({ name }) => name)).toEqual(["shop.internal"]);
  expect(zones(eu)).toEqual(["shop.internal."]);
  expect((await at(eu).plan()).isEmpty).toBe(true);
  await us.close();
});

const connected = (name: string, as = name) =>
  plain(name).connect({ namespace: "shop.internal", as, port: 3000 }) as CompleteDeployment;

test("a name that moves from DNS to Service Connect is refused in the plan, and moves by a deploy without it", async () => {
  await start();
  const pristine = comparable(cloud);
  await member("orders").deploy();
  const moved = connected("orders");
  const calls = cloud.calls.length;
  const refused = {
    code: "discovery-name-taken",
    message:
      "Nothing was changed: deployment orders cannot have a name in Service Connect that Cloud Map service orders.shop.internal of deployment/orders has for DNS",
    fix: expect.stringContaining("deploy once without .serviceDiscovery() and .connect()") as string,
  };
  await withPermissionsOf(member("orders"), async () => {
    await expect(moved.plan()).rejects.toMatchObject(refused);
    await expect(moved.deploy()).rejects.toMatchObject(refused);
  });
  expect(cloud.calls.slice(calls).filter(({ operation }) => operation === "updateService")).toEqual([]);
  await tagsKnown(cloud);
  await withPermissionsOf(member("orders"), () => plain("orders").deploy());
  await tagsKnown(cloud);
  await moved.deploy();
  expect((await moved.plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  expect((await moved.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a name in Service Connect that another deployment has in DNS is refused in the plan", async () => {
  await start();
  await member("orders").deploy();
  await expect(connected("shop", "orders").plan()).rejects.toMatchObject({
    code: "discovery-name-taken",
    fix: "Choose another name or namespace: .connect({ as, namespace }).",
  });
  await connected("shop").deploy();
});

test("a name that moves from Service Connect to DNS is refused, and a destroy then leaves nothing", async () => {
  await start();
  const pristine = comparable(cloud);
  await connected("orders").deploy();
  await expect(member("orders").deploy()).rejects.toMatchObject({
    code: "namespace-unusable",
    fix: expect.stringContaining("without .connect()") as string,
  });
  await tagsKnown(cloud);
  expect((await member("orders").destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a name that moves from Service Connect to DNS moves by a deploy without it", async () => {
  await start();
  await connected("orders").deploy();
  await tagsKnown(cloud);
  await withPermissionsOf(connected("orders"), () => plain("orders").deploy());
  await member("orders").deploy();
  expect(records().length).toBeGreaterThan(0);
});

test("a name that moves from Service Connect to DNS in a namespace with DNS names is refused in the plan", async () => {
  await start();
  await member("users").deploy();
  await connected("orders").deploy();
  const moved = member("orders");
  for (const options of [{}, { adopt: true }])
    await expect(moved.plan(options)).rejects.toMatchObject({
      code: "discovery-name-taken",
      message:
        "Nothing was changed: Cloud Map service orders.shop.internal cannot have a DNS name: it is a name in Service Connect",
    });
  await tagsKnown(cloud);
  await withPermissionsOf(connected("orders"), () => plain("orders").deploy());
  await cloud.advance("10m");
  await moved.deploy();
  expect((await moved.plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  const { kept } = await moved.destroy();
  expect(kept.map(({ resource }) => resource)).not.toContain("discovery-service");
});
