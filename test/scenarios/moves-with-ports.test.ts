import { afterEach, describe, expect, test } from "vitest";
import {
  AbortedError,
  Cluster,
  Deployment,
  LoadBalancer,
  NetworkLoadBalancer,
  type CompleteDeployment,
  type QuaysideEvent,
} from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });
const alb = (name: string) => new LoadBalancer(name).http(80);
const nlb = (name: string) => new NetworkLoadBalancer(name).tcp(5432);

/** A container that listens on the given ports. */
const store = (main: number, further: readonly number[], cluster: Cluster = fargate) =>
  new Deployment("store")
    .image("registry.example.com/store:1")
    .container({
      port: main,
      ports: further.map((port) => ({ port })),
      memoryReservation: 256,
      ...(cluster === fargate && { cpu: 256, memory: 512 }),
    })
    .cluster(cluster);

/** Each update's target groups and ports, in the order of the calls. */
const registrations = (since: number) =>
  cloud.calls
    .slice(since)
    .filter(({ operation, error }) => operation === "updateService" && error === undefined)
    .flatMap(({ input }) => {
      const { loadBalancers } = input as {
        loadBalancers?: { targetGroupArn: string; containerName: string; containerPort: number }[];
      };
      return loadBalancers === undefined
        ? []
        : [loadBalancers.map(({ containerName, containerPort }) => `${containerName}:${containerPort}`)];
    });

const taskRules = () =>
  cloud.state().securityGroups["store-tasks"]!.rules.filter((rule) => rule.startsWith("in from"));

/** Deploys one chain after the other, and returns what the move registered. */
async function move(from: CompleteDeployment, to: CompleteDeployment): Promise<string[][]> {
  cloud = await sharedAccount();
  await from.on(cloud).deploy();
  await tagsKnown(cloud);
  const since = cloud.calls.length;
  await withPermissionsOf(from.on(cloud), () => to.on(cloud).deploy());
  const registered = registrations(since);
  await tagsKnown(cloud);
  expect((await to.on(cloud).plan()).isEmpty).toBe(true);
  return registered;
}

describe("A move to another load balancer and another port of the container", () => {
  const before = store(9000, [5432]);
  const after = store(5432, [9000]);
  test.each<[string, CompleteDeployment, CompleteDeployment]>([
    ["an ALB to an ALB", before.behindAlb(alb("one")), after.behindAlb(alb("two"))],
    ["an ALB to an NLB", before.behindAlb(alb("one")), after.behindNlb(nlb("two"))],
    ["an NLB to an ALB", before.behindNlb(nlb("one"), { port: 9000 }), after.behindAlb(alb("two"))],
    ["an NLB to an NLB", before.behindNlb(nlb("one"), { port: 9000 }), after.behindNlb(nlb("two"))],
  ])("keeps the old port for the old one until it is over: from %s", async (_, from, to) => {
    expect(await move(from, to)).toEqual([["store:5432", "store:9000"], ["store:5432"]]);
    expect(taskRules()).toHaveLength(1);
  });

  test("keeps it on instances in bridge mode", async () => {
    const registered = await move(
      store(9000, [5432], ec2).behindAlb(alb("one")),
      store(5432, [9000], ec2).behindAlb(alb("two")),
    );
    expect(registered).toEqual([["store:5432", "store:9000"], ["store:5432"]]);
  });

  test("registers the new port in the old group if the container has the old one no longer", async () => {
    const registered = await move(
      store(9000, []).behindAlb(alb("one")),
      store(5432, []).behindAlb(alb("two")),
    );
    expect(registered).toEqual([["store:5432", "store:5432"], ["store:5432"]]);
    expect(taskRules()).toHaveLength(1);
  });

  test("keeps the ports of several routes", async () => {
    const registered = await move(
      before.behindAlb(alb("one"), { path: "/a*" }).behindAlb(alb("one"), { path: "/b*", port: 5432 }),
      after.behindAlb(alb("two"), { path: "/a*" }).behindNlb(nlb("three"), { port: 9000 }),
    );
    expect(registered).toEqual([
      ["store:5432", "store:9000", "store:9000", "store:5432"],
      ["store:5432", "store:9000"],
    ]);
  });

  test("keeps it where the container of the port gets another name", async () => {
    const named = (name: string, main: number, further: number) =>
      new Deployment("store")
        .image("registry.example.com/store:1")
        .container({ name, port: main, ports: [{ port: further }], cpu: 256, memory: 512 })
        .cluster(fargate);
    const registered = await move(
      named("old", 9000, 5432).behindAlb(alb("one")),
      named("new", 5432, 9000).behindAlb(alb("two")),
    );
    expect(registered).toEqual([["new:5432", "new:9000"], ["new:5432"]]);
  });

  test("succeeds with blue/green", async () => {
    await move(
      before.behindAlb(alb("one")).blueGreen(),
      after.behindAlb(alb("two"), { targetGroup: "two" }).blueGreen(),
    );
  });

  test("revokes what an interrupted run has admitted", async () => {
    cloud = await sharedAccount();
    const from = store(9000, []).behindAlb(alb("one")).on(cloud);
    const to = store(5432, []).behindAlb(alb("two")).on(cloud);
    await from.deploy();
    await tagsKnown(cloud);
    const { signal, abort } = abortable();
    const onEvent = (event: QuaysideEvent) => {
      if (event.type === "finished" && event.resource === "service") abort();
    };
    await expect(withPermissionsOf(from, () => to.deploy({ signal, onEvent }))).rejects.toThrow(AbortedError);
    await tagsKnown(cloud);
    await withPermissionsOf(from, () => to.deploy());
    expect(taskRules()).toHaveLength(1);
  });
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
