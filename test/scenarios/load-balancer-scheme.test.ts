import { expect, test } from "vitest";
import { LoadBalancer } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { conferenceAlb, service } from "./conference.js";
import { sweep } from "./sweep.js";

const internal = conferenceAlb.internal();

const talk = (cloud: LocalCloud, alb = conferenceAlb) =>
  service("talk").behindAlb(alb, { path: "/talk*", healthCheck: "/health" }).on(cloud);
const speaker = (cloud: LocalCloud, alb = conferenceAlb) =>
  service("speaker").behindAlb(alb, { path: "/speaker*", healthCheck: "/health" }).on(cloud);

/** Name and scheme of those that are not theirs. */
const balancers = (cloud: LocalCloud): string[] =>
  [...cloud.account.elb.loadBalancers.values()].flatMap(({ name, scheme }) =>
    name === "their-alb" ? [] : [`${name}: ${scheme}`],
  );

test("a load balancer that gets another scheme is made anew beside the old one, which goes with its last user", async () => {
  await using cloud = await sharedAccount();
  await talk(cloud).deploy();
  await speaker(cloud).deploy();

  const plan = await talk(cloud, internal).plan();
  expect(plan.toString().replaceAll(/\s+/g, " ")).toContain(
    "load-balancer conferenceAlb cannot be made internal in place: conferenceAlb-internal replaces it",
  );
  const { url } = await talk(cloud, internal).deploy();
  expect(url).toContain("conferenceAlb-internal");
  expect(balancers(cloud)).toEqual(["conferenceAlb: internet-facing", "conferenceAlb-internal: internal"]);
  expect((await talk(cloud, internal).plan()).isEmpty).toBe(true);
  expect((await speaker(cloud).plan()).isEmpty).toBe(true);
  expect((await speaker(cloud).status()).isHealthy).toBe(true);

  await speaker(cloud, internal).deploy();
  expect(balancers(cloud)).toEqual(["conferenceAlb-internal: internal"]);
  expect(Object.keys(cloud.state().securityGroups)).not.toContain("conferenceAlbSecurityGroup");
  const status = await talk(cloud, internal).status();
  expect([status.isHealthy, status.url]).toEqual([true, url]);
  expect((await internal.on(cloud).status()).exists).toBe(true);

  await talk(cloud, internal).destroy();
  await speaker(cloud, internal).destroy();
  expect(balancers(cloud)).toEqual([]);
});

test("a load balancer goes back to its first scheme under another name", async () => {
  await using cloud = await sharedAccount();
  await talk(cloud).deploy();
  await talk(cloud, internal).deploy();
  await talk(cloud).deploy();
  expect(balancers(cloud)).toEqual(["conferenceAlb-public: internet-facing"]);
  expect((await talk(cloud).plan()).isEmpty).toBe(true);
  await talk(cloud).destroy();
  expect(balancers(cloud)).toEqual([]);
});

test("a load balancer by itself is made anew, too, and both go when it is taken down", async () => {
  await using cloud = await sharedAccount();
  const alb = new LoadBalancer("conferenceAlb").on(cloud);
  await alb.deploy();
  await tagsKnown(cloud);
  expect((await alb.internal().plan()).toString()).toContain("cannot be made internal in place");
  expect((await alb.internal().deploy()).loadBalancer).toBe("conferenceAlb-internal");
  expect((await alb.internal().plan()).isEmpty).toBe(true);
  await tagsKnown(cloud);
  await alb.internal().destroy();
  expect(balancers(cloud)).toEqual([]);
});

test("another scheme for a load balancer that is not managed by quayside is refused", async () => {
  await using cloud = await sharedAccount();
  const theirs = talk(cloud, new LoadBalancer("their-alb").internal());
  expect(
    await writesOf(cloud, () => expect(theirs.deploy()).rejects.toMatchObject({ code: "not-owned" })),
  ).toEqual([]);
});

test("a change of scheme that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: (cloud) => talk(cloud),
    to: (cloud) => talk(cloud, internal),
    reads: "telling",
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`433`);
});
