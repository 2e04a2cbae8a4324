import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Fleet, LoadBalancer, SpecError, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount, writesOf } from "./account.js";
import { conference, conferenceAlb, conferenceCluster, service } from "./conference.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const count = (operations: readonly string[], operation: string): number =>
  operations.filter((each) => each === operation).length;

describe("a fleet", () => {
  test("is one plan and one run: what is shared is made once", async () => {
    cloud = await sharedAccount();
    const fleet = conference(cloud);
    const before = cloud.state();
    const plan = await fleet.plan();
    expect(cloud.state()).toEqual(before);
    expect(plan.warnings).toEqual([]);
    expect(plan.changes.filter(({ resource }) => resource === "cluster")).toHaveLength(1);
    expect(plan.changes.filter(({ resource }) => resource === "service")).toHaveLength(2);

    const calls = await callsOf(cloud, () => fleet.deploy());
    const writes = calls.flatMap(({ operation, error }) => (error === undefined ? [operation] : []));
    for (const shared of ["createCluster", "createLoadBalancer", "createListener", "createAutoScalingGroup"])
      expect([shared, count(writes, shared)]).toEqual([shared, 1]);
    expect(count(writes, "createService")).toBe(2);
    expect((await fleet.status()).isHealthy).toBe(true);

    expect((await fleet.plan()).isEmpty).toBe(true);
    expect(await writesOf(cloud, () => fleet.deploy())).toEqual([]);
  });

  test("answers with one outcome a deployment, each with its own changes and those of what it shares", async () => {
    cloud = await sharedAccount();
    const { deployments, changes } = await conference(cloud).deploy();
    expect(deployments.map(({ service, url }) => [service, url!.split("/").at(-1)])).toEqual([
      ["talk-service", "talk"],
      ["speaker-service", "speaker"],
    ]);
    const named = (index: number) => deployments[index]!.changes.map(({ name }) => name);
    expect(named(0)).toContain("conferenceAlb:80/talk-service");
    expect(named(0)).not.toContain("conferenceAlb:80/speaker-service");
    expect(named(1)).toContain("conferenceAlb");
    expect(new Set([...named(0), ...named(1)]).size).toBe(new Set(changes.map(({ name }) => name)).size);
  });

  test("releases its blue/green member by colors, in the same run as the others", async () => {
    cloud = await sharedAccount();
    const fleet = (version: number) =>
      new Fleet(service("talk", { version }).blueGreen(), service("speaker", { version })).on(cloud);
    await fleet(1).deploy();
    expect((await fleet(1).plan()).isEmpty).toBe(true);
    const { deployments } = await fleet(2).deploy();

    expect(deployments.map((each) => each.service)).toEqual(["talk-service-green", "speaker-service"]);
    const talk = service("talk", { version: 2 }).blueGreen().on(cloud);
    expect((await talk.release()).weights).toEqual({ blue: 0, green: 100 });
    expect((await fleet(2).status()).isHealthy).toBe(true);
    expect(await writesOf(cloud, () => fleet(2).deploy())).toEqual([]);

    await (await talk.release()).rollback();
    expect((await fleet(2).status()).isHealthy).toBe(true);
    await fleet(2).destroy();
    expect(Object.keys(cloud.state().services)).toEqual([]);
    expect(Object.keys(cloud.state().loadBalancers)).toEqual(["their-alb"]);
  });

  test("changes the one service that changed and nothing else", async () => {
    cloud = await sharedAccount();
    await conference(cloud).deploy();
    const next = new Fleet(service("talk"), service("speaker", { version: 2 })).on(cloud);
    const { changes } = await next.plan();
    expect(changes.filter(({ action }) => action !== "none").map(({ name }) => name)).toEqual([
      "speaker-service",
      "speaker-service",
    ]);
    expect(await writesOf(cloud, () => next.deploy())).toEqual(["registerTaskDefinition", "updateService"]);
  });

  test("leaves, when one member is destroyed, what the other uses; the last one leaves nothing", async () => {
    cloud = await sharedAccount();
    const before = cloud.state();
    await conference(cloud).deploy();

    const { deleted, kept } = await service("talk").on(cloud).destroy();
    expect(deleted.map(({ resource }) => resource).sort()).toEqual([
      "listener-rule",
      "log-group",
      "service",
      "target-group",
      "task-definition",
    ]);
    expect(kept.map(({ resource }) => resource)).toContain("cluster");
    expect(kept.find(({ resource }) => resource === "load-balancer")!.why).toMatch(/speaker-service/);
    expect((await service("speaker").on(cloud).status()).isHealthy).toBe(true);
    expect((await service("speaker").on(cloud).plan()).isEmpty).toBe(true);

    expect((await service("speaker").on(cloud).destroy()).kept).toEqual([]);
    const { serviceLinkedRoles: _, tasks: __, taskDefinitions, ...after } = cloud.state();
    expect(Object.keys(taskDefinitions)).toEqual(["their-task:1"]);
    expect(after).toEqual(Object.fromEntries(Object.keys(after).map((key) => [key, before[key as never]])));
  });

  test("is destroyed as a whole, with what it shared", async () => {
    cloud = await sharedAccount();
    await conference(cloud).deploy();
    const { kept } = await conference(cloud).destroy();
    expect(kept).toEqual([]);
    expect(Object.keys(cloud.state().loadBalancers)).toEqual(["their-alb"]);
    expect(Object.keys(cloud.state().clusters)).toEqual(["their-cluster"]);
  });

  test("applies an override to the one that has it, and on what is shared that of all", async () => {
    cloud = await sharedAccount();
    const withTags = service("talk").override({
      createService: (input) => ({ ...input, enableECSManagedTags: false }),
      createLoadBalancer: (input) => ({ ...input, Tags: [...input.Tags!, { Key: "team", Value: "talks" }] }),
    });
    await new Fleet(withTags, service("speaker")).on(cloud).deploy();
    const asked = (operation: string) => cloud.calls.filter((call) => call.operation === operation);
    const created = asked("createService").map(({ input }) => input as Record<string, unknown>);
    expect(created.map((input) => [input["serviceName"], input["enableECSManagedTags"]]).sort()).toEqual([
      ["speaker-service", true],
      ["talk-service", false],
    ]);
    const { conferenceAlb: balancer } = cloud.state().loadBalancers;
    expect(balancer).toMatchObject({ tags: { team: "talks" } });
    expect((await new Fleet(withTags, service("speaker")).on(cloud).plan()).isEmpty).toBe(true);
  });
});

