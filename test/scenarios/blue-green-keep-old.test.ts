import { expect, test } from "vitest";
import { sharedAccount } from "./account.js";
import { talkInColors } from "./colors.js";

const DAY = 24 * 60 * 60_000;

test("keepOld stops the old color when its time is over, with no process of ours", async () => {
  await using cloud = await sharedAccount();
  await talkInColors(cloud, 1, { keepOld: "3d" }).deploy();
  const second = talkInColors(cloud, 2, { keepOld: "3d" });
  const events: unknown[] = [];
  await second.deploy({ onEvent: (event) => event.type === "kept" && events.push(event.color) });
  expect(events).toEqual(["blue"]);

  const { keptUntil, colors } = await second.release();
  expect(Math.round((keptUntil!.getTime() - cloud.clock.now()) / DAY)).toBe(3);
  expect(colors.blue?.tasks.running).toBe(2);
  const status = await second.status();
  expect(status.release?.keptUntil).toEqual(keptUntil);
  expect(status.toString().split("\n").slice(4, 6).join("\n")).toBe(
    `  colors     green 100 %, release 2, 2 of 2 running
             blue 0 %, release 1, 2 of 2 running, until ${keptUntil!.toISOString().slice(0, 19)}`,
  );
  expect((await second.plan()).isEmpty).toBe(true);

  await cloud.clock.sleep(2.9 * DAY);
  expect((await second.release()).colors.blue?.tasks.running).toBe(2);
  await cloud.clock.sleep(0.2 * DAY);

  const later = await second.release();
  expect(later.colors.blue?.tasks).toEqual({ desired: 0, running: 0, pending: 0 });
  expect(later.keptUntil).toBeUndefined();
  expect((await second.plan()).isEmpty).toBe(true);
  await expect(later.rollback()).rejects.toMatchObject({ code: "color-not-ready" });

  await talkInColors(cloud, 3, { keepOld: "3d" }).deploy();
  const third = await talkInColors(cloud, 3, { keepOld: "3d" }).release();
  expect([third.live, third.colors.blue?.tasks.running]).toEqual(["blue", 2]);
});

test("an old color that could not be stopped is overdue, until a deploy schedules its stop again", async () => {
  await using cloud = await sharedAccount();
  const second = talkInColors(cloud, 2, { keepOld: "3d" });
  await talkInColors(cloud, 1, { keepOld: "3d" }).deploy();
  await second.deploy();
  const { keptUntil } = await second.release();
  expect((await second.release()).stopOverdue).toBe(false);

  // Another one takes its permission from the role, and gives it back too late.
  const role = [...cloud.account.iam.roles.values()].find(({ name }) => name.includes("keep-old"))!;
  const policies = new Map(role.inline);
  role.inline.clear();
  await cloud.clock.sleep(3.1 * DAY);
  for (const [name, policy] of policies) role.inline.set(name, policy);

  const status = await second.status();
  expect(status.release).toMatchObject({ keptUntil, stopOverdue: true });
  expect(status.toString().replaceAll(/\s+/g, " ")).toContain(
    `blue 0 %, release 1, 2 of 2 running, should have been stopped at ${keptUntil!.toISOString().slice(0, 19)}`,
  );
  expect(JSON.parse(JSON.stringify(await second.release()))).toMatchObject({ stopOverdue: true });

  await second.deploy();
  expect((await second.release()).stopOverdue).toBe(false);
  await cloud.clock.sleep(3.1 * DAY);
  expect((await second.release()).colors.blue?.tasks.running).toBe(0);
  expect(await second.release()).toMatchObject({ keptUntil: undefined, stopOverdue: false });
});

test("keepOld without the scaling that there was needs one deploy, not two", async () => {
  await using cloud = await sharedAccount();
  const talk = (version: number) => talkInColors(cloud, version, { keepOld: "3d" });
  const scaled = (version: number) => talk(version).autoscale({ min: 1, max: 3, cpu: 60 });
  await scaled(1).deploy();
  await scaled(2).deploy();
  for (const chain of [talk(2), talk(3), scaled(4), talk(4), scaled(4), talk(5)]) {
    await chain.deploy();
    const plan = await chain.plan();
    expect([plan.isEmpty, plan.toString()]).toEqual([true, plan.toString()]);
  }
});

test("a rollback and a new release cancel the end of the old color", async () => {
  await using cloud = await sharedAccount();
  await talkInColors(cloud, 1, { keepOld: "3d" }).deploy();
  const second = talkInColors(cloud, 2, { keepOld: "3d" });
  await second.deploy();
  const release = await second.release();
  await release.rollback();
  expect(release.keptUntil).toBeUndefined();
  await cloud.clock.sleep(4 * DAY);
  expect((await second.release()).colors.blue?.tasks.running).toBe(2);

  await release.promote();
  expect(release.keptUntil).toBeDefined();
  await talkInColors(cloud, 3, {}).deploy({ hold: true });
  expect((await second.release()).keptUntil).toBeUndefined();
  await cloud.clock.sleep(4 * DAY);
  const held = await second.release();
  expect([held.live, held.colors.green?.tasks.running]).toEqual(["green", 2]);
});

test("destroy leaves no schedule and no role behind", async () => {
  await using cloud = await sharedAccount();
  const before = cloud.state();
  await talkInColors(cloud, 1, { keepOld: "3d" }).deploy();
  await talkInColors(cloud, 2, { keepOld: "3d" }).deploy();
  // Also by a chain that knows nothing of colors any more.
  const { kept } = await talkInColors(cloud, 2).destroy();
  expect(kept).toEqual([]);
  expect(cloud.state().roles).toEqual(before.roles);
  expect(cloud.account.scheduler.groups.get("default")?.schedules.size ?? 0).toBe(0);
});
