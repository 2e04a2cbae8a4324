import { expect, test } from "vitest";
import type { CompleteDeployment } from "../../src/index.js";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { IMAGE, talkInColors } from "./colors.js";
import { comparable } from "./comparable.js";
import { watchCapacity } from "./full-capacity.js";
import { sweep } from "./sweep.js";
import { talkService } from "./tutorial.js";

test("a rolling service becomes blue/green, as large as it is, and is gone when blue has its requests", async () => {
  await using cloud = await sharedAccount();
  await talkService(cloud).service({ desired: 3 }).deploy();
  const watch = watchCapacity(cloud, 3);
  const seen: number[] = [];
  const colored = talkInColors(cloud, 1, {
    shift: [20, 100],
    verify: ({ weights }) => void seen.push(weights.blue),
  }).service({ desired: 3 });

  const held = await colored.deploy({ hold: true });
  expect(held.service).toBe("talk-service-ecs-blue");
  expect((await colored.status()).service).toBe("talk-service-ecs");
  expect((await colored.release()).live).toBeUndefined();

  await colored.deploy();
  expect(seen).toEqual([0, 0, 20, 100]);
  const release = await colored.release();
  expect([release.live, release.idle, release.colors.blue?.tasks.running]).toEqual(["blue", undefined, 3]);
  expect(Object.keys(cloud.state().services)).toEqual(["conference-cluster/talk-service-ecs-blue"]);
  expect((await colored.plan()).isEmpty).toBe(true);
  expect(watch.gaps).toEqual([]);
  watch.stop();
});

test("a blue/green service becomes rolling again, as large as the live color, and leaves nothing of its colors", async () => {
  await using cloud = await sharedAccount();
  const pristine = comparable(cloud);
  await talkInColors(cloud, 1, { keepOld: "3d" }).deploy();
  await talkInColors(cloud, 2, { keepOld: "3d" }).service({ desired: 3 }).deploy();
  const watch = watchCapacity(cloud, 2);
  await tagsKnown(cloud);

  const rolling = talkService(cloud, IMAGE(2));
  await rolling.deploy();
  expect(watch.gaps).toEqual([]);
  watch.stop();
  expect(Object.keys(cloud.state().services)).toEqual(["conference-cluster/talk-service-ecs"]);
  expect(Object.keys(cloud.state().targetGroups)).toEqual(["talkServiceTargetGroup", "their-targets"]);
  expect(Object.keys(cloud.state().roles)).not.toContain("talk-service-keep-old-eu-west-1");

  await rolling.destroy();
  expect(comparable(cloud)).toEqual(pristine);
});

/** Of the calls that differ from those of a first deploy, a deploy and a destroy. */
const only = ({ operation, write }: RecordedCall): boolean =>
  write
    ? /^(createService|deleteService|deleteTargetGroup|modifyRule|removeTags)$/.test(operation)
    : /^(describeRules|describeServices|describeTargetHealth|describeTags)$/.test(operation);

const conversion = (from: (cloud: LocalCloud) => CompleteDeployment, to: typeof from) =>
  sweep({ from, to, only, reads: "telling", watch: (cloud) => watchCapacity(cloud, 2) });

test("a conversion to blue/green that meets any fault at any call is finished by the next run", async () => {
  const colored = (cloud: LocalCloud) => talkInColors(cloud, 1, { every: "30s" });
  expect(await conversion((cloud) => talkService(cloud), colored)).toMatchInlineSnapshot(`98`);
});

test("a conversion to a rolling service that meets any fault at any call is finished by the next run", async () => {
  const rolling = (cloud: LocalCloud) => talkService(cloud);
  expect(await conversion((cloud) => talkInColors(cloud), rolling)).toMatchInlineSnapshot(`94`);
});

test("a blue/green deployment that becomes rolling with fewer tasks has them after one deploy", async () => {
  await using cloud = await sharedAccount();
  await talkInColors(cloud, 1, { keepOld: "3d" }).service({ desired: 3 }).deploy();
  const fewer = talkService(cloud).service({ desired: 1 });
  await fewer.deploy();
  expect((await fewer.status()).tasks).toMatchObject({ desired: 1, running: 1 });
  expect((await fewer.plan()).toString()).toMatch(/^Plan: nothing to change/);
});
