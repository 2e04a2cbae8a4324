import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { VirtualClock } from "../../../src/local/core/clock.js";

it("a virtual clock stands still when only background entries are left", async () => {
  const clock = new VirtualClock(0);
  clock.schedule(1000, () => {}, "background");
  await clock.sleep(100);
  await pause(5);
  expect(clock.now()).toBe(100);
});

it("what a background entry schedules does not advance the time either, also after a promise", async () => {
  const clock = new VirtualClock(0);
  let runs = 0;
  const run = async (): Promise<void> => {
    runs++;
    clock.schedule(60_000, () => void run(), "background");
    await Promise.resolve();
    // Its work outlasts the time until the next run.
    await clock.sleep(90_000);
  };
  clock.schedule(60_000, () => void run(), "background");
  await clock.sleep(60_000);
  await pause(5);
  expect([runs, clock.now()]).toEqual([1, 60_000]);
  await clock.sleep(300_001);
  expect([runs, clock.now()]).toEqual([6, 360_001]);
});

it("what the program itself schedules advances the time, also after a background entry has run", async () => {
  const clock = new VirtualClock(0);
  clock.schedule(1000, () => {}, "background");
  await clock.sleep(2000);
  const done = new Promise<void>((resolve) => clock.schedule(500, resolve));
  await done;
  expect(clock.now()).toBe(2500);
});
