import { expect, test } from "vitest";
import { sharedAccount } from "./account.js";
import { talkInColours } from "./colors.js";

const DAY = 24 * 60 * 60_000;

test("keepOld stops the old colour when its time is over, with no process of ours", async () => {
  await using cloud = await sharedAccount();
  await talkInColours(cloud, 1, { keepOld: "3d" }).deploy();
  const second = talkInColours(cloud, 2, { keepOld: "3d" });
  const events: unknown[] = [];
  await second.deploy({ onEvent: (event) => event.type === "kept" && events.push(event.colour) });
  expect(events).toEqual(["blue"]);

  const { keptUntil, colours } = await second.release();
  expect(Math.round((keptUntil!.getTime() - cloud.clock.now()) / DAY)).toBe(3);
  expect(colours.blue?.tasks.running).toBe(2);
  const status = await second.status();
  expect(status.release?.keptUntil).toEqual(keptUntil);
  expect(status.toString().split("\n").slice(4, 6).join("\n")).toBe(
    `  colours    green 100 %, release 2, 2 of 2 running
             blue 0 %, release 1, 2 of 2 running, until ${keptUntil!.toISOString().slice(0, 19)}`,
  );
  expect((await second.plan()).isEmpty).toBe(true);

  await cloud.clock.sleep(2.9 * DAY);
  expect((await second.release()).colours.blue?.tasks.running).toBe(2);
  await cloud.clock.sleep(0.2 * DAY);

  const later = await second.release();
  expect(later.colours.blue?.tasks).toEqual({ desired: 0, running: 0, pending: 0 });
  expect(later.keptUntil).toBeUndefined();
  expect((await second.plan()).isEmpty).toBe(true);
  await expect(later.rollback()).rejects.toMatchObject({ code: "colour-not-ready" });

  await talkInColours(cloud, 3, { keepOld: "3d" }).deploy();
  const third = await talkInColours(cloud, 3, { keepOld: "3d" }).release();
  expect([third.live, third.colours.blue?.tasks.running]).toEqual(["blue", 2]);
});

test("a rollback and a new release cancel the end of the old colour", async () => {
  await using cloud = await sharedAccount();
  await talkInColours(cloud, 1, { keepOld: "3d" }).deploy();
  const second = talkInColours(cloud, 2, { keepOld: "3d" });
  await second.deploy();
  const release = await second.release();
  await release.rollback();
  expect(release.keptUntil).toBeUndefined();
  await cloud.clock.sleep(4 * DAY);
  expect((await second.release()).colours.blue?.tasks.running).toBe(2);

  await release.promote();
  expect(release.keptUntil).toBeDefined();
  await talkInColours(cloud, 3, {}).deploy({ hold: true });
  expect((await second.release()).keptUntil).toBeUndefined();
  await cloud.clock.sleep(4 * DAY);
  const held = await second.release();
  expect([held.live, held.colours.green?.tasks.running]).toEqual(["green", 2]);
});

test("destroy leaves no schedule and no role behind", async () => {
  await using cloud = await sharedAccount();
  const before = cloud.state();
  await talkInColours(cloud, 1, { keepOld: "3d" }).deploy();
  await talkInColours(cloud, 2, { keepOld: "3d" }).deploy();
  // Also by a chain that knows nothing of colours any more.
  const { kept } = await talkInColours(cloud, 2).destroy();
  expect(kept).toEqual([]);
  expect(cloud.state().roles).toEqual(before.roles);
  expect(cloud.world.scheduler.groups.get("default")?.schedules.size ?? 0).toBe(0);
});
