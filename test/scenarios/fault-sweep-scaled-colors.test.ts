import { expect, test } from "vitest";
import type { AutoscaleOptions, CompleteDeployment } from "../../src/index.js";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { IMAGE } from "./colors.js";
import { followTraffic } from "./follow-traffic.js";
import { watchCapacity } from "./full-capacity.js";
import { scaledTalk } from "./scaling-chains.js";
import { sweep, type Sweep } from "./sweep.js";

const MINUTES = 60_000;
/** Keeps four tasks busy. */
const LOAD = 200;
const OLD = "talkServiceTargetGroup-blue";

/** Quick to scale in: a minute without requests is enough. */
const TASKS: AutoscaleOptions = {
  min: 2,
  max: 6,
  steps: [
    { when: "cpu >= 60", for: "60s", add: 2 },
    { when: "cpu <= 40", for: "60s", remove: 1, cooldown: "60s" },
  ],
};

const rolling = (cloud: LocalCloud) => scaledTalk(cloud, { instances: "none", tasks: TASKS });
const talk = (cloud: LocalCloud, version = 1) =>
  rolling(cloud)
    .image(IMAGE(version))
    .blueGreen({ shift: [50, 100], every: "3m", keepOld: "3d" });
const first = (cloud: LocalCloud) => talk(cloud, 1);
const second = (cloud: LocalCloud) => talk(cloud, 2);

async function scaledOut(cloud: LocalCloud): Promise<void> {
  followTraffic(cloud, LOAD);
  await cloud.clock.sleep(6 * MINUTES);
}

/** The calls that differ from those of releases, and of scaling, by themselves. */
const only = ({ operation, input }: RecordedCall): boolean =>
  /^(registerScalableTarget|deregisterScalableTarget|modifyRule|updateService)$/.test(operation) ||
  (operation === "describeScalableTargets" && JSON.stringify(input).includes("-green"));
const common: Sweep = { only, reads: "telling", watch: (cloud) => watchCapacity(cloud, 4) };
const oldIsKept = (cloud: LocalCloud) => watchCapacity(cloud, 4, { always: [OLD] });

test("a scaled release that meets any fault at any call is finished by the next run, at full size all the while", async () => {
  const positions = await sweep({ ...common, from: first, before: scaledOut, to: second, watch: oldIsKept });
  expect(positions).toMatchInlineSnapshot(`51`);
});

test("a scaled version's retirement that meets any fault at any call is finished by the next try", async () => {
  const positions = await sweep({
    ...common,
    from: first,
    before: (cloud) => second(cloud).deploy(),
    run: async (cloud, options) => (await second(cloud).release(options)).retire(options),
    watch: (cloud) => watchCapacity(cloud, 2),
  });
  expect(positions).toMatchInlineSnapshot(`16`);
});

const conversion = (from: (cloud: LocalCloud) => CompleteDeployment, to: typeof from) =>
  sweep({ ...common, from, before: scaledOut, to });

test("a scaled service that becomes blue/green, or rolling, and meets any fault is finished by the next run, at full size all the while", async () => {
  expect(await conversion(rolling, first)).toMatchInlineSnapshot(`63`);
  expect(await conversion(first, rolling)).toMatchInlineSnapshot(`49`);
});

test("the promotion of a scaled version that meets any fault at any call is finished by the next try, at full size", async () => {
  const positions = await sweep({
    ...common,
    from: first,
    before: async (cloud) => {
      await scaledOut(cloud);
      await second(cloud).deploy({ hold: true });
      await cloud.clock.sleep(10 * MINUTES);
    },
    run: async (cloud, options) => (await second(cloud).release(options)).promote(options),
    only: (call) => only(call) || call.service === "cloudWatch",
    watch: oldIsKept,
  });
  expect(positions).toMatchInlineSnapshot(`27`);
});
