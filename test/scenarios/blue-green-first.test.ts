import { expect, test } from "vitest";
import type { BlueGreenOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { talkInColors } from "./colors.js";
import { sweep } from "./sweep.js";

/** Target groups that users' requests lead to, with their healthy targets. */
const answering = ({ account }: LocalCloud): string[] =>
  [...account.elb.rules.values()]
    .filter(({ tags }) => tags.get("quayside:kind") === "listener-rule")
    .flatMap(({ actions }) => actions[0]?.ForwardConfig?.TargetGroups ?? [])
    .flatMap(({ TargetGroupArn = "", Weight }) => {
      const { name, targets } = account.elb.targetGroups.get(TargetGroupArn)!;
      const healthy = [...targets.values()].filter(({ state }) => state === "healthy").length;
      return Weight === 0 || healthy === 0 ? [] : [`${name}: ${healthy}`];
    });
const BLUE = "talkServiceTargetGroup-blue: 2";

test("the first version is verified before anybody reaches it", async () => {
  await using cloud = await sharedAccount();
  const seen: unknown[] = [];
  const verify: BlueGreenOptions["verify"] = ({ weights }) =>
    void seen.push([weights.blue, answering(cloud)]);
  const first = talkInColors(cloud, 1, { shift: [10, 50, 100], verify });
  expect((await first.plan()).toString()).toMatch(/traffic +talk-service\s+no version is live yet/);
  const traffic: number[] = [];
  await first.deploy({ onEvent: (event) => event.type === "traffic" && traffic.push(event.weights.blue) });
  expect([seen, traffic]).toEqual([
    [
      [0, []],
      [100, [BLUE]],
    ],
    [100],
  ]);
  expect((await first.plan()).isEmpty).toBe(true);
  expect((await first.release()).live).toBe("blue");
});

test("a first version that fails verify is reached by nobody; the next one takes its place", async () => {
  await using cloud = await sharedAccount();
  const verify = () => {
    throw new Error("no");
  };
  for (let tries = 0; tries < 2; tries++) {
    await expect(talkInColors(cloud, 1, { verify }).deploy()).rejects.toMatchObject({
      code: "verification-failed",
    });
    const release = await talkInColors(cloud).release();
    expect([answering(cloud), release.live, release.weights]).toEqual([[], undefined, { blue: 0, green: 0 }]);
    await expect(release.promote()).rejects.toMatchObject({ code: "no-release" });
  }
  await talkInColors(cloud, 2, { verify: () => {} }).deploy();
  expect(answering(cloud)).toEqual([BLUE]);
  expect(Object.keys(cloud.state().services)).toEqual(["conference-cluster/talk-service-ecs-blue"]);
});

test("a first version that is held is reached by nobody until it is deployed without", async () => {
  await using cloud = await sharedAccount();
  const held = talkInColors(cloud, 1, { verify: () => {} });
  await held.deploy({ hold: true });
  expect(answering(cloud)).toEqual([]);
  expect((await held.plan({ hold: true })).isEmpty).toBe(true);
  await held.deploy();
  expect(answering(cloud)).toEqual([BLUE]);
});

test("a first version that meets any fault is finished by the next run, verified or not", async () => {
  const first = (options: BlueGreenOptions) =>
    sweep({
      to: (cloud) => talkInColors(cloud, 1, options),
      // What is created before them is the same as for a rolling service.
      only: ({ operation }) => /^(createRule|createService|modifyRule|deleteRule)$/.test(operation),
    });
  expect(await first({ verify: () => {} })).toMatchInlineSnapshot(`35`);
  expect(await first({})).toMatchInlineSnapshot(`14`);
});
