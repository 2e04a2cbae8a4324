import { describe, expect, test } from "vitest";
import { QuaysideError } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { IMAGE, talkInColors } from "./colors.js";
import { comparable } from "./comparable.js";
import { conference, service } from "./conference.js";
import { watchCapacity } from "./full-capacity.js";
import { speakerService, talkService } from "./tutorial.js";

/** Milliseconds between the starts of two actors: a call takes 20 to 80 of them, a rollout minutes. */
const OFFSETS = [0, 40, 90, 160, 250, 400, 700, 1_500, 5_000, 20_000, 90_000];

type Act = (cloud: LocalCloud) => Promise<unknown>;

interface Pair {
  readonly from?: readonly Act[];
  readonly first: Act;
  readonly second: Act;
  /** Makes what is wanted in the end, by one actor; then a plan of it must be empty. */
  readonly last?: (cloud: LocalCloud) => Deployable;
  /** True if the live version is to have all of its tasks healthy all the time. */
  readonly isServed?: boolean;
  /** True if both take away what they have, so that nothing is left. */
  readonly isGone?: boolean;
}

interface Deployable {
  deploy(): Promise<unknown>;
  plan(): Promise<{ readonly isEmpty: boolean }>;
  status(): Promise<{ readonly isHealthy: boolean }>;
  destroy(): Promise<unknown>;
}

/** Codes that tell an actor that another one was faster, or is not finished. */
const TOLD = [
  "another-run",
  "release-moved",
  "release-in-progress",
  "no-release",
  "color-not-ready",
  "service-gone",
];

const release = async (cloud: LocalCloud, version: number) => talkInColors(cloud, version).release();
const colors =
  (version: number, hold = false): Act =>
  (cloud) =>
    talkInColors(cloud, version, { every: "0s" }).deploy({ hold });
const promote: Act = async (cloud) => (await release(cloud, 2)).promote();
const retire: Act = async (cloud) => (await release(cloud, 2)).retire();
const rollback: Act = async (cloud) => (await release(cloud, 2)).rollback();
const shift: Act = async (cloud) => (await release(cloud, 2)).shift(50);
const rolling =
  (version: number): Act =>
  (cloud) =>
    talkService(cloud, `registry.example.com/talk-service:${version}`).deploy();
const held = [colors(1), colors(2, true)];
const live = [colors(1), colors(2)];

const pairs: Readonly<Record<string, Pair>> = {
  "promote and retire": { from: held, first: promote, second: retire, isServed: true },
  "retire and promote": { from: held, first: retire, second: promote, isServed: true },
  "shift and retire": { from: held, first: shift, second: retire, isServed: true },
  "shift and deploy": { from: held, first: shift, second: colors(3), isServed: true },
  "promote and deploy": { from: held, first: promote, second: colors(3), isServed: true },
  "promote and rollback": { from: held, first: promote, second: rollback, isServed: true },
  "rollback and retire": { from: live, first: rollback, second: retire, isServed: true },
  "rollback and deploy": { from: live, first: rollback, second: colors(3), isServed: true },
  "retire and deploy": { from: live, first: retire, second: colors(3), isServed: true },
  "deploy and deploy of the same release": {
    from: [colors(1)],
    first: colors(2),
    second: colors(2),
    isServed: true,
  },
  "deploy and deploy of different releases": {
    from: live,
    first: colors(3),
    second: colors(4),
    isServed: true,
  },
  "first deploys of the same version": {
    first: rolling(1),
    second: rolling(1),
    last: (cloud) => talkService(cloud),
  },
  "first deploys of different versions": {
    first: rolling(1),
    second: rolling(2),
    last: (cloud) => talkService(cloud),
  },
  "updates to different versions": {
    from: [rolling(1)],
    first: rolling(2),
    second: rolling(3),
    last: (cloud) => talkService(cloud),
    isServed: true,
  },
  "deploy and destroy": {
    from: [rolling(1)],
    first: rolling(2),
    second: (cloud) => talkService(cloud).destroy(),
    last: (cloud) => talkService(cloud),
  },
  "two fleets": {
    first: (cloud) => conference(cloud).deploy(),
    second: (cloud) => conference(cloud).deploy(),
    last: (cloud) => conference(cloud),
  },
  "a deploy and the destroy of the last other user": {
    from: [(cloud) => speakerService(cloud).deploy()],
    first: rolling(1),
    second: (cloud) => speakerService(cloud).destroy(),
    last: (cloud) => talkService(cloud),
  },
  "destroys of the last two users": {
    from: [(cloud) => conference(cloud).deploy()],
    first: (cloud) => service("talk").on(cloud).destroy(),
    second: (cloud) => service("speaker").on(cloud).destroy(),
    last: (cloud) => conference(cloud),
    isGone: true,
  },
};

