import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, Job, type QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const staging = new Cluster("staging").fargate();
const production = new Cluster("production").fargate();
const talk = (cluster: Cluster) => new Deployment("talk").image("talk:1").cluster(cluster).on(cloud);
const report = (cluster: Cluster) =>
  new Job("report").image("report:1").cluster(cluster).schedule("rate(1 day)").on(cloud);

const warningsOf = (events: readonly QuaysideEvent[]) =>
  events.flatMap((event) => (event.type === "warning" ? [event.message] : []));

test("a deployment that moves to another cluster warns of what is deleted, before it is", async () => {
  await talk(staging).deploy();
  const { warnings } = await talk(production).plan();
  expect(warnings).toMatchInlineSnapshot(`
    [
      "deployment talk moves from cluster staging to cluster production: once it works there, service staging/talk and cluster staging are deleted. To keep both, use a different name for one of them: new Deployment("talk-production")",
    ]
  `);
  const events: QuaysideEvent[] = [];
  await withPermissionsOf(talk(staging), () =>
    talk(production).deploy({ onEvent: (event) => void events.push(event) }),
  );
  expect(warningsOf(events)).toEqual(warnings);
  const warned = events.findIndex(({ type }) => type === "warning");
  const deleting = events.findIndex((event) => event.type === "started" && event.action === "delete");
  expect(warned).toBeLessThan(deleting);
  expect((await talk(production).plan()).warnings).toEqual([]);
});

test("a deployment of a fleet that moves warns, too, and one that stays does not", async () => {
  const other = new Deployment("other").image("other:1").cluster(staging);
  await new Fleet(talk(staging), other).on(cloud).deploy();
  expect((await new Fleet(talk(production), other).on(cloud).plan()).warnings).toMatchInlineSnapshot(`
    [
      "deployment talk moves from cluster staging to cluster production: once it works there, service staging/talk is deleted. To keep both, use a different name for one of them: new Deployment("talk-production")",
    ]
  `);
  expect((await new Fleet(talk(staging), other).on(cloud).plan()).warnings).toEqual([]);
});

test("a blue/green deployment that moves takes both colors with it, also the one that is kept, and its end", async () => {
  const inColors = (cluster: Cluster, version = 1) =>
    talk(cluster)
      .image(`talk:${version}`)
      .port(8080)
      .behindAlb("conferenceAlb", { path: "/talk*" })
      .autoscale({ min: 1, max: 4, cpu: 60 })
      .blueGreen({ keepOld: "1h" });
  await inColors(staging).deploy();
  await inColors(staging, 2).deploy();
  expect(Object.keys(cloud.state().services)).toEqual(["staging/talk-blue", "staging/talk-green"]);
  await tagsKnown(cloud);

  await withPermissionsOf(inColors(staging), () => inColors(production, 2).deploy());
  expect(Object.keys(cloud.state().services)).toEqual(["production/talk-blue"]);
  expect(cloud.state().clusters).not.toHaveProperty("staging");
  expect(cloud.state().schedules).toEqual({});
  expect(JSON.stringify(cloud.state().alarms)).not.toContain("staging");
  expect((await inColors(production, 2).plan()).isEmpty).toBe(true);
});

test("a blue/green deployment that moves warns, too", async () => {
  const inColors = (cluster: Cluster) =>
    talk(cluster).port(8080).behindAlb("conferenceAlb", { path: "/talk*" }).blueGreen();
  await inColors(staging).deploy();
  expect((await inColors(production).plan()).warnings).toMatchInlineSnapshot(`
    [
      "deployment talk moves from cluster staging to cluster production: once it works there, service staging/talk-blue and cluster staging are deleted. To keep both, use a different name for one of them: new Deployment("talk-production")",
    ]
  `);
});

test("a job whose schedule moves to another cluster warns of it", async () => {
  await report(staging).deploy();
  const { warnings } = await report(production).plan();
  expect(warnings).toMatchInlineSnapshot(`
    [
      "the schedule of job report moves from cluster staging to cluster production: its tasks start only there from then on. To keep both, use a different name for one of them: new Job("report-production")",
    ]
  `);
  const events: QuaysideEvent[] = [];
  await withPermissionsOf(report(staging), () =>
    report(production).deploy({ onEvent: (event) => void events.push(event) }),
  );
  expect(warningsOf(events)).toEqual(warnings);
  expect((await report(production).plan()).warnings).toEqual([]);
});
