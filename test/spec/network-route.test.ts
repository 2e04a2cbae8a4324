import { describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, NetworkLoadBalancer, SpecError } from "../../src/index.js";
import { ecsBlueGreenSeconds } from "../../src/spec/ecs-blue-green.js";

const nlb = new NetworkLoadBalancer("tcp").tcp(5432);
const store = new Deployment("talk-store")
  .image("registry.example.com/store:1")
  .container({ port: 5432, ports: [9090, { port: 53, protocol: "udp" }], cpu: 256, memory: 512 })
  .cluster(new Cluster("conference").fargate());

function issuesOf(chain: { toJSON(): unknown }): string[] {
  try {
    chain.toJSON();
  } catch (error) {
    if (error instanceof SpecError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}
const routeOf = (chain: typeof store) =>
  chain.toJSON().networkRoutes?.map(({ listener, container, port, targetGroup }) => ({
    listener: `${listener.protocol} ${listener.port}`,
    to: `${container}:${port}`,
    targetGroup,
  }));

describe("a route of a network load balancer", () => {
  test("leads from the only listener to the port of the same number, else to the first one", () => {
    expect(routeOf(store.behindNlb(nlb))).toEqual([
      { listener: "tcp 5432", to: "talk-store:5432", targetGroup: "talk-store-tcp-5432-ip" },
    ]);
    expect(routeOf(store.behindNlb(new NetworkLoadBalancer("tcp").tcp(9090)))).toMatchObject([
      { to: "talk-store:9090" },
    ]);
    expect(routeOf(store.behindNlb(new NetworkLoadBalancer("tcp").tcp(7000)))).toMatchObject([
      { to: "talk-store:5432" },
    ]);
    expect(
      routeOf(store.behindNlb(new NetworkLoadBalancer("tcp").udp(53), { healthCheck: { port: 9090 } })),
    ).toEqual([{ listener: "udp 53", to: "talk-store:53", targetGroup: "talk-store-udp-53-ip" }]);
  });

  test("has the listener of the container's port among several, or the named one", () => {
    const two = nlb.tcp(9090);
    expect(routeOf(store.behindNlb(two, { port: 9090 }))).toMatchObject([{ listener: "tcp 9090" }]);
    expect(routeOf(store.behindNlb(two, { port: 9090, listener: 5432 }))).toMatchObject([
      { listener: "tcp 5432", to: "talk-store:9090" },
    ]);
  });

  test("is replaced by a later call for the same listener, and added to those for others", () => {
    const two = nlb.tcp(9090);
    const chain = store.behindNlb(two, { port: 5432 }).behindNlb(two, { port: 9090 });
    expect(routeOf(chain)).toMatchObject([{ listener: "tcp 5432" }, { listener: "tcp 9090" }]);
    expect(routeOf(chain.behindNlb(two, { listener: 5432, port: 9090 }))).toMatchObject([
      { listener: "tcp 5432", to: "talk-store:9090" },
      { listener: "tcp 9090" },
    ]);
  });

  test("has AWS's delay, a check over TCP, and one over HTTP with a path", () => {
    const [tcp] = store.behindNlb(nlb).toJSON().networkRoutes!;
    expect(tcp!.deregistrationDelay).toBe(300);
    expect(tcp!.healthCheck).toEqual({
      protocol: "tcp",
      interval: 10,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    });
    const [http] = store.behindNlb(nlb, { healthCheck: { codes: "200-599" } }).toJSON().networkRoutes!;
    expect(http!.healthCheck).toMatchObject({ protocol: "http", path: "/", codes: "200-599" });
  });
});

describe("blue/green behind a network load balancer", () => {
  const ofEcs = (options?: object) => store.behindNlb(nlb).blueGreen(options).toJSON();

  test("is made by ECS, with a second target group: all at once, a canary, or equal steps", () => {
    const spec = ofEcs();
    expect(spec.blueGreen).toBeUndefined();
    expect(spec.networkRoutes).toMatchObject([
      { targetGroup: "talk-store-tcp-5432-ip", alternate: "talk-store-tcp-5432-ip-alternate" },
    ]);
    expect(spec.service.ecsBlueGreen).toEqual({
      strategy: "BLUE_GREEN",
      percent: undefined,
      bake: 1,
      alarms: [],
      of: "listeners",
    });
    expect(ofEcs({ shift: [10, 100], every: "5m" }).service.ecsBlueGreen).toMatchObject({
      strategy: "CANARY",
      percent: 10,
      bake: 5,
    });
    expect(ofEcs({ shift: [25, 50, 75, 100], alarms: ["errors"] }).service.ecsBlueGreen).toMatchObject({
      strategy: "LINEAR",
      percent: 25,
      alarms: ["errors"],
    });
  });

  test("has a name in Service Connect as well", () => {
    const spec = store.behindNlb(nlb).connect({ as: "store" }).blueGreen().toJSON();
    expect(spec.service.ecsBlueGreen).toMatchObject({ of: "listeners" });
    expect(spec.connect?.endpoints).toMatchObject([{ as: "store" }]);
  });

  test("has long names of target groups shortened", () => {
    const targetGroup = "a-target-group-with-a-long-name1";
    const [route] = store.behindNlb(nlb, { targetGroup }).blueGreen().toJSON().networkRoutes!;
    expect(route!.alternate).toMatch(/^a-target-.*-alternate$/);
    expect(route!.alternate!.length).toBeLessThanOrEqual(32);
  });

  test("takes ten minutes more for each step, and the way back", () => {
    const seconds = (options?: object) => ecsBlueGreenSeconds(ofEcs(options).service.ecsBlueGreen!);
    expect([
      seconds(),
      seconds({ shift: [10, 100], every: "5m" }),
      seconds({ shift: [25, 50, 75, 100] }),
    ]).toEqual([60 + 1200, 600 + 1800, 240 + 3000]);
  });
});

describe("what is wrong is said before any call", () => {
  test("of a route", () => {
    const udp = new NetworkLoadBalancer("tcp").udp(53);
    const chains = [
      store.behindNlb("tcp" as never),
      store.behindNlb(new NetworkLoadBalancer("tcp")),
      store.behindNlb(nlb.tcp(1), { port: 9090 }),
      store.behindNlb(nlb, { listener: 80 }),
      store.behindNlb(nlb, { port: 80 }),
      store.behindNlb(nlb, { container: "web" }),
      store.behindNlb(udp, { port: 9090, healthCheck: { port: 9090 } }),
      store.behindNlb(udp),
      store.behindNlb(udp, { healthCheck: { port: 9090 }, preserveClientIp: false }),
      store.behindNlb(nlb, { healthCheck: { port: 81 } }),
      store.behindNlb(nlb, { healthCheck: { protocol: "tcp", path: "/health" } }),
      store.behindNlb(nlb, { healthCheck: "health" }),
      store.behindNlb(nlb, { healthCheck: 1 as never }),
      store.behindNlb(nlb, { path: "/talk*" } as never),
      store.behindNlb(new NetworkLoadBalancer("tcp").tls(6380)),
      store
        .behindNlb(nlb)
        .blueGreen({ verify: () => {}, verifyTimeout: "1m", keepOld: "1d", preview: true } as never),
      store.behindNlb(nlb).blueGreen({ shift: [10, 50, 100] }),
      store.behindAlb(new LoadBalancer("web").http(80)).behindNlb(nlb).blueGreen(),
      store.behindAlb(new LoadBalancer("tcp")).behindNlb(nlb),
      store.behindNlb(nlb).behindNlb(nlb.tcp(9090), { port: 9090 }),
      store.behindNlb(nlb).autoscale({ min: 1, max: 2, requestsPerTask: 100 }),
      [1, 2, 3, 4, 5, 6].reduce(
        (chain, listener) => chain.behindNlb(nlb.tcp(1).tcp(2).tcp(3).tcp(4).tcp(5).tcp(6), { listener }),
        store,
      ),
    ];
    expect(chains.flatMap(issuesOf)).toMatchInlineSnapshot(`
      [
        "behindNlb: must be a NetworkLoadBalancer with its listeners, such as new NetworkLoadBalancer("tcp").tcp(5432)",
        "behindNlb.listener: needs a listener of the load balancer tcp: call .tcp(port), .tls(port) or .udp(port) on it",
        "behindNlb.listener: is required: load balancer tcp has the listeners 5432, 1, and none of them has the container's port",
        "behindNlb.listener: must be a listener of load balancer tcp: 5432; got 80",
        "behindNlb.port: must be a TCP port of container talk-store: 5432, 9090; got 80",
        "behindNlb.container: must be a container of the task: talk-store; got web",
        "behindNlb.port: must be a UDP port of container talk-store: 53; got 9090",
        "behindNlb.healthCheck: needs a TCP port of the task, because AWS does not check what is sent over UDP: .container({ ports: [{ port: 8080 }] }), healthCheck: { port: 8080 }",
        "behindNlb.preserveClientIp: must not be false behind a UDP listener, where AWS always preserves it",
        "behindNlb.healthCheck: must check a TCP port of a container: 5432, 9090; got 81",
        "behindNlb.healthCheck.protocol: must be "http" with a path or codes: a check over TCP only opens a connection",
        "behindNlb.healthCheck: must be a path that begins with / and has at most 1024 characters; got "health"",
        "behindNlb.healthCheck: must be a path for a check over HTTP, or { protocol, path, codes, port, interval, timeout, healthyThreshold, unhealthyThreshold }; got 1",
        "behindNlb.path: unknown option; valid options: port, listener, container, domain, healthCheck, targetGroup, deregistrationDelay, connectionTermination, preserveClientIp, proxyProtocol",
        "behindNlb.domain: is required for the TLS listener on port 6380, which has no certificate: name the domain, or a certificate, .tls(6380, { certificate })",
        "blueGreen.verify: is not supported with a Network Load Balancer, whose traffic ECS shifts by itself: use alarms",
        "blueGreen.verifyTimeout: is not supported with a Network Load Balancer, whose traffic ECS shifts by itself",
        "blueGreen.keepOld: is not supported with a Network Load Balancer: ECS stops the old version after \`every\`, for which it can return at once",
        "blueGreen.preview: is not supported with a Network Load Balancer, which has no rules: use \`shift\`, so that a few connections go to the new version first",
        "blueGreen.shift: must be [100], two steps such as [10, 100], or equal steps such as [25, 50, 75, 100], which ECS shifts by itself for a Network Load Balancer; got an array",
        "blueGreen: is not supported with .behindAlb(...) and .behindNlb(...) together: behind an Application Load Balancer a release has two services, and a listener of a Network Load Balancer leads to one, whose traffic ECS shifts. Make two deployments of them, or remove .blueGreen(...)",
        "behindNlb: must not be the load balancer of .behindAlb(...), tcp: an Application and a Network Load Balancer have different names in a region",
        "behindNlb: tcp has different descriptions: describe the load balancer once and pass it to each call",
        "autoscale.requestsPerTask: needs a load balancer to count the requests: call .behindAlb(...)",
        "behindNlb: must have 5 routes at most, together with those of .behindAlb(...), which a service of ECS has; got 6",
      ]
    `);
  });

  test("of a load balancer", () => {
    const balancers = [
      new NetworkLoadBalancer("-tcp").tcp(5432),
      nlb.tcp(0),
      nlb.udp(5432),
      nlb.tls(443, { certificate: "not a domain" }),
      nlb.tls(443, { redirectHttp: true } as never),
      nlb.addresses("eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef0"),
      nlb.addresses("203.0.113.1"),
      nlb.internal().addresses("eipalloc-0123456789abcdef0"),
      nlb.allow("10.0.0.1/8"),
      nlb.attributes({ idleTimeout: "2m" } as never),
      nlb.securityGroup("sg-web"),
      NetworkLoadBalancer.existing("tcp")
        .tcp(5432)
        .internal()
        .allow("10.0.0.0/8")
        .attributes({ crossZone: true }),
    ];
    const listener = { listener: 5432 };
    expect(balancers.flatMap((each) => issuesOf(store.behindNlb(each, listener)))).toMatchInlineSnapshot(`
      [
        "loadBalancer.name: must be 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"; got "-tcp"",
        "loadBalancer.tcp: must be a whole number from 1 to 65535; got 0",
        "loadBalancer.udp: port 5432 is used by another listener: use a different port for each",
        "loadBalancer.tls.certificate: must be the ARN of a certificate in ACM or IAM, a domain such as "talk.example.com", or an array of these; got "not a domain"",
        "loadBalancer.tls.redirectHttp: unknown option; valid options: certificate",
        "loadBalancer.addresses: must not list an address twice",
        "loadBalancer.addresses: must be allocation IDs of Elastic IP addresses, one for each subnet, such as "eipalloc-0123456789abcdef0"; got "203.0.113.1"",
        "loadBalancer.addresses: is supported for internet-facing load balancers only, which have public addresses: remove .internal(), or the addresses",
        "loadBalancer.allow: must be the first address of its block, "10.0.0.0/8"; got "10.0.0.1/8"",
        "loadBalancer.attributes.idleTimeout: unknown option; valid options: crossZone, deletionProtection, accessLogs",
        "loadBalancer.securityGroup: must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with "sg-"; got "sg-web"",
        "loadBalancer.internal: is not supported with NetworkLoadBalancer.existing(...), which never changes the load balancer: remove it, or use new NetworkLoadBalancer(...)",
        "loadBalancer.allow: is not supported with NetworkLoadBalancer.existing(...), which never changes the load balancer: remove it, or use new NetworkLoadBalancer(...)",
        "loadBalancer.attributes: is not supported with NetworkLoadBalancer.existing(...), which never changes the load balancer: remove it, or use new NetworkLoadBalancer(...)",
      ]
    `);
  });
});