describe("a fleet is rejected before any request is sent", () => {
  const issuesOf = async (...deployments: CompleteDeployment[]): Promise<string[]> => {
    cloud = await sharedAccount();
    const begun = cloud.calls.length;
    const [first, ...others] = deployments as [CompleteDeployment];
    const error: unknown = await new Fleet(first, ...others)
      .on(cloud)
      .deploy()
      .catch((thrown: unknown) => thrown);
    expect(cloud.calls.length).toBe(begun);
    expect(error).toBeInstanceOf(SpecError);
    return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
  };

  test("if a cluster or load balancer has two descriptions", async () => {
    const talk = service("talk");
    const speaker = service("speaker")
      .cluster(conferenceCluster.ec2({ instanceType: "t3.small" }))
      .behindAlb(conferenceAlb.allow("10.0.0.0/8"), { path: "/speaker*" });
    expect(await issuesOf(talk, speaker)).toEqual([
      "speaker-service.cluster: conference-cluster has different descriptions in talk-service and speaker-service (capacity.instanceType): describe it once and pass it to both",
      "speaker-service.loadBalancer: conferenceAlb has different descriptions in talk-service and speaker-service (allow): describe it once and pass it to both",
    ]);
  });

  test("if two deployments use the same names, paths or priority", async () => {
    const talk = service("talk").behindAlb(conferenceAlb, { path: "/talk*", priority: 5, targetGroup: "t" });
    const other = service("speaker")
      .service({ name: "talk-service" })
      .logs("talk-service")
      .behindAlb(conferenceAlb, { path: "/talk*", priority: 5, targetGroup: "t" });
    expect(await issuesOf(talk, other)).toEqual([
      "speaker-service.service.name: talk-service is used by both talk-service and speaker-service: use a different name for each",
      "speaker-service.logs: talk-service is used by both talk-service and speaker-service: use a different name for each",
      "speaker-service.behindAlb.targetGroup: t is used by both talk-service and speaker-service: use a different name for each",
      "speaker-service.behindAlb: talk-service and speaker-service both use the same path and host on load balancer conferenceAlb",
      "speaker-service.behindAlb.priority: talk-service and speaker-service both use priority 5 on load balancer conferenceAlb",
    ]);
  });

  test("if two deployments have a host and a path in common, and no priority says which is first", async () => {
    const at = (name: "talk" | "speaker", host: string[], priority?: number) =>
      service(name).behindAlb(conferenceAlb, { host, path: ["/a*", `/${name}`], priority });
    const both = await issuesOf(
      at("talk", ["a.example.com", "b.example.com"]),
      at("speaker", ["B.example.com"]),
    );
    expect(both).toEqual([
      "speaker-service.behindAlb: talk-service and speaker-service both use the host b.example.com with the path /a* on load balancer conferenceAlb",
    ]);
  });

  test("if two deployments have the same preview, or one a preview at the other's host", async () => {
    const at = (name: "talk" | "speaker", preview: object) =>
      service(name)
        .behindAlb(conferenceAlb, { host: `${name}.example.com` })
        .blueGreen({ preview: preview as { host: string } });
    const next = { host: "next.example.com" };
    const header = { header: "x-preview", value: "next" };
    expect(await issuesOf(at("talk", next), at("speaker", next))).toEqual([
      "speaker-service.blueGreen.preview: talk-service and speaker-service both use the host next.example.com on load balancer conferenceAlb",
    ]);
    expect(await issuesOf(at("talk", header), at("speaker", header))).toEqual([
      "speaker-service.blueGreen.preview: talk-service and speaker-service both use the header x-preview: next on load balancer conferenceAlb",
    ]);
    expect(await issuesOf(at("talk", { host: "speaker.example.com" }), at("speaker", next))).toEqual([
      "talk-service.blueGreen.preview: must not be a host of speaker-service, speaker.example.com: its requests are for the live version of speaker-service",
    ]);
  });

  test("with the issues of each deployment, under its name", async () => {
    expect(await issuesOf(service("talk").port(0), service("speaker").env({ "A=B": "1" }))).toEqual([
      expect.stringMatching(/^talk-service\.container\.port: must be a whole number/),
      expect.stringMatching(/^speaker-service\.container\.environment/),
    ]);
  });
});

