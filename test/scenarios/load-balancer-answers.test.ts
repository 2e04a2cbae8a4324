import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (): Promise<LocalCloud> =>
  (cloud = await sharedAccount({
    certificates: [{ domain: "example.com" }],
    images: { talk: { answers: { "/": 200, "/talk": { status: 200, body: "talk" } } } },
  }));

const plain = new LoadBalancer("conferenceAlb").http(80);
const alb = plain
  .redirect({ path: "/old/*" }, { to: "/new/#{path}?from=old", status: 301 })
  .respond({ path: "/health" }, { status: 200, body: '{"ok":true}', contentType: "application/json" });
const talk = (balancer: LoadBalancer, name = "talk-service", path = "/talk*"): CompleteDeployment =>
  new Deployment(name)
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb(balancer, { path })
    .on(cloud);

const own = () => [...cloud.account.elb.loadBalancers.values()].find(({ name }) => name === "conferenceAlb")!;
const rules = () =>
  [...cloud.account.elb.rules.values()]
    .filter(({ priority, arn }) => priority !== "default" && arn.includes("/conferenceAlb/"))
    .sort((one, other) => Number(one.priority) - Number(other.priority))
    .map(
      ({ tags, conditions }) =>
        `${tags.get("quayside:owner")} ${conditions.flatMap(({ Values }) => Values ?? []).join(" ")}`,
    );
const ask = async (url: string, port = 80): Promise<readonly unknown[]> => {
  const { dnsName } = own();
  const response = await cloud.account.traffic.answer!(
    new Request(url.startsWith("/") ? `http://${dnsName}${url}` : url, { redirect: "manual" }),
    { dnsName, port },
  );
  return [response.status, response.headers.get("location") ?? (await response.text())];
};

