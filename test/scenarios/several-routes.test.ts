import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = async (): Promise<LocalCloud> =>
  (cloud = await sharedAccount({
    images: {
      talk: { answers: { "/": 200, "/talk": { status: 200, body: "talk" } } },
      admin: {
        answers: {
          "/": 200,
          "/health": 200,
          "/admin": { status: 200, body: "admin" },
          "/admin/a": { status: 200, body: "a" },
          "/admin/b": { status: 200, body: "b" },
        },
      },
    },
  }));

const alb = new LoadBalancer("conferenceAlb").http(80);
const inside = new LoadBalancer("insideAlb").internal();
const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });
const main = (cluster: Cluster): CompleteDeployment =>
  new Deployment("talk-service")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, ports: [9090], memoryReservation: 256 })
    .sidecar("admin", { image: "registry.example.com/admin:1", port: 9000, memoryReservation: 256 })
    .task(cluster === fargate ? { cpu: 512, memory: 1024 } : {})
    .cluster(cluster)
    .behindAlb(alb, { path: "/talk*" })
    .on(cloud) as CompleteDeployment;
const both = (cluster: Cluster): CompleteDeployment =>
  main(cluster).behindAlb(alb, { path: "/admin*", container: "admin", port: 9000 });

const ask = async (path: string, balancer = "conferenceAlb"): Promise<string> => {
  const { dnsName } = [...cloud.account.elb.loadBalancers.values()].find(({ name }) => name === balancer)!;
  return (
    await cloud.account.traffic.answer!(new Request(`http://${dnsName}${path}`), { dnsName, port: 80 })
  ).text();
};
const groups = (): string[] =>
  [...cloud.account.elb.targetGroups.values()]
    .map(({ name }) => name)
    .filter((name) => name.startsWith("talk"));

