import { expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { scaledTalk, TUTORIAL_STEPS, TUTORIAL_TASKS } from "./scaling-chains.js";
import { sweep } from "./sweep.js";

const TEN_MINUTES = 600_000;

const unscaled = (cloud: LocalCloud) => scaledTalk(cloud, { instances: "none", tasks: "none" });
const scaled = (cloud: LocalCloud) => scaledTalk(cloud);
const scaledByEcs = (cloud: LocalCloud) => scaledTalk(cloud, { instances: { min: 2, max: 4 } });
const changed = (cloud: LocalCloud) =>
  scaledTalk(cloud, {
    tasks: { ...TUTORIAL_TASKS, cpu: 60, memory: 70 },
    instances: {
      ...TUTORIAL_STEPS,
      steps: [
        { when: "cpu >= 35", for: "60s", add: 2 },
        { when: "memoryReservation <= 1", for: "5m", remove: 1 },
      ],
      schedule: [{ at: "cron(0 8 * * ? *)", timezone: "Europe/Paris", min: 3 }],
    },
  });

/** Busy enough that tasks and instances are at their maximum. */
async function scaledOut(cloud: LocalCloud): Promise<void> {
  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(TEN_MINUTES);
}

test("scaling that is added, and meets any fault at any call, is finished by the next run", async () => {
  const positions = await sweep({ from: unscaled, to: scaled, after: "destroy", reads: "telling" });
  expect(positions).toMatchInlineSnapshot(`112`);
});

test("scaling that is changed while scaled out, and meets any fault, is finished by the next run and keeps the counts", async () => {
  const positions = await sweep({ from: scaled, before: scaledOut, to: changed, reads: "telling" });
  expect(positions).toMatchInlineSnapshot(`68`);
});

test("scaling that is removed while scaled out, and meets any fault, is finished by the next run and leaves the counts", async () => {
  const positions = await sweep({ from: scaled, before: scaledOut, to: unscaled, reads: "telling" });
  expect(positions).toMatchInlineSnapshot(`65`);
});

test("scaling of ECS's own that steps replace, and meets any fault, is finished by the next run", async () => {
  const positions = await sweep({ from: scaledByEcs, to: scaled, after: "destroy", reads: "telling" });
  expect(positions).toMatchInlineSnapshot(`98`);
});
