import { afterEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  LoadBalancer,
  NetworkLoadBalancer,
  OwnershipError,
  type CompleteDeployment,
} from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());
const start = async (): Promise<LocalCloud> => (cloud = await sharedAccount());

const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });
const nlb = new NetworkLoadBalancer("conferenceNlb").tcp(5432);

const store = (cluster: Cluster = fargate, name = "talk-store", port = 5432): CompleteDeployment =>
  new Deployment(name)
    .image("registry.example.com/store:1")
    .container({ port, memoryReservation: 256, ...(cluster === fargate && { cpu: 256, memory: 512 }) })
    .cluster(cluster)
    .on(cloud) as CompleteDeployment;

const listeners = () =>
  [...cloud.account.elb.listeners.values()]
    .filter(({ arn }) => arn.includes(":listener/net/"))
    .map(({ arn, protocol, port }) => `${arn.split("/")[2]} ${protocol} ${port}`)
    .sort();
const groups = () =>
  [...cloud.account.elb.targetGroups.values()]
    .filter(({ name }) => name !== "their-targets")
    .map((group) => ({
      name: group.name,
      protocol: group.protocol,
      type: group.targetType,
      healthy: [...group.targets.values()].filter(({ state }) => state === "healthy").length,
    }));
const group = (name: string) =>
  [...cloud.account.elb.targetGroups.values()].find((one) => one.name === name)!;
const balancer = (name = "conferenceNlb") =>
  [...cloud.account.elb.loadBalancers.values()].find((one) => one.name === name);
const entrances = async () => {
  const { SecurityGroups } = await cloud.ports.ec2.describeSecurityGroups({
    Filters: [{ Name: "group-name", Values: ["conferenceNlb-nlb"] }],
  });
  const { SecurityGroupRules = [] } = await cloud.ports.ec2.describeSecurityGroupRules({
    Filters: [{ Name: "group-id", Values: [SecurityGroups![0]!.GroupId!] }],
  });
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress !== true)
    .map((rule) => `${rule.IpProtocol} ${rule.FromPort} ${rule.CidrIpv4 ?? rule.CidrIpv6}`)
    .sort();
};
const isEmptyPlan = async (chain: CompleteDeployment) => (await chain.plan()).toString();

