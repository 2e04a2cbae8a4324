import { expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { talkInColors } from "./colors.js";
import { watchCapacity } from "./full-capacity.js";
import { sweep } from "./sweep.js";

const OLD = "talkServiceTargetGroup-blue";
const options = { shift: [50, 100], every: "30s", keepOld: "3d", verify: () => {} };

const first = (cloud: LocalCloud) => talkInColors(cloud, 1, options);
const second = (cloud: LocalCloud) => talkInColors(cloud, 2, options);
const bothColors = async (cloud: LocalCloud) => {
  await first(cloud).deploy();
  await second(cloud).deploy();
};
const held = async (cloud: LocalCloud) => {
  await first(cloud).deploy();
  await second(cloud).deploy({ hold: true });
};
const oldIsKept = (cloud: LocalCloud) => watchCapacity(cloud, 2, { always: [OLD] });

test("a release that meets any fault at any call is finished by the next run", async () => {
  const positions = await sweep({
    from: first,
    to: second,
    after: "destroy",
    reads: "telling",
    watch: oldIsKept,
  });
  expect(positions).toMatchInlineSnapshot(`120`);
});

test("a shift that meets any fault at any call is finished by the next try", async () => {
  const positions = await sweep({
    before: held,
    run: async (cloud, run) => (await second(cloud).release(run)).shift(25, run),
    reads: "telling",
    watch: oldIsKept,
  });
  expect(positions).toMatchInlineSnapshot(`23`);
});

test("a rollback that meets any fault at any call is finished by the next try", async () => {
  const positions = await sweep({
    before: bothColors,
    run: async (cloud, run) => (await second(cloud).release(run)).rollback(run),
    reads: "telling",
    watch: oldIsKept,
  });
  expect(positions).toMatchInlineSnapshot(`32`);
});

test("a retirement that meets any fault at any call is finished by the next try", async () => {
  const positions = await sweep({
    before: bothColors,
    run: async (cloud, run) => (await second(cloud).release(run)).retire(run),
    reads: "telling",
    watch: (cloud) => watchCapacity(cloud, 2),
  });
  expect(positions).toMatchInlineSnapshot(`61`);
});
