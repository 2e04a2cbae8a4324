import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer, type RouteOptions } from "../../src/index.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = (options: Partial<LocalCloudOptions> = {}): LocalCloud =>
  (cloud = localCloud({ clock: "virtual", seed: 1, ...options }));

const alb = new LoadBalancer("conferenceAlb").http(80);
const cluster = new Cluster("conference").fargate();
const behind = (name: string, route: RouteOptions, balancer = alb) =>
  new Deployment(name)
    .image(`${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(cluster)
    .behindAlb(balancer, route)
    .on(cloud);

const rules = () =>
  [...cloud.account.elb.rules.values()]
    .filter(({ priority }) => priority !== "default")
    .sort((one, other) => Number(one.priority) - Number(other.priority));

const answering = (...names: readonly string[]) => ({
  images: Object.fromEntries(
    names.map((name) => [name, { answers: { "/": 200, "/talk": { status: 200, body: name } } }]),
  ),
});

test("requests reach the service whose methods, headers, query and source they have", async () => {
  start(answering("plain", "team", "beta", "writes", "inside"));
  await new Fleet(
    behind("plain", { path: "/talk*" }),
    behind("team", { path: "/talk*", headers: { "X-Team": ["a*", "b*"] } }),
    behind("beta", { path: "/talk*", query: { beta: ["1", "yes"] } }),
    behind("writes", { path: "/talk*", methods: ["POST", "PUT"] }),
    behind("inside", { path: "/talk*", source: "10.0.0.0/8" }),
  ).deploy();

  const { dnsName } = [...cloud.account.elb.loadBalancers.values()][0]!;
  const ask = async (path: string, init?: RequestInit): Promise<string> =>
    (
      await cloud.account.traffic.answer!(new Request(`http://${dnsName}${path}`, init), {
        dnsName,
        port: 80,
      })
    ).text();
  const headers = { "x-team": "Alpha" };
  expect(await ask("/talk")).toBe("plain");
  expect(await ask("/talk", { headers })).toBe("team");
  expect(await ask("/talk?beta=yes")).toBe("beta");
  expect(await ask("/talk?beta=no")).toBe("plain");
  expect(await ask("/talk", { method: "PUT" })).toBe("writes");
});

test("a rule with further conditions is evaluated before the one that matches all of its requests, whichever is first", async () => {
  start();
  await behind("plain", { path: "/talk*" }).deploy();
  await behind("team", { path: "/talk*", headers: { "x-team": "a*" } }).deploy();
  await behind("both", { path: "/talk*", headers: { "x-team": "a*" }, methods: "GET" }).deploy();
  await behind("last", { path: "/ta*" }).deploy();
  const order = rules().map(({ tags }) => tags.get("quayside:owner"));
  expect(order).toEqual(["deployment/both", "deployment/team", "deployment/plain", "deployment/last"]);
});

test("conditions that are listed in another order, or spelled in another case, are no change", async () => {
  start();
  const route = { headers: { "X-Team": ["a*", "b*"] }, methods: ["GET", "HEAD"] } as const;
  await behind("talk", route).deploy();
  const [rule] = rules();
  for (const { HttpHeaderConfig, HttpRequestMethodConfig } of rule!.conditions) {
    if (HttpHeaderConfig !== undefined)
      Object.assign(HttpHeaderConfig, { HttpHeaderName: "x-team", Values: ["b*", "a*"] });
    HttpRequestMethodConfig?.Values?.reverse();
  }
  expect((await behind("talk", route).plan()).isEmpty).toBe(true);
});

test("a condition that is added by hand is removed again", async () => {
  start();
  await behind("talk", { path: "/talk*" }).deploy();
  rules()[0]!.conditions.push({
    Field: "http-header",
    HttpHeaderConfig: { HttpHeaderName: "x-team", Values: ["a"] },
  });
  const plan = await behind("talk", { path: "/talk*" }).plan();
  expect(plan.changes.filter(({ action }) => action === "update").flatMap(({ fields }) => fields)).toEqual([
    { path: "headers", before: { "x-team": ["a"] }, after: undefined },
  ]);
  await behind("talk", { path: "/talk*" }).deploy();
  expect(rules()[0]!.conditions.map(({ Field }) => Field)).toEqual(["path-pattern"]);
});

