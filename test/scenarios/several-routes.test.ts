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
      admin: { answers: { "/": 200, "/admin": { status: 200, body: "admin" } } },
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