/** Everything of a moment that must not be. */
async function meet(
  { from = [], first, second, last, isServed, isGone }: Pair,
  offset: number,
): Promise<void> {
  const where = `${offset} ms apart`;
  const cloud = await sharedAccount();
  const pristine = comparable(cloud);
  for (const act of from) await act(cloud);
  const watch = isServed === true ? watchCapacity(cloud, 2) : undefined;
  const outcomes = await Promise.allSettled([
    first(cloud),
    cloud.clock.sleep(offset).then(() => second(cloud)),
  ]);
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") continue;
    const error = outcome.reason as QuaysideError;
    expect(error, where).toBeInstanceOf(QuaysideError);
    expect(TOLD, `${where}: ${error.message}`).toContain(error.code);
    expect(error.fix, `${where}: ${error.message}`).toBeTruthy();
  }
  expect(
    outcomes.some(({ status }) => status === "fulfilled"),
    where,
  ).toBe(true);
  await cloud.clock.sleep(600_000);
  if (isGone === true) expect(comparable(cloud), `${where}, of which nothing is left`).toEqual(pristine);
  expect(watch?.gaps ?? [], where).toEqual([]);
  watch?.stop();

  const wanted: (on: LocalCloud) => Deployable =
    last ?? ((on) => talkInColors(on, 5, { every: "0s" }) as Deployable);
  await wanted(cloud).deploy();
  expect((await wanted(cloud).status()).isHealthy, where).toBe(true);
  expect((await wanted(cloud).plan()).isEmpty, where).toBe(true);
  const owned = [...cloud.account.elb.rules.values()].map(({ tags }) => tags.get("quayside:owner"));
  const owners = owned.filter((owner) => owner !== undefined);
  expect(owners.length, `${where}: one listener rule each`).toBe(new Set(owners).size);
  await wanted(cloud).destroy();
  expect(comparable(cloud), `${where}, destroyed`).toEqual(pristine);
  await cloud.close();
}

test.each(Object.entries(pairs))(
  "two actors at once: %s leave a consistent account, or one is told",
  async (_, pair) => {
    for (const offset of OFFSETS) await meet(pair, offset);
  },
);

test("a second listener rule that two first deploys have left is deleted by the next deploy", async () => {
  await using cloud = await sharedAccount();
  await talkService(cloud).deploy();
  const { elb } = cloud.ports;
  const [rule] = [...cloud.account.elb.rules.values()].filter(({ tags }) => tags.has("quayside:owner"));
  await elb.createRule({
    ListenerArn: rule!.listenerArn,
    Priority: 17,
    Conditions: [{ Field: "path-pattern", Values: ["/talk*"] }],
    Actions: [{ Type: "forward", TargetGroupArn: rule!.actions[0]!.TargetGroupArn! }],
    Tags: [...rule!.tags].map(([Key, Value]) => ({ Key, Value })),
  });
  const { changes } = await talkService(cloud).plan();
  expect(changes.filter(({ action }) => action !== "none")).toMatchObject([
    { action: "delete", resource: "listener-rule", name: "conferenceAlb:80/talk-service" },
  ]);
  await talkInColors(cloud, 1, { every: "0s" }).deploy();
  const left = [...cloud.account.elb.rules.values()].filter(({ tags }) => tags.has("quayside:owner"));
  expect(left).toHaveLength(1);
  expect((await talkInColors(cloud, 1).plan()).isEmpty).toBe(true);
});

describe("a deploy that waits for another run", () => {
  test("deploys after it, and both succeed", async () => {
    for (const offset of OFFSETS) {
      await using cloud = await sharedAccount();
      await talkService(cloud).deploy();
      const version = (tag: number) => talkService(cloud, IMAGE(tag));
      const watch = watchCapacity(cloud, 2);
      const waiting: string[] = [];
      const [first, second] = await Promise.all([
        version(2).deploy({ wait: true }),
        cloud.clock.sleep(offset).then(() =>
          version(3).deploy({
            wait: true,
            onEvent: (event) => event.type === "waiting" && waiting.push(event.why),
          }),
        ),
      ]);
      const images = [first.image, second.image];
      expect(images, `${offset} ms apart`).toEqual([IMAGE(2), IMAGE(3)]);
      const { image } = await version(3).status();
      expect(images, `${offset} ms apart`).toContain(image);
      expect(watch.gaps, `${offset} ms apart`).toEqual([]);
      watch.stop();
    }
  });

  test("ends with the run's timeout", async () => {
    await using cloud = await sharedAccount();
    await talkService(cloud).deploy();
    const other = talkService(cloud, IMAGE(2)).deploy();
    await cloud.clock.sleep(5_000);
    const error = await talkService(cloud, IMAGE(3))
      .deploy({ wait: true, timeout: "10s" })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "timed-out" });
    await other;
  });
});
