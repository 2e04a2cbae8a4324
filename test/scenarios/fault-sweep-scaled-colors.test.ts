import { expect, test } from "vitest";
import type { AutoscaleOptions } from "../../src/index.js";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { IMAGE } from "./colors.js";
import { followTraffic } from "./follow-traffic.js";
import { watchCapacity } from "./full-capacity.js";
import { scaledTalk } from "./scaling-chains.js";
import { sweep } from "./sweep.js";

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
/** The calls that differ from those of releases, and of scaling, by themselves. */
const only = ({ operation, input }: RecordedCall): boolean =>
  /^(registerScalableTarget|deregisterScalableTarget|modifyRule|updateService)$/.test(operation) ||
  (operation === "describeScalableTargets" && JSON.stringify(input).includes("-green"));

const rolling = (cloud: LocalCloud) => scaledTalk(cloud, { instances: "none", tasks: TASKS });
const talk = (cloud: LocalCloud, version = 1) =>
  rolling(cloud)
    .image(IMAGE(version))
    .blueGreen({ shift: [50, 100], every: "3m", keepOld: "3d" });

async function scaledOut(cloud: LocalCloud): Promise<void> {
  followTraffic(cloud, LOAD);
  await cloud.clock.sleep(6 * MINUTES);
}

test(
  "a scaled release that meets any fault at any call is finished by the next run, at full size all the while",
  { timeout: 10 * MINUTES },
  async () => {
    const runs = await sweep({
      before: async (cloud) => {
        await talk(cloud).deploy();
        await scaledOut(cloud);
      },
      run: (cloud, options) => talk(cloud, 2).deploy(options),
      only,
      reads: "telling",
      watch: (cloud) => watchCapacity(cloud, 4, { always: [OLD] }),
    });
    expect(runs).toBeGreaterThan(30);
  },
);

test(
  "a scaled version's retirement that meets any fault at any call is finished by the next try",
  { timeout: 10 * MINUTES },
  async () => {
    const runs = await sweep({
      before: async (cloud) => {
        await talk(cloud).deploy();
        await talk(cloud, 2).deploy();
      },
      run: async (cloud, options) => (await talk(cloud, 2).release(options)).retire(options),
      reads: "telling",
      only,
      watch: (cloud) => watchCapacity(cloud, 2),
    });
    expect(runs).toBeGreaterThan(10);
  },
);

test(
  "a scaled service that becomes blue/green, or rolling, and meets any fault is finished by the next run, at full size all the while",
  { timeout: 10 * MINUTES },
  async () => {
    const there = await sweep({
      before: async (cloud) => {
        await rolling(cloud).deploy();
        await scaledOut(cloud);
      },
      run: (cloud, options) => talk(cloud).deploy(options),
      reads: "telling",
      only,
      watch: (cloud) => watchCapacity(cloud, 4),
    });
    const back = await sweep({
      before: async (cloud) => {
        await talk(cloud).deploy();
        await scaledOut(cloud);
      },
      run: (cloud, options) => rolling(cloud).deploy(options),
      reads: "telling",
      only,
      watch: (cloud) => watchCapacity(cloud, 4),
    });
    expect(Math.min(there, back)).toBeGreaterThan(40);
  },
);

test(
  "the promotion of a scaled version that meets any fault at any call is finished by the next try, at full size",
  { timeout: 10 * MINUTES },
  async () => {
    const runs = await sweep({
      before: async (cloud) => {
        await talk(cloud).deploy();
        await scaledOut(cloud);
        await talk(cloud, 2).deploy({ hold: true });
        await cloud.clock.sleep(10 * MINUTES);
      },
      run: async (cloud, options) => (await talk(cloud, 2).release(options)).promote(options),
      only: (call) => only(call) || call.service === "cloudWatch",
      reads: "telling",
      watch: (cloud) => watchCapacity(cloud, 4, { always: [OLD] }),
    });
    expect(runs).toBeGreaterThan(15);
  },
);