test("whoever only names the cluster and load balancer of a fleet means those that another describes", async () => {
  cloud = await sharedAccount();
  const speaker = service("speaker")
    .cluster("conference-cluster")
    .behindAlb("conferenceAlb", { path: "/speaker*" });
  const fleet = new Fleet(service("talk"), speaker).on(cloud);
  await fleet.deploy();
  expect(Object.keys(cloud.state().securityGroups)).toEqual(
    expect.arrayContaining(["conferenceEcsSecurityGroup", "conferenceAlbSecurityGroup"]),
  );
  expect((await fleet.destroy()).kept).toEqual([]);
});

test("a cluster and a load balancer act by themselves", async () => {
  cloud = await sharedAccount();
  const before = cloud.state();
  const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.micro" }).on(cloud);
  const alb = new LoadBalancer("conferenceAlb").on(cloud);

  const [{ changes }, { url }] = await Promise.all([cluster.deploy(), alb.deploy()]);
  expect(changes.some(({ resource }) => resource === "auto-scaling-group")).toBe(true);
  expect(url).toMatch(/^http:\/\/conferenceAlb-/);
  expect(await cluster.status()).toEqual({
    cluster: "conference-cluster",
    exists: true,
    hosts: Array(2).fill(
      expect.objectContaining({ status: "ACTIVE", isCurrent: true, outdated: [], tasks: 0 }),
    ),
    services: 0,
    tasks: { running: 0, pending: 0 },
    instances: 2,
  });
  expect(await alb.status()).toMatchObject({
    exists: true,
    state: "active",
    listeners: [{ port: 80, rules: [] }],
  });
  expect([(await cluster.plan()).isEmpty, (await alb.plan()).isEmpty]).toEqual([true, true]);

  const talk = service("talk").cluster(cluster).behindAlb(alb, { path: "/talk*" });
  await talk.deploy();
  expect((await alb.status()).listeners[0]!.rules).toMatchObject([
    { path: ["/talk*"], deployment: "talk-service" },
  ]);
  expect((await alb.destroy()).kept.map(({ resource }) => resource)).toContain("load-balancer");
  expect((await cluster.destroy()).kept.map(({ resource }) => resource)).toContain("cluster");
  expect((await talk.status()).isHealthy).toBe(true);

  expect((await talk.destroy()).kept).toEqual([]);
  expect((await alb.destroy()).deleted).toEqual([]);
  expect((await cluster.status()).exists).toBe(false);
  expect(cloud.state().securityGroups).toEqual(before.securityGroups);
});
