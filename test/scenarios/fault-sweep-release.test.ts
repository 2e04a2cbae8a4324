import { expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { talkInColors } from "./colors.js";
import { watchCapacity } from "./full-capacity.js";
import { sweep } from "./sweep.js";

const MINUTES = 10 * 60_000;
const OLD = "talkServiceTargetGroup-blue";
const options = { shift: [50, 100], every: "30s", keepOld: "3d", verify: () => {} };

const bothColors = async (cloud: LocalCloud) => {
  await talkInColors(cloud, 1, options).deploy();
  await talkInColors(cloud, 2, options).deploy();
};
const held = async (cloud: LocalCloud) => {
  await talkInColors(cloud, 1, options).deploy();
  await talkInColors(cloud, 2, options).deploy({ hold: true });
};
const destroy = (cloud: LocalCloud) => talkInColors(cloud, 2, options).destroy();

test(
  "a release that meets any fault at any call is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: (cloud) => talkInColors(cloud, 1, options).deploy(),
      run: (cloud, run) => talkInColors(cloud, 2, options).deploy(run),
      after: destroy,
      reads: "telling",
      watch: (cloud) => watchCapacity(cloud, 2, { always: [OLD] }),
    });
    expect(runs).toBeGreaterThan(80);
  },
);

test(
  "a shift that meets any fault at any call is finished by the next try",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: held,
      reads: "telling",
      watch: (cloud) => watchCapacity(cloud, 2, { always: [OLD] }),
      run: async (cloud, run) => (await talkInColors(cloud, 2, options).release(run)).shift(25, run),
    });
    expect(runs).toBeGreaterThan(10);
  },
);

test(
  "a rollback that meets any fault at any call is finished by the next try",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: bothColors,
      reads: "telling",
      run: async (cloud, run) => (await talkInColors(cloud, 2, options).release(run)).rollback(run),
      watch: (cloud) => watchCapacity(cloud, 2, { always: [OLD] }),
    });
    expect(runs).toBeGreaterThan(10);
  },
);

test(
  "a retirement that meets any fault at any call is finished by the next try",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: bothColors,
      reads: "telling",
      run: async (cloud, run) => (await talkInColors(cloud, 2, options).release(run)).retire(run),
      watch: (cloud) => watchCapacity(cloud, 2),
    });
    expect(runs).toBeGreaterThan(10);
  },
);
