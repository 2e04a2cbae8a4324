import { expect, test } from "vitest";
import type { QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { conferenceAlb, service } from "./conference.js";
import { sweep } from "./sweep.js";

const letters = (text: string) => [...text].map((letter) => `/talk/${letter}`);

const talk = (on: LocalCloud, path: readonly string[], priority?: number) =>
  service("talk").behindAlb(conferenceAlb, { path, priority }).on(on);

interface Seen {
  readonly priority: number;
  readonly path: readonly string[];
  readonly weights: string;
}

/** Our rules, first asked first. */
const rulesOf = (on: LocalCloud): Seen[] =>
  [...on.account.elb.rules.values()]
    .filter(({ priority, tags }) => priority !== "default" && tags.has("quayside:owner"))
    .map(({ priority, conditions, actions }) => ({
      priority: Number(priority),
      path: conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []),
      weights: (actions[0]?.ForwardConfig?.TargetGroups ?? [])
        .map(({ TargetGroupArn = "", Weight }) => `${TargetGroupArn.split("/")[1]}=${Weight}`)
        .join(" "),
    }))
    .sort((a, b) => a.priority - b.priority);

const pathsOf = (on: LocalCloud): string[] =>
  rulesOf(on)
    .flatMap(({ path }) => path)
    .sort();

test("more patterns than a rule holds become several rules, and a second deploy changes nothing", async () => {
  await using cloud = await sharedAccount();
  await talk(cloud, letters("abcdefghijkl")).deploy();
  expect(
    rulesOf(cloud)
      .map(({ path }) => path.length)
      .sort(),
  ).toEqual([2, 5, 5]);
  expect(pathsOf(cloud)).toEqual(letters("abcdefghijkl"));
  const plan = await talk(cloud, letters("lkjihgfedcba")).plan();
  expect(plan.isEmpty).toBe(true);
  expect(plan.warnings).toEqual([]);

  await talk(cloud, letters("a")).destroy();
  expect(rulesOf(cloud)).toEqual([]);
});

test("whatever patterns come and go, those that stay have a rule all the while, and no rule is left over", async () => {
  await using cloud = await sharedAccount();
  await talk(cloud, letters("bcdefghijkl")).deploy();
  await tagsKnown(cloud);
  const missing = new Set<string>();
  const watching = (kept: string) => ({
    onEvent: (_: QuaysideEvent) => {
      const there = pathsOf(cloud);
      for (const path of letters(kept)) if (!there.includes(path)) missing.add(path);
    },
  });
  await talk(cloud, letters("abcdefghijkl")).deploy(watching("bcdefghijkl"));
  expect(pathsOf(cloud)).toEqual(letters("abcdefghijkl"));
  await tagsKnown(cloud);
  await talk(cloud, letters("cdefghijklm")).deploy(watching("cdefghijkl"));
  expect(pathsOf(cloud)).toEqual(letters("cdefghijklm"));
  await tagsKnown(cloud);
  await talk(cloud, letters("km")).deploy(watching("km"));
  expect(pathsOf(cloud)).toEqual(letters("km"));
  expect([...missing]).toEqual([]);
  expect(rulesOf(cloud)).toHaveLength(1);
});

test("rules of a described priority follow one another, around those that are taken", async () => {
  await using cloud = await sharedAccount();
  await service("speaker").behindAlb(conferenceAlb, { path: "/speaker", priority: 101 }).on(cloud).deploy();
  await talk(cloud, letters("abcdefghijkl"), 100).deploy();
  expect(rulesOf(cloud).map(({ priority }) => priority)).toEqual([100, 101, 102, 103]);
  expect((await talk(cloud, letters("abcdefghijkl"), 100).plan()).isEmpty).toBe(true);
});

test("blue/green moves the traffic of all rules together, also of one that is added later", async () => {
  await using cloud = await sharedAccount();
  const colored = (version: number, path: readonly string[]) =>
    service("talk", { version }).behindAlb(conferenceAlb, { path }).blueGreen().on(cloud);
  const weights = () => [...new Set(rulesOf(cloud).map((rule) => rule.weights))];

  await colored(1, letters("abcdef")).deploy();
  await colored(2, letters("abcdef")).deploy();
  expect(rulesOf(cloud)).toHaveLength(2);
  const [onGreen, ...others] = weights();
  expect(others).toEqual([]);
  expect(onGreen).toContain("=100");

  await colored(2, letters("abcdefghijkl")).deploy();
  expect(rulesOf(cloud)).toHaveLength(3);
  expect(weights()).toEqual([onGreen]);
  const release = await colored(2, letters("abcdefghijkl")).release();
  expect(release.live).toBe("green");
  await release.shift(25);
  expect(weights()).toHaveLength(1);
  await release.rollback();
  expect(weights()).toHaveLength(1);
  expect(weights()[0]).not.toBe(onGreen);
});

test("a change of patterns that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: (on) => talk(on, letters("abcdefgh")),
    to: (on) => talk(on, letters("bcdefghijklm")),
    only: ({ write, service: of }) => write && of === "elb",
  });
  expect(positions).toMatchInlineSnapshot(`49`);
});
