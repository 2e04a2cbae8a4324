import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount, tagsKnown, writesOf } from "./account.js";
import { conference, conferenceAlb, service } from "./conference.js";
import { addForeignResourcesInside, foreignResourcesInside } from "./foreign-resources-inside.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

describe("two scripts that do not know each other", () => {
  test.each([1, 2, 3])("deploy at the same moment, and both succeed (seed %i)", async (seed) => {
    cloud = await sharedAccount({ seed });
    const [talk, speaker] = [service("talk").on(cloud), service("speaker").on(cloud)];
    const outcomes = await Promise.all([talk.deploy(), speaker.deploy()]);
    expect(outcomes.map((outcome) => outcome.service)).toEqual(["talk-service", "speaker-service"]);
    expect((await conference(cloud).status()).isHealthy).toBe(true);
    expect((await conference(cloud).plan()).isEmpty).toBe(true);

    const rules = [...cloud.account.elb.rules.values()].filter(({ tags }) => tags.has("quayside:owner"));
    expect(new Set(rules.map(({ priority }) => priority)).size).toBe(2);
  });

  test.each([1, 2])(
    "destroy at the same moment, and nothing is left after one more (seed %i)",
    async (seed) => {
      cloud = await sharedAccount({ seed });
      await conference(cloud).deploy();
      const [talk, speaker] = [service("talk").on(cloud), service("speaker").on(cloud)];
      await Promise.allSettled([talk.destroy(), speaker.destroy()]);
      await conference(cloud).destroy();
      expect(Object.keys(cloud.state().loadBalancers)).toEqual(["their-alb"]);
      expect(Object.keys(cloud.state().clusters)).toEqual(["their-cluster"]);
    },
  );

  test("one deploys while the other is taken down", async () => {
    cloud = await sharedAccount();
    await service("talk").on(cloud).deploy();
    const speaker = service("speaker").on(cloud);
    const [, { kept }] = await Promise.all([speaker.deploy(), service("talk").on(cloud).destroy()]);
    // The speaker began to use the cluster while the talk's tasks drained.
    expect(kept).toContainEqual({
      resource: "auto-scaling-group",
      name: "conference-cluster-instances",
      why: "cluster conference-cluster is still used by service speaker-service",
    });
    expect((await speaker.plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect((await speaker.status()).isHealthy).toBe(true);
  });

  test("who only names what another describes leaves it as it is", async () => {
    cloud = await sharedAccount();
    await service("talk")
      .behindAlb(conferenceAlb.allow("203.0.113.0/24"), { path: "/talk*" })
      .on(cloud)
      .deploy();
    const shared = () => {
      const { loadBalancers, autoScalingGroups, launchTemplates } = cloud.state() as unknown as Record<
        string,
        unknown
      >;
      const entries = cloud.state().securityGroups["conferenceAlbSecurityGroup" as never];
      return JSON.stringify({ loadBalancers, autoScalingGroups, launchTemplates, entries });
    };
    const before = shared();
    const speaker = service("speaker")
      .cluster("conference-cluster")
      .behindAlb("conferenceAlb", { path: "/speaker*" })
      .on(cloud);
    await speaker.deploy();
    expect(shared()).toBe(before);
    expect((await service("talk").on(cloud).status()).isHealthy).toBe(true);
  });
});

test("whoever only names a load balancer that listens elsewhere goes where it listens, and adds nothing to it", async () => {
  cloud = await sharedAccount();
  const alb = new LoadBalancer("conferenceAlb")
    .http(8080)
    .securityGroup("conferenceAlbSecurityGroup")
    .allow("203.0.113.0/24");
  const talk = service("talk").behindAlb(alb, { path: "/talk*" }).on(cloud);
  await talk.deploy();
  const listening = () => {
    const { listeners, securityGroups, loadBalancers } = cloud.state();
    const groups = Object.keys(securityGroups).filter((name) => name.startsWith("conferenceAlb"));
    return structuredClone({ listeners, loadBalancers, groups, entries: securityGroups[groups[0] as never] });
  };
  const before = listening();

  const speaker = service("speaker").behindAlb("conferenceAlb", { path: "/speaker*" }).on(cloud);
  const { url } = await speaker.deploy();
  expect(listening()).toEqual(before);
  expect(Object.keys(before.listeners)).toContain("conferenceAlb:8080");
  expect(url).toMatch(/:8080\/speaker$/);
  expect((await speaker.plan()).isEmpty).toBe(true);
  expect((await talk.plan()).isEmpty).toBe(true);

  // The last user takes it away, described or only named.
  await tagsKnown(cloud);
  await talk.destroy();
  expect((await speaker.plan()).isEmpty).toBe(true);
  await speaker.destroy();
  expect(Object.keys(cloud.state().loadBalancers)).toEqual(["their-alb"]);
  expect(Object.keys(cloud.state().securityGroups)).not.toContain("conferenceAlbSecurityGroup");
});

describe("what exists", () => {
  let listenerArn: string;
  beforeEach(async () => {
    cloud = await sharedAccount();
    listenerArn = [...cloud.account.elb.listeners.values()][0]!.arn;
  });

  test("is used as it is: the load balancer gets a rule, and gives it back", async () => {
    const before = cloud.state();
    const talk = service("talk").behindAlb(LoadBalancer.existing("their-alb"), { path: "/talk*" }).on(cloud);
    const { url } = await talk.deploy();
    expect(url).toMatch(/^http:\/\/their-alb-.*\/talk$/);
    expect(cloud.state().loadBalancers).toEqual(before.loadBalancers);
    expect(cloud.state().listeners).toEqual(before.listeners);
    const rules = [...cloud.account.elb.rules.values()].filter((rule) => rule.listenerArn === listenerArn);
    expect(rules).toHaveLength(2);
    expect((await talk.status()).isHealthy).toBe(true);
    expect((await talk.plan()).isEmpty).toBe(true);

    expect((await talk.destroy()).kept).toEqual([]);
    const { serviceLinkedRoles: _, tasks: __, taskDefinitions: ___, ...after } = cloud.state();
    expect(after).toEqual(Object.fromEntries(Object.keys(after).map((key) => [key, before[key as never]])));
  });

  test("keeps what opens the instances to it as long as somebody is behind it", async () => {
    const behind = (name: string) =>
      service(name)
        .behindAlb(LoadBalancer.existing("their-alb").http(80), { path: `/${name}*` })
        .on(cloud);
    await Promise.all([behind("talk").deploy(), behind("speaker").deploy()]);
    const entries = () => {
      const groups = [...cloud.account.ec2.securityGroups.values()];
      const { rules } = groups.find(({ name }) => name === "conferenceEcsSecurityGroup")!;
      return [...rules.values()].filter(({ isEgress }) => !isEgress);
    };
    expect(entries()).toHaveLength(1);
    await behind("talk").destroy();
    expect(entries()).toHaveLength(1);
    expect((await behind("speaker").status()).isHealthy).toBe(true);
    expect((await behind("speaker").destroy()).kept).toEqual([]);
  });

  test("a cluster is used with the capacity that it has, and never changed", async () => {
    await new Cluster("shared").ec2({ instanceType: "t3.micro" }).on(cloud).deploy();
    const before = cloud.state();
    const talk = service("talk").cluster(Cluster.existing("shared")).on(cloud);
    const writes = await writesOf(cloud, () => talk.deploy());
    expect(writes).not.toContain("updateAutoScalingGroup");
    expect(writes).not.toContain("createCluster");
    await talk.destroy();
    expect(cloud.state().securityGroups).toEqual(before.securityGroups);
    expect((await new Cluster("shared").ec2({ instanceType: "t3.micro" }).on(cloud).plan()).isEmpty).toBe(
      true,
    );
  });

  test("is refused, before anything is changed, when it does not exist", async () => {
    const deploy = (deployment: { deploy(): Promise<unknown> }) =>
      writesOf(cloud, () =>
        expect(deployment.deploy()).rejects.toMatchObject({ fix: expect.stringMatching(/./) }),
      );
    const alb = (balancer: LoadBalancer) => service("talk").behindAlb(balancer, { path: "/talk*" }).on(cloud);
    expect(await deploy(alb(LoadBalancer.existing("nobodys")))).toEqual([]);
    expect(await deploy(alb(LoadBalancer.existing("their-alb").http(8080)))).toEqual([]);
    expect(await deploy(service("talk").cluster(Cluster.existing("nobodys")).on(cloud))).toEqual([]);
  });
});

describe("what strangers have in our load balancer, cluster and security groups", () => {
  test("is never changed, whatever is deployed, and keeps what it is in", async () => {
    cloud = await sharedAccount();
    await conference(cloud).deploy();
    await addForeignResourcesInside(cloud);
    const theirs = foreignResourcesInside(cloud);

    const next = new Fleet(service("talk", { version: 2 }), service("speaker", { path: "/speakers*" })).on(
      cloud,
    );
    await next.deploy();
    expect(foreignResourcesInside(cloud)).toEqual(theirs);

    const { kept } = await next.destroy();
    expect(foreignResourcesInside(cloud)).toEqual(theirs);
    expect(kept.map(({ resource, name }) => `${resource} ${name}`)).toEqual(
      expect.arrayContaining([
        "load-balancer conferenceAlb",
        "listener conferenceAlb:80",
        "cluster conference-cluster",
      ]),
    );
  });

  test("stands in a plan's warnings where it takes our requests, or we take its", async () => {
    cloud = await sharedAccount();
    await conference(cloud).deploy();
    await addForeignResourcesInside(cloud);
    const other = service("other", { path: "/theirs/inside" }).on(cloud);
    const { warnings } = await other.plan();
    expect(warnings.join("\n").replaceAll(/priority \d+/g, "priority N")).toMatchInlineSnapshot(
      `"listener-rule conferenceAlb:80/other-service (priority N) is evaluated before the rule for any path with http-header x-theirs yes and query-string  theirs=* and source-ip  192.0.2.0/24 that quayside does not manage (priority N), and some requests match both: /theirs/inside and any path with http-header x-theirs yes and query-string  theirs=* and source-ip  192.0.2.0/24"`,
    );

    const wide = service("wide", { path: "/*" }).on(cloud);
    expect((await wide.plan()).warnings).toEqual([]);
  });
});

test("rules come in the order of how specific they are, whoever deploys first", async () => {
  cloud = await sharedAccount();
  const paths = ["/*", "/talk*", "/talk/archive*", "/talk/archive/index.html"];
  for (const [index, path] of paths.entries()) await service(`s${index}`, { path }).on(cloud).deploy();
  const hosted = service("hosted").behindAlb(conferenceAlb, { host: "talks.example.com" }).on(cloud);
  await hosted.deploy();
  const calls = await callsOf(cloud, () => hosted.plan());
  expect(calls.some(({ write }) => write)).toBe(false);
  const { listeners } = await conferenceAlb.on(cloud).status();
  expect(listeners[0]!.rules.map(({ deployment }) => deployment)).toEqual([
    "hosted-service",
    "s3-service",
    "s2-service",
    "s1-service",
    "s0-service",
  ]);
});

test("a service on Fargate stands behind a load balancer that exists", async () => {
  cloud = await sharedAccount();
  const talk = new Deployment("talk")
    .image("registry.example.com/talk:1")
    .port(8080)
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb(LoadBalancer.existing("their-alb"), { path: "/talk*" })
    .on(cloud);
  await talk.deploy();
  expect((await talk.status()).isHealthy).toBe(true);
  expect((await talk.destroy()).kept).toEqual([]);
});

test("whoever only names a cluster for Fargate is told so: it gets no instances that nobody asked for", async () => {
  cloud = await sharedAccount();
  const fargate = new Cluster("conference-cluster").fargate();
  const talk = new Deployment("talk-service").image("registry.example.com/talk-service:1").on(cloud);
  await talk.cluster(fargate).deploy();

  const named = new Deployment("speaker-service")
    .image("registry.example.com/speaker-service:1")
    .cluster("conference-cluster")
    .on(cloud);
  expect(
    await writesOf(cloud, () =>
      expect(named.deploy()).rejects.toMatchObject({
        code: "no-container-instances",
        fix: expect.stringContaining('new Cluster("conference-cluster").fargate()'),
      }),
    ),
  ).toEqual([]);
  expect(await named.destroy()).toMatchObject({ deleted: [], kept: [{ resource: "cluster" }] });

  // In one fleet it is known what is meant.
  const both = new Fleet(talk.cluster(fargate), named).on(cloud);
  await both.deploy();
  expect((await both.status()).isHealthy).toBe(true);
});

test("whoever only names a cluster reaches its instances through the group that they are in, and makes none", async () => {
  cloud = await sharedAccount();
  await service("talk").on(cloud).deploy();
  const named = service("speaker").cluster("conference-cluster").behindAlb("speakerAlb").on(cloud);
  const made = (await named.plan()).changes.flatMap(({ action, resource, name }) =>
    action === "create" ? [`${resource} ${name}`] : [],
  );
  expect(made).toContain("security-group-rule conferenceEcsSecurityGroup: tcp 1-65535 from speakerAlb-alb");
  expect(made.filter((each) => /iam-role|instance|conference-cluster/.test(each))).toEqual([]);

  await named.deploy();
  expect((await named.status()).isHealthy).toBe(true);
  expect((await named.plan()).isEmpty).toBe(true);
  expect((await service("talk").on(cloud).plan()).isEmpty).toBe(true);
  await service("talk").on(cloud).destroy();
  await named.destroy();
  expect(Object.keys(cloud.state().clusters)).toEqual(["their-cluster"]);
  expect(Object.keys(cloud.state().securityGroups).filter((name) => /conference|speaker/.test(name))).toEqual(
    [],
  );
});