test("a load balancer redirects and answers requests by itself, beside its services", async () => {
  await start();
  const pristine = comparable(cloud);
  await withPermissionsOf(talk(alb), () => talk(alb).deploy());
  const { dnsName } = own();
  expect(await ask("/talk")).toEqual([200, "talk"]);
  expect(await ask("/old/a/b?c=d")).toEqual([301, `http://${dnsName.toLowerCase()}:80/new/old/a/b?from=old`]);
  expect(await ask("/health")).toEqual([200, '{"ok":true}']);
  expect(await ask("/")).toEqual([404, "Not found"]);
  expect((await talk(alb).plan()).toString()).toMatch(/^Plan: nothing to change/);
  expect(
    (await alb.on(cloud).status()).listeners[0]!.rules.map(({ action, path }) => [action, ...path]),
  ).toEqual([
    ["fixed-response", "/health"],
    ["redirect", "/old/*"],
    ["forward", "/talk*"],
  ]);
  await tagsKnown(cloud);
  expect((await withPermissionsOf(talk(alb), () => talk(alb).destroy())).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("answers are changed in place, and deleted when they are no longer described", async () => {
  await start();
  await talk(alb).deploy();
  const changed = plain
    .redirect({ path: "/old/*" }, { host: "example.com", protocol: "https" })
    .respond({ path: "/health" }, { status: 204 });
  const { changes } = await talk(changed).plan();
  expect(changes.flatMap(({ action, fields }) => (action === "update" ? fields : []))).toMatchInlineSnapshot(`
    [
      {
        "after": "HTTPS",
        "before": "#{protocol}",
        "path": "action.protocol",
      },
      {
        "after": "example.com",
        "before": "#{host}",
        "path": "action.host",
      },
      {
        "after": "443",
        "before": "#{port}",
        "path": "action.port",
      },
      {
        "after": "/#{path}",
        "before": "/new/#{path}",
        "path": "action.path",
      },
      {
        "after": "#{query}",
        "before": "from=old",
        "path": "action.query",
      },
      {
        "after": 302,
        "before": 301,
        "path": "action.status",
      },
      {
        "after": 204,
        "before": 200,
        "path": "action.status",
      },
      {
        "after": "text/plain",
        "before": "application/json",
        "path": "action.contentType",
      },
      {
        "after": undefined,
        "before": "{"ok":true}",
        "path": "action.body",
      },
    ]
  `);
  expect(await writesOf(cloud, () => talk(changed).deploy())).toEqual(["modifyRule", "modifyRule"]);
  expect(await ask("/old/a?b=c")).toEqual([302, "https://example.com:443/old/a?b=c"]);
  expect(await ask("/health")).toEqual([204, ""]);

  await tagsKnown(cloud);
  expect(await writesOf(cloud, () => talk(plain).deploy())).toEqual(["deleteRule", "deleteRule"]);
  expect(rules()).toEqual(["deployment/talk-service /talk*"]);
});

test("an answer to other requests is there before the old one is deleted", async () => {
  await start();
  await talk(alb).deploy();
  await tagsKnown(cloud);
  const moved = plain
    .redirect({ path: "/older/*" }, { to: "/new/#{path}" })
    .respond({ path: "/health" }, { status: 204 });
  const writes = await writesOf(cloud, () => talk(moved).deploy());
  expect([...writes].sort()).toEqual(["createRule", "deleteRule", "modifyRule"]);
  expect(writes[0]).toBe("createRule");
  expect(rules()).toEqual([
    "load-balancer/conferenceAlb /health",
    "load-balancer/conferenceAlb /older/*",
    "deployment/talk-service /talk*",
  ]);
});

test("answers that others change or delete by hand are as described after the next deploy", async () => {
  await start();
  await talk(alb).deploy();
  for (const [arn, { conditions, actions }] of cloud.account.elb.rules) {
    if (conditions[0]?.Values?.[0] === "/health") cloud.account.elb.rules.delete(arn);
    if (conditions[0]?.Values?.[0] === "/old/*") actions[0]!.RedirectConfig!.StatusCode = "HTTP_302";
  }
  expect((await writesOf(cloud, () => talk(alb).deploy())).sort()).toEqual(["createRule", "modifyRule"]);
  expect((await talk(alb).plan()).isEmpty).toBe(true);
});

test("answers stand on every listener where they lead elsewhere, and rank by how specific they are", async () => {
  await start();
  const both = new LoadBalancer("conferenceAlb")
    .http(80)
    .https(443, { certificate: "example.com" })
    .redirect({ host: "www.example.com" }, { to: "https://example.com", status: 301 })
    .redirect({ path: "/talk/secret*" }, { protocol: "https" })
    .respond({}, { status: 503, body: "maintenance" });
  await talk(both).deploy();
  expect(await ask("http://www.example.com/a?b=c")).toEqual([301, "https://example.com:443/a?b=c"]);
  expect(await ask("https://www.example.com/a", 443)).toEqual([301, "https://example.com:443/a"]);
  expect(await ask("http://example.com/talk/secret/1")).toEqual([
    302,
    "https://example.com:443/talk/secret/1",
  ]);
  // Redirected there already.
  expect((await ask("https://example.com/talk", 443))[1]).toBe("talk");
  expect(rules().filter((rule) => rule.includes("secret")).length).toBe(1);
  expect(await ask("http://example.com/other")).toEqual([503, "maintenance"]);
  expect(await ask("https://example.com/other", 443)).toEqual([503, "maintenance"]);
  expect((await talk(both).plan()).isEmpty).toBe(true);
});

test("a load balancer by itself has its answers, and is deleted with them", async () => {
  await start();
  const pristine = comparable(cloud);
  await withPermissionsOf(alb.on(cloud), async () => {
    await alb.on(cloud).deploy();
    expect((await alb.on(cloud).plan()).isEmpty).toBe(true);
    expect((await alb.on(cloud).plan()).changes.map(({ resource }) => resource)).toContain("listener-rule");
    expect((await ask("/health"))[0]).toBe(200);
    await tagsKnown(cloud);
    const writes = await writesOf(cloud, () => alb.on(cloud).destroy());
    expect(writes.filter((call) => /Rule|Listener/.test(call))).toEqual([]);
  });
  expect(comparable(cloud)).toEqual(pristine);
});

test("deployments that share the load balancer have its answers once, until the last one leaves", async () => {
  await start();
  const fleet = new Fleet(talk(alb), talk(alb, "speaker-service", "/speaker*"));
  await fleet.deploy();
  expect(rules().length).toBe(4);
  await tagsKnown(cloud);
  await talk(alb).destroy();
  expect(rules().length).toBe(3);
  expect((await ask("/health"))[0]).toBe(200);
  await talk(alb, "speaker-service", "/speaker*").destroy();
  expect(own()).toBeUndefined();
});

test("a rule that others have made for the same requests is refused, or adopted and kept", async () => {
  await start();
  await talk(plain).deploy();
  const [listener] = [...cloud.account.elb.listeners.values()].filter(
    ({ loadBalancerArn }) => loadBalancerArn === own().arn,
  );
  await cloud.ports.elb.createRule({
    ListenerArn: listener!.arn,
    Priority: 7,
    Conditions: [{ Field: "path-pattern", Values: ["/health"] }],
    Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "418" } }],
  });
  const answering = plain.respond({ path: "/health" }, { status: 200 });
  await expect(talk(answering).deploy()).rejects.toMatchObject({ code: "not-owned" });
  await talk(answering).deploy({ adopt: true });
  expect(await ask("/health")).toEqual([200, ""]);
  expect(rules().length).toBe(2);
});

test("an answer with a priority has it, and one for many hosts has several rules", async () => {
  await start();
  const hosts = ["a", "b", "c", "d", "e", "f"].map((name) => `${name}.example.com`);
  const many = plain
    .respond({ host: hosts, priority: 10 }, { status: 404 })
    .redirect({ path: "/a", headers: { "x-old": "1" } }, { to: "/b" });
  await talk(many).deploy();
  const priorities = [...cloud.account.elb.rules.values()]
    .filter(
      ({ arn, tags }) =>
        arn.includes("/conferenceAlb/") && tags.get("quayside:owner")?.startsWith("load-balancer"),
    )
    .map(({ priority }) => priority);
  expect(priorities.slice(0, 2)).toEqual([10, 11]);
  expect(await ask("http://f.example.com/talk")).toEqual([404, ""]);
  expect((await talk(many).plan()).isEmpty).toBe(true);
});