test("hosts and paths that need several rules have the further conditions in each, within a rule's five values", async () => {
  start();
  await behind("talk", {
    path: ["/a", "/b", "/c"],
    host: ["a.example.com", "b.example.com"],
    headers: { "x-team": ["a", "b"] },
  }).deploy();
  for (const { conditions } of rules()) {
    expect(conditions.find(({ Field }) => Field === "http-header")?.HttpHeaderConfig?.Values).toEqual([
      "a",
      "b",
    ]);
  }
  expect(rules().length).toBe(3);
});

test("bad conditions are refused before any call, each with its reason", async () => {
  start();
  const bad = behind("talk", {
    methods: ["get"],
    headers: { host: "a", "x-a": [] },
    query: {},
    source: "10.0.0.1/8",
    slowStart: "10s",
    algorithm: "least-outstanding",
    protocol: "grpc",
    healthCheck: { port: 9090 },
  } as never);
  await expect(bad.deploy()).rejects.toMatchObject({ code: "invalid-spec" });
  const { issues } = (await bad.plan().catch((error: unknown) => error)) as {
    issues: readonly { path: string; message: string }[];
  };
  expect(issues.map(({ path, message }) => `${path}: ${message}`)).toMatchInlineSnapshot(`
    [
      "behindAlb.methods: must be HTTP methods in upper-case letters, such as "GET"; got "get"",
      "behindAlb.headers: must not be the header Host: use the option host; got "host"",
      "behindAlb.headers: "x-a" must have one pattern or several, each of 1 to 128 printable characters; got an empty array",
      "behindAlb.query: must be an object of names and patterns, such as { beta: "1" }; got an empty object",
      "behindAlb.source: must be the first address of its block, "10.0.0.0/8"; got "10.0.0.1/8"",
      "behindAlb.slowStart: must be a duration from 30s to 15m, such as "60s", "5m", "1h" or "3d"; got "10s"",
      "behindAlb.protocol: grpc requires an HTTPS listener, and load balancer conferenceAlb has none: new LoadBalancer("conferenceAlb").https(443, { certificate })",
      "behindAlb.healthCheck.port: must be a TCP port of a container: .container({ ports: [{ port: 9090 }] })",
    ]
  `);
  const many = behind("talk", { headers: { "x-a": ["1", "2", "3"] }, methods: ["GET", "PUT"] });
  await expect(many.plan()).rejects.toThrow("at most 4 values together");
  const together = behind("talk", { slowStart: "60s", algorithm: "least-outstanding" });
  await expect(together.plan()).rejects.toThrow("with the algorithm round-robin only");
});

test("a gRPC service has a target group of its own protocol, behind HTTPS listeners only", async () => {
  start({ certificates: [{ domain: "talk.example.com" }] });
  const both = new LoadBalancer("conferenceAlb").http(80).https(443, { certificate: "talk.example.com" });
  await behind("talk", { path: "/talk*" }, both).deploy();
  const before = [...cloud.account.elb.targetGroups.values()].map(({ name }) => name);

  await behind("talk", { path: "/talk*", protocol: "grpc" }, both).deploy();
  const groups = [...cloud.account.elb.targetGroups.values()];
  expect(
    groups.map(({ protocolVersion, healthCheck: { path, httpCode } }) => [protocolVersion, path, httpCode]),
  ).toEqual([["GRPC", "/AWS.ALB/healthcheck", "12"]]);
  expect(groups[0]!.name).not.toBe(before[0]);
  expect(rules().map(({ listenerArn }) => cloud.account.elb.listeners.get(listenerArn)?.port)).toEqual([443]);
  expect((await behind("talk", { path: "/talk*", protocol: "grpc" }, both).plan()).isEmpty).toBe(true);

  await behind("talk", { path: "/talk*" }, both).deploy();
  expect([...cloud.account.elb.targetGroups.values()].map(({ name }) => name)).toEqual(before);
});

test("a gRPC service behind a load balancer of others that has no HTTPS listener is refused before any change", async () => {
  start();
  await behind("plain", { path: "/plain*" }).deploy();
  const talk = behind("talk", { protocol: "grpc" }, LoadBalancer.existing("conferenceAlb"));
  await expect(talk.deploy()).rejects.toMatchObject({ code: "no-listener" });
  expect([...cloud.account.elb.targetGroups.values()].map(({ name }) => name)).toEqual(["plain-ip"]);
});