describe.each([
  ["Fargate", fargate, "ip", "talk-store-tcp-5432-ip"],
  ["instances", ec2, "instance", "talk-store-tcp-5432"],
] as const)("a service on %s behind a network load balancer", (_, cluster, type, name) => {
  test("is reached at its listener, is planned empty, and is destroyed to nothing", async () => {
    await start();
    const pristine = comparable(cloud);
    const chain = store(cluster).behindNlb(nlb, { port: 5432 });
    const deployed = await chain.deploy();
    expect(deployed.url).toBe(`tcp://${balancer()!.dnsName}:5432`);
    expect(deployed.loadBalancer?.name).toBe("conferenceNlb");
    expect(listeners()).toEqual(["conferenceNlb TCP 5432"]);
    expect(groups()).toEqual([{ name, protocol: "TCP", type, healthy: 2 }]);
    expect(group(name).attributes.get("deregistration_delay.timeout_seconds")).toBe("300");
    expect(await isEmptyPlan(chain)).toMatch(/^Plan: nothing to change/);
    const status = await chain.status();
    expect([status.url, status.isHealthy, status.targets.length]).toEqual([deployed.url, true, 2]);
    expect(await writesOf(cloud, () => chain.deploy())).toEqual([]);
    expect((await chain.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("is destroyed by its name alone", async () => {
    await start();
    const pristine = comparable(cloud);
    await store(cluster).behindNlb(nlb).deploy();
    await tagsKnown(cloud);
    const named = Deployment.named("talk-store").on(cloud);
    expect((await named.status()).url).toBe(`tcp://${balancer()!.dnsName}:5432`);
    expect((await named.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });
});

test("a network load balancer by itself has the URL of its listener, or of its name alone", async () => {
  await start();
  const empty = new NetworkLoadBalancer("conferenceNlb");
  const { url } = await empty.on(cloud).deploy();
  expect(url).toBe(`tcp://${balancer()!.dnsName}`);
  expect((await empty.on(cloud).status()).url).toBe(url);
  expect((await nlb.on(cloud).status()).url).toBe(`${url}:5432`);
});

test("two deployments share a network load balancer, each with its listener, and the last one deletes it", async () => {
  await start();
  const pristine = comparable(cloud);
  const shared = new NetworkLoadBalancer("conferenceNlb").tcp(5432).tcp(6379);
  const first = store().behindNlb(shared, { port: 5432 });
  const second = store(fargate, "talk-cache", 6379).behindNlb(shared, { port: 6379 });
  await new Fleet(first, second).deploy();
  expect(listeners()).toEqual(["conferenceNlb TCP 5432", "conferenceNlb TCP 6379"]);
  expect(await isEmptyPlan(first)).toMatch(/^Plan: nothing to change/);
  expect(await isEmptyPlan(second)).toMatch(/^Plan: nothing to change/);
  expect(await shared.on(cloud).status()).toMatchObject({
    listeners: [
      { port: 5432, protocol: "TCP", deployment: "talk-store" },
      { port: 6379, protocol: "TCP", deployment: "talk-cache" },
    ],
  });
  await tagsKnown(cloud);

  const { kept } = await shared.on(cloud).destroy();
  expect(kept.map(({ why }) => why).join("; ")).toContain("deployment/talk-cache");
  await first.destroy();
  expect(listeners()).toEqual(["conferenceNlb TCP 6379"]);
  expect(await isEmptyPlan(second)).toMatch(/^Plan: nothing to change/);
  expect((await second.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a service has the same listener of two network load balancers, with a target group for each", async () => {
  await start();
  const both = store()
    .behindNlb(nlb)
    .behindNlb(new NetworkLoadBalancer("inside").internal().tcp(5432)) as CompleteDeployment;
  await both.deploy();
  expect(groups().map(({ name, healthy }) => [name, healthy])).toEqual([
    ["talk-store-tcp-5432-ip", 2],
    ["talk-store-inside-tcp-5432-ip", 2],
  ]);
  expect(await isEmptyPlan(both)).toMatch(/^Plan: nothing to change/);
  const named = store()
    .behindNlb(nlb, { targetGroup: "stores" })
    .behindNlb(new NetworkLoadBalancer("inside").tcp(5432), { targetGroup: "stores" });
  await expect(named.plan()).rejects.toThrow('"stores" is the target group of several');
});

test("two deployments cannot have the same listener: of a fleet before any call, of two runs before anything is changed", async () => {
  await start();
  const first = store().behindNlb(nlb);
  const second = store(fargate, "talk-cache", 6379).behindNlb(nlb, { listener: 5432 });
  await expect(new Fleet(first, second).plan()).rejects.toThrow(
    "talk-cache.behindNlb.listener: talk-store and talk-cache both use the listener on port 5432 of load balancer conferenceNlb",
  );
  await first.deploy();
  const error: unknown = await second.deploy().catch((one: unknown) => one);
  expect(error).toBeInstanceOf(OwnershipError);
  expect(String(error)).toContain("listener conferenceNlb:5432 (owned by deployment/talk-store)");
});

test("a TLS listener has the named certificate, and another one in place", async () => {
  cloud = await sharedAccount({ certificates: [{ domain: "a.example.com" }, { domain: "b.example.com" }] });
  const certificateOf = (domain: string) =>
    [...cloud.account.acm.certificates.values()].find((one) => one.domain === domain)!.arn;
  const at = (balancer: NetworkLoadBalancer) => store().behindNlb(balancer, { listener: 5432, port: 5432 });
  const tls = (certificate: string | string[]) =>
    at(new NetworkLoadBalancer("conferenceNlb").tls(5432, { certificate }));
  const { url } = await tls("a.example.com").deploy();
  expect(url).toBe("tls://a.example.com:5432");
  expect((await tls("a.example.com").status()).url).toBe(url);
  expect(await isEmptyPlan(tls("a.example.com"))).toMatch(/^Plan: nothing to change/);
  expect(await writesOf(cloud, () => tls(certificateOf("b.example.com")).deploy())).toEqual([
    "modifyListener",
  ]);
  expect(await writesOf(cloud, () => tls(["b.example.com", "a.example.com"]).deploy())).toEqual([
    "addListenerCertificates",
  ]);
  // TCP to TLS and back is the same listener and the same target group.
  expect(await writesOf(cloud, () => at(nlb).deploy())).toEqual(["modifyListener"]);
  expect(listeners()).toEqual(["conferenceNlb TCP 5432"]);
  expect(await writesOf(cloud, () => tls("a.example.com").deploy())).toEqual(["modifyListener"]);
});

test("a domain has records and a certificate, another one replaces both, and a destroy leaves nothing", async () => {
  cloud = await sharedAccount({ hostedZones: [{ domain: "example.com" }] });
  const pristine = comparable(cloud);
  const tls = new NetworkLoadBalancer("conferenceNlb").tls(5432);
  const chain = (domain: string | string[]) => store().behindNlb(tls, { domain });
  expect((await chain("store.example.com").deploy()).url).toBe("tls://store.example.com:5432");
  expect(await isEmptyPlan(chain("store.example.com"))).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  await withPermissionsOf(chain(["store.example.com", "data.example.com"]), () =>
    chain("data.example.com").deploy(),
  );
  expect(await isEmptyPlan(chain("data.example.com"))).toMatch(/^Plan: nothing to change/);
  const names = [...cloud.account.acm.certificates.values()].map(({ domain }) => domain);
  expect(names).toEqual(["data.example.com"]);
  await tagsKnown(cloud);
  expect((await chain("data.example.com").destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("UDP is let in by the load balancer and by the tasks, and is checked at a TCP port", async () => {
  await start();
  const pristine = comparable(cloud);
  const udp = new NetworkLoadBalancer("conferenceNlb").udp(53);
  const names = (cluster: Cluster) =>
    (
      new Deployment("names")
        .image("registry.example.com/names:1")
        .container({ memoryReservation: 256, ports: [{ port: 53, protocol: "udp" }, { port: 8080 }] })
        .cluster(cluster) as CompleteDeployment
    )
      .task(cluster === fargate ? { cpu: 256, memory: 512 } : {})
      .behindNlb(udp, { healthCheck: { path: "/health", port: 8080 } })
      .on(cloud);
  expect((await names(fargate).deploy()).url).toBe(`udp://${balancer()!.dnsName}:53`);
  expect(groups()).toEqual([{ name: "names-udp-53-ip", protocol: "UDP", type: "ip", healthy: 2 }]);
  expect(group("names-udp-53-ip").attributes.get("preserve_client_ip.enabled")).toBe("true");
  expect(group("names-udp-53-ip").healthCheck).toMatchObject({
    protocol: "HTTP",
    path: "/health",
    port: "8080",
  });
  expect(await entrances()).toEqual(["udp 53 0.0.0.0/0", "udp 53 ::/0"]);
  expect(await isEmptyPlan(names(fargate))).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  expect((await names(fargate).destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("what can be changed is changed in place: checks, attributes and who is let in", async () => {
  await start();
  const at = (balancer: NetworkLoadBalancer, options = {}) => store().behindNlb(balancer, options);
  await at(nlb).deploy();
  const name = "talk-store-tcp-5432-ip";
  const changes: readonly (readonly [CompleteDeployment, readonly string[]])[] = [
    [at(nlb, { healthCheck: "/health" }), ["modifyTargetGroup"]],
    [at(nlb, { healthCheck: { interval: "30s" } }), ["modifyTargetGroup"]],
    [
      at(nlb, {
        deregistrationDelay: "2m",
        connectionTermination: true,
        proxyProtocol: true,
        preserveClientIp: true,
      }),
      ["addTags", "modifyTargetGroup", "modifyTargetGroupAttributes"],
    ],
    [at(nlb), ["addTags", "modifyTargetGroupAttributes"]],
    [at(nlb.attributes({ crossZone: true })), ["addTags", "modifyLoadBalancerAttributes"]],
    [at(nlb.attributes({ crossZone: false })), ["modifyLoadBalancerAttributes"]],
    [at(nlb), []],
    [
      at(nlb.allow("10.0.0.0/8")),
      ["authorizeSecurityGroupIngress", "revokeSecurityGroupIngress", "revokeSecurityGroupIngress"],
    ],
  ];
  for (const [chain, writes] of changes) {
    await tagsKnown(cloud);
    expect(await writesOf(cloud, () => chain.deploy())).toEqual(writes);
    expect(await isEmptyPlan(chain)).toMatch(/^Plan: nothing to change/);
  }
  expect(group(name).healthCheck).toMatchObject({ protocol: "TCP", intervalSeconds: 10 });
  expect(await entrances()).toEqual(["tcp 5432 10.0.0.0/8"]);
});

test("a listener at another port replaces the one before, whose entrance is closed, once the new one serves", async () => {
  await start();
  const pristine = comparable(cloud);
  await store().behindNlb(nlb).deploy();
  await tagsKnown(cloud);
  const moved = store().behindNlb(new NetworkLoadBalancer("conferenceNlb").tcp(6432), { port: 5432 });
  await moved.deploy();
  expect(listeners()).toEqual(["conferenceNlb TCP 6432"]);
  expect(groups()).toMatchObject([{ name: "talk-store-tcp-6432-ip", healthy: 2 }]);
  expect(await entrances()).toEqual(["tcp 6432 0.0.0.0/0", "tcp 6432 ::/0"]);
  expect(await isEmptyPlan(moved)).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  expect((await moved.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a target group of another name takes over: its tasks are healthy before it gets connections", async () => {
  await start();
  await store().behindNlb(nlb).deploy();
  await tagsKnown(cloud);
  const renamed = store().behindNlb(nlb, { targetGroup: "stores" });
  const shares: string[] = [];
  const before = cloud.calls.length;
  await renamed.deploy();
  for (const { operation, input } of cloud.calls.slice(before) as readonly {
    operation: string;
    input: {
      DefaultActions?: { ForwardConfig?: { TargetGroups?: { TargetGroupArn: string; Weight: number }[] } }[];
    };
  }[])
    if (operation === "modifyListener")
      shares.push(
        (input.DefaultActions?.[0]?.ForwardConfig?.TargetGroups ?? [])
          .map(({ TargetGroupArn, Weight }) => `${TargetGroupArn.split("/")[1]}=${Weight}`)
          .join(" ") || "one",
      );
  expect(shares).toEqual(["talk-store-tcp-5432-ip=1 stores=0", "talk-store-tcp-5432-ip=0 stores=1", "one"]);
  expect(groups()).toMatchObject([{ name: "stores", healthy: 2 }]);
  expect(await isEmptyPlan(renamed)).toMatch(/^Plan: nothing to change/);
});

test("a service moves from an application load balancer to a network load balancer and back", async () => {
  await start();
  const pristine = comparable(cloud);
  const alb = new LoadBalancer("conferenceAlb").http(80);
  const http = () => store().behindAlb(alb, { healthCheck: "/health" });
  const tcp = () => store().behindNlb(nlb);
  await http().deploy();
  await tagsKnown(cloud);
  await withPermissionsOf(http(), () => tcp().deploy());
  expect(groups()).toMatchObject([{ name: "talk-store-tcp-5432-ip", healthy: 2 }]);
  expect(balancer("conferenceAlb")).toBeUndefined();
  expect(await isEmptyPlan(tcp())).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  await withPermissionsOf(tcp(), () => http().deploy());
  expect(balancer("conferenceNlb")).toBeUndefined();
  expect(groups()).toMatchObject([{ name: "talk-store-ip", healthy: 2 }]);
  expect(await isEmptyPlan(http())).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  expect((await http().destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a service is behind both kinds of load balancers, and its URL is that of HTTP", async () => {
  await start();
  const alb = new LoadBalancer("conferenceAlb").http(80);
  const both = store().behindAlb(alb, { path: "/store*", healthCheck: "/health" }).behindNlb(nlb);
  expect((await both.deploy()).url).toMatch(/^http:\/\/conferenceAlb-.*\/store$/);
  expect(groups()).toMatchObject([
    { name: "talk-store-ip", healthy: 2 },
    { name: "talk-store-tcp-5432-ip", healthy: 2 },
  ]);
  expect(await isEmptyPlan(both)).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  const one = store().behindAlb(alb, { path: "/store*", healthCheck: "/health" });
  await withPermissionsOf(both, () => one.deploy());
  expect(groups()).toMatchObject([{ name: "talk-store-ip", healthy: 2 }]);
  expect(balancer()).toBeUndefined();
  expect(await isEmptyPlan(one)).toMatch(/^Plan: nothing to change/);
});

test("another scheme means another load balancer, which serves before the old one is deleted", async () => {
  await start();
  await store().behindNlb(nlb).deploy();
  await tagsKnown(cloud);
  const inside = store().behindNlb(nlb.internal());
  expect((await inside.plan()).warnings.join("\n")).toContain(
    "load-balancer conferenceNlb cannot be made internal in place: conferenceNlb-internal replaces it",
  );
  await inside.deploy();
  expect(listeners()).toEqual(["conferenceNlb-internal TCP 5432"]);
  expect(balancer()).toBeUndefined();
  expect(groups().map(({ healthy }) => healthy)).toEqual([2]);
  expect(await isEmptyPlan(inside)).toMatch(/^Plan: nothing to change/);
});

test("what AWS cannot change in place is refused before anything is changed", async () => {
  await start();
  await store().behindNlb(nlb).deploy();
  const udp = new NetworkLoadBalancer("conferenceNlb").udp(5432);
  const asUdp = store()
    .container({ ports: [{ port: 5432, protocol: "udp" }] })
    .behindNlb(udp);
  await expect(asUdp.deploy()).rejects.toThrow(/listener conferenceNlb:5432.*transport/s);
  const alb = new LoadBalancer("conferenceNlb").http(80);
  await expect(store().behindAlb(alb).deploy()).rejects.toThrow(/load-balancer conferenceNlb.*type/s);
});

describe("static addresses", () => {
  const allocate = async (count: number): Promise<string[]> => {
    const all = await Promise.all(
      Array.from({ length: count }, () => cloud.ports.ec2.allocateAddress({ Domain: "vpc" })),
    );
    return all.map(({ AllocationId }) => AllocationId!);
  };
  const withAddresses = (ids: readonly string[]) =>
    store().behindNlb(nlb.addresses(...(ids as [string, ...string[]])));

  test("are those of the load balancer, are compared, and stay the user's", async () => {
    await start();
    const ids = await allocate(3);
    const pristine = comparable(cloud);
    await withAddresses(ids).deploy();
    const { LoadBalancers = [] } = await cloud.ports.elb.describeLoadBalancers({ Names: ["conferenceNlb"] });
    const present = LoadBalancers[0]!.AvailabilityZones!.flatMap(({ LoadBalancerAddresses = [] }) =>
      LoadBalancerAddresses.map(({ AllocationId }) => AllocationId),
    );
    expect([...present].sort()).toEqual([...ids].sort());
    expect(await isEmptyPlan(withAddresses(ids))).toMatch(/^Plan: nothing to change/);
    await expect(store().behindNlb(nlb).deploy()).rejects.toThrow(/load-balancer conferenceNlb.*addresses/s);
    await tagsKnown(cloud);
    expect((await withAddresses(ids).destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("are one for each subnet: others are refused by the plan", async () => {
    await start();
    const ids = await allocate(2);
    await expect(withAddresses(ids).plan()).rejects.toThrow(
      "load balancer conferenceNlb has 3 subnets and 2 static addresses",
    );
  });
});

describe("an existing network load balancer", () => {
  const make = async (groups: boolean): Promise<void> => {
    const { ec2, elb } = cloud.ports;
    const { Vpcs } = await ec2.describeVpcs({});
    const { Subnets = [] } = await ec2.describeSubnets({});
    const { SecurityGroups } = await ec2.describeSecurityGroups({
      Filters: [
        { Name: "group-name", Values: ["their-group"] },
        { Name: "vpc-id", Values: [Vpcs![0]!.VpcId!] },
      ],
    });
    await elb.createLoadBalancer({
      Name: "theirNlb",
      Type: "network",
      Subnets: Subnets.map(({ SubnetId }) => SubnetId!),
      ...(groups && { SecurityGroups: [SecurityGroups![0]!.GroupId!] }),
    });
    await cloud.clock.sleep(300_000);
  };
  const theirs = NetworkLoadBalancer.existing("theirNlb").tcp(5432);

  test("gets a listener, which leaves with the deployment, and is not changed", async () => {
    await start();
    await make(true);
    const pristine = comparable(cloud);
    const chain = store().behindNlb(theirs);
    await chain.deploy();
    expect(listeners()).toEqual(["theirNlb TCP 5432"]);
    expect(await isEmptyPlan(chain)).toMatch(/^Plan: nothing to change/);
    await tagsKnown(cloud);
    expect((await chain.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("without a security group, of another type, or absent is refused before anything is changed", async () => {
    await start();
    await make(false);
    await expect(store().behindNlb(theirs).plan()).rejects.toThrow("has no security group");
    const alb = NetworkLoadBalancer.existing("their-alb").tcp(5432);
    await expect(store().behindNlb(alb).plan()).rejects.toThrow("is not a Network Load Balancer");
    const none = NetworkLoadBalancer.existing("none").tcp(5432);
    await expect(store().behindNlb(none).plan()).rejects.toThrow("was not found in this region");
  });
});

test("a load balancer, a target group and a listener that others made are adopted if the user says it", async () => {
  await start();
  const chain = store().behindNlb(nlb);
  await chain.deploy();
  const { elb } = cloud.ports;
  const arns = [
    ...[...cloud.account.elb.loadBalancers.values()].filter(({ name }) => name === "conferenceNlb"),
    ...[...cloud.account.elb.listeners.values()].filter(({ arn }) => arn.includes("/net/")),
    ...[...cloud.account.elb.targetGroups.values()].filter(({ name }) => name.startsWith("talk-store")),
  ].map(({ arn }) => arn);
  for (const arn of arns) {
    const { TagDescriptions = [] } = await elb.describeTags({ ResourceArns: [arn] });
    await elb.removeTags({
      ResourceArns: [arn],
      TagKeys: TagDescriptions[0]!.Tags!.map(({ Key }) => Key!),
    });
  }
  const error: unknown = await chain.deploy().catch((one: unknown) => one);
  expect(String(error)).toContain("listener conferenceNlb:5432");
  await chain.deploy({ adopt: true });
  expect(await isEmptyPlan(chain)).toMatch(/^Plan: nothing to change/);
});

test("another port of the container serves behind the same listener", async () => {
  await start();
  await store().behindNlb(nlb).deploy();
  await tagsKnown(cloud);
  const moved = store(fargate, "talk-store", 6000).behindNlb(nlb);
  await moved.deploy();
  expect(listeners()).toEqual(["conferenceNlb TCP 5432"]);
  expect(groups()).toMatchObject([{ name: "talk-store-tcp-5432-ip", healthy: 2 }]);
  expect([...group("talk-store-tcp-5432-ip").targets.values()].map(({ port }) => port)).toEqual([6000, 6000]);
  expect(await isEmptyPlan(moved)).toMatch(/^Plan: nothing to change/);
});

test("a service moves from instances to a cluster on Fargate behind the same listener", async () => {
  await start();
  const pristine = comparable(cloud);
  const before = store(ec2).behindNlb(nlb);
  await before.deploy();
  await tagsKnown(cloud);
  const other = store(fargate).cluster(new Cluster("elsewhere").fargate()).behindNlb(nlb);
  await withPermissionsOf(before, () => other.deploy());
  expect(listeners()).toEqual(["conferenceNlb TCP 5432"]);
  expect(groups()).toMatchObject([{ name: "talk-store-tcp-5432-ip", type: "ip", healthy: 2 }]);
  expect(await isEmptyPlan(other)).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  expect((await other.destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("a load balancer whose deletion is prevented is kept by a destroy, with its reason", async () => {
  await start();
  const kept = store().behindNlb(nlb.attributes({ deletionProtection: true }));
  await kept.deploy();
  await tagsKnown(cloud);
  const reasons = (await kept.destroy()).kept.map(({ name, why }) => `${name}: ${why}`);
  expect(reasons.join("\n")).toContain("the deletion protection of load-balancer conferenceNlb is on");
  expect(balancer()).toBeDefined();
  expect(listeners()).toEqual([]);
});
