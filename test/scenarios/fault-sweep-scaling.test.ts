import { expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { scaledTalk, TUTORIAL_STEPS, TUTORIAL_TASKS } from "./scaling-chains.js";
import { sweep } from "./sweep.js";

const MINUTES = 10 * 60_000;

/** Busy enough that all there may be is there. */
async function scaledOut(cloud: LocalCloud): Promise<void> {
  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(MINUTES);
}

test(
  "scaling that is added, and meets any fault at any call, is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      reads: "telling",
      before: (cloud) => scaledTalk(cloud, { instances: "none", tasks: "none" }).deploy(),
      run: (cloud, options) => scaledTalk(cloud).deploy(options),
      after: (cloud) => scaledTalk(cloud).destroy(),
    });

    expect(runs).toBeGreaterThan(100);
  },
);

test(
  "scaling that is changed while scaled out, and meets any fault, is finished by the next run and keeps the counts",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      reads: "telling",
      before: async (cloud) => {
        await scaledTalk(cloud).deploy();
        await scaledOut(cloud);
      },
      run: (cloud, options) =>
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
        }).deploy(options),
    });

    expect(runs).toBeGreaterThan(50);
  },
);

test(
  "scaling that is removed while scaled out, and meets any fault, is finished by the next run and leaves the counts",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      reads: "telling",
      before: async (cloud) => {
        await scaledTalk(cloud).deploy();
        await scaledOut(cloud);
      },
      run: (cloud, options) => scaledTalk(cloud, { instances: "none", tasks: "none" }).deploy(options),
    });

    expect(runs).toBeGreaterThan(50);
  },
);

test(
  "scaling of ECS's own that steps replace, and meets any fault, is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      reads: "telling",
      before: (cloud) => scaledTalk(cloud, { instances: { min: 2, max: 4 } }).deploy(),
      run: (cloud, options) => scaledTalk(cloud).deploy(options),
      after: (cloud) => scaledTalk(cloud).destroy(),
    });

    expect(runs).toBeGreaterThan(50);
  },
);