describe.each([
  ["Fargate", fargate],
  ["instances", ec2],
])("on %s, a second route", (_, cluster) => {
  test("leads to another container of the task, and leaves with the chain that has it", async () => {
    await start();
    const pristine = comparable(cloud);
    await both(cluster).deploy();
    expect(await ask("/talk")).toBe("talk");
    expect(await ask("/admin")).toBe("admin");
    expect((await both(cluster).plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect(groups().length).toBe(2);
    await tagsKnown(cloud);

    await withPermissionsOf(both(cluster), () => main(cluster).deploy());
    expect(groups().length).toBe(1);
    expect(await ask("/talk")).toBe("talk");
    expect(await ask("/admin")).toBe("Not found");
    expect((await main(cluster).plan()).isEmpty).toBe(true);

    await both(cluster).deploy();
    expect(await ask("/admin")).toBe("admin");
    await tagsKnown(cloud);
    expect((await both(cluster).destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });
});

test("a second route may be behind another load balancer, and lead to another port of the main container", async () => {
  await start();
  const chain = () => main(fargate).behindAlb(inside, { path: "/metrics*", port: 9090 });
  const { url } = await chain().deploy();
  expect(url).toMatch(/\/talk$/);
  const [service] = cloud.account.ecs.clusters.get("conference")!.services.values();
  expect(
    service!.description.loadBalancers?.map(({ containerName, containerPort }) => [
      containerName,
      containerPort,
    ]),
  ).toEqual([
    ["talk-service", 8080],
    ["talk-service", 9090],
  ]);
  expect((await chain().plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  expect((await chain().destroy()).kept).toEqual([]);
  expect([...cloud.account.elb.loadBalancers.values()].map(({ name }) => name)).toEqual(["their-alb"]);
});

test("a new version keeps both routes", async () => {
  await start();
  await both(ec2).deploy();
  await both(ec2).env({ VERSION: "2" }).deploy();
  expect([await ask("/talk"), await ask("/admin")]).toEqual(["talk", "admin"]);
});

test("a call without a container or a port replaces the main route", async () => {
  await start();
  const spec = main(fargate).behindAlb(alb, { path: "/speak*" }).toJSON();
  expect(spec.route?.path).toEqual(["/speak*"]);
  expect(spec.furtherRoutes).toBeUndefined();
});

test("routes that no container has are refused before any call", async () => {
  await start();
  const bad = main(fargate)
    .behindAlb(alb, { path: "/a*", container: "web" })
    .behindAlb(alb, { path: "/b*", container: "admin", port: 9001 })
    .behindAlb(alb, { domain: "talk.example.com", port: 9090 });
  const { issues } = (await bad.plan().catch((error: unknown) => error)) as {
    issues: readonly { path: string; message: string }[];
  };
  expect(issues.map(({ path, message }) => `${path}: ${message}`)).toMatchInlineSnapshot(`
    [
      "behindAlb.container: must be a container of the task: talk-service, admin; got web",
      "behindAlb.port: must be a TCP port of container admin: 9000; got 9001",
      "behindAlb.domain: is supported on the main container's route: list the domain there, and name it as host here",
    ]
  `);
});

const paths = (): string[] =>
  [...cloud.account.elb.rules.values()].flatMap(({ conditions }) =>
    conditions.flatMap(({ Values, PathPatternConfig }) => PathPatternConfig?.Values ?? Values ?? []),
  );

describe("several routes to one container and port", () => {
  test.each([
    ["behind one load balancer", alb, {}],
    ["with health checks of their own", alb, { healthCheck: "/health" }],
    ["behind another load balancer", inside, {}],
  ])("each get their requests: %s", async (_, balancer, options) => {
    await start();
    const pristine = comparable(cloud);
    const three = main(fargate)
      .behindAlb(alb, { path: "/admin/a*", container: "admin" })
      .behindAlb(balancer, { path: "/admin/b*", container: "admin", ...options }) as CompleteDeployment;
    await three.deploy();
    expect(paths().sort()).toEqual(["/admin/a*", "/admin/b*", "/talk*"]);
    expect(await ask("/admin/a")).toBe("a");
    expect(await ask("/admin/b", balancer === inside ? "insideAlb" : "conferenceAlb")).toBe("b");
    expect(new Set(groups()).size).toBe(3);
    expect((await three.plan()).isEmpty).toBe(true);

    await tagsKnown(cloud);
    const last = main(fargate).behindAlb(alb, {
      path: "/admin/b*",
      container: "admin",
    }) as CompleteDeployment;
    await withPermissionsOf(three, () => last.deploy());
    expect(paths().sort()).toEqual(["/admin/b*", "/talk*"]);
    expect(await ask("/admin/b")).toBe("b");
    await tagsKnown(cloud);
    expect((await last.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("each are shifted with blue/green, behind two load balancers", async () => {
    await start();
    const chain = (version: number) =>
      main(fargate)
        .image(`registry.example.com/talk:${version}`)
        .behindAlb(alb, { path: "/admin/a*", container: "admin" })
        .behindAlb(inside, { path: "/admin/b*", container: "admin" })
        .blueGreen({}) as CompleteDeployment;
    await chain(1).deploy();
    await chain(2).deploy();
    expect(paths().sort()).toEqual(["/admin/a*", "/admin/b*", "/talk*"]);
    expect(await ask("/admin/b", "insideAlb")).toBe("b");
    expect((await chain(2).plan()).isEmpty).toBe(true);
  });

  test.each([
    ["one target group", { targetGroup: "one" }, "behindAlb.targetGroup"],
    ["one priority", { priority: 5 }, "behindAlb.priority"],
  ])("with %s are refused", async (_, options, path) => {
    await start();
    const chain = main(fargate)
      .behindAlb(alb, { path: "/admin/a*", container: "admin", ...options })
      .behindAlb(alb, { path: "/admin/b*", container: "admin", ...options }) as CompleteDeployment;
    await expect(chain.plan()).rejects.toThrow(path);
  });
});

test("answers with one priority are refused, and more than a hundred are a warning of the load balancer's plan", async () => {
  await start();
  const two = alb
    .respond({ path: "/a", priority: 5 }, { status: 204 })
    .redirect({ path: "/b", priority: 5 }, { to: "/c" });
  await expect(two.on(cloud).plan()).rejects.toThrow("loadBalancer.redirect.requests.priority");
  let many = alb;
  for (let index = 0; index <= 100; index++) many = many.respond({ path: `/${index}` }, { status: 204 });
  expect((await many.on(cloud).plan()).warnings.join()).toContain("would have 101 listener rules");
});

describe("verify reaches the first version", () => {
  const outside = new LoadBalancer("outsideAlb").http(80);
  test.each([
    ["behind two listeners", new LoadBalancer("conferenceAlb").http(80).http(8081), undefined, 1],
    [
      "behind two listeners, in another order",
      new LoadBalancer("conferenceAlb").http(8081).http(80),
      undefined,
      2,
    ],
    ["beside a route with a host on another load balancer", alb, outside, 1],
  ])("%s", async (_, balancer, other, seed) => {
    cloud = await sharedAccount({
      seed,
      images: { talk: { answers: { "/": 200, "/talk": 200, "/admin": 201 } } },
    });
    const seen: number[] = [];
    const one = new Deployment("talk-service")
      .image("registry.example.com/talk:1")
      .container({ port: 8080, ports: [9090], cpu: 256, memory: 512 })
      .cluster(fargate)
      .behindAlb(balancer, { path: "/talk*" })
      .behindAlb(balancer, { path: "/admin*", port: 9090 });
    const chain =
      other === undefined ? one : one.behindAlb(other, { path: "/x*", host: "x.example.com", port: 9090 });
    const released = chain.blueGreen({
      verify: async ({ fetch }) => {
        seen.push((await fetch("/talk")).status, (await fetch("/admin")).status);
      },
    });
    await (released.on(cloud) as CompleteDeployment).deploy();
    expect(seen.slice(0, 2)).toEqual([200, 201]);
    expect(
      [...cloud.account.elb.rules.values()].filter(({ conditions }) =>
        conditions.some(({ Field }) => Field === "http-header"),
      ),
    ).toEqual([]);
  });
});
