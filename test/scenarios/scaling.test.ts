import { afterEach, expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { scaledTalk } from "./scaling-chains.js";

let cloud: LocalCloud | undefined;
afterEach(() => cloud?.close());

const MINUTE = 60_000;
const counts = (local: LocalCloud) => {
  const group = local.world.autoScaling.groups.get("conference-cluster-instances");
  const service = local.world.ecs.clusters.get("conference-cluster")?.services.get("talk-service-ecs");
  return { tasks: service?.description.desiredCount, instances: group?.desired };
};

test("load adds tasks and instances by the tutorial's rules; its end removes them one by one", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud).deploy();
  expect(counts(cloud)).toEqual({ tasks: 2, instances: 2 });

  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(10 * MINUTE);
  expect(counts(cloud)).toEqual({ tasks: 6, instances: 4 });

  cloud.load("talk-service-ecs", { cpu: 20 });
  const seen: unknown[] = [];
  for (let minutes = 0; minutes < 90; minutes++) {
    await cloud.clock.sleep(MINUTE);
    const now = counts(cloud);
    if (JSON.stringify(seen.at(-1)) !== JSON.stringify(now)) seen.push(now);
  }
  expect(seen).toMatchInlineSnapshot(`
    [
      {
        "instances": 4,
        "tasks": 6,
      },
      {
        "instances": 3,
        "tasks": 6,
      },
      {
        "instances": 2,
        "tasks": 6,
      },
      {
        "instances": 2,
        "tasks": 5,
      },
      {
        "instances": 2,
        "tasks": 4,
      },
      {
        "instances": 2,
        "tasks": 3,
      },
      {
        "instances": 2,
        "tasks": 2,
      },
    ]
  `);
});

test("a second deploy changes nothing, also while scaled out", async () => {
  cloud = await sharedAccount();
  await scaledTalk(cloud).deploy();
  expect(await writesOf(cloud, () => scaledTalk(cloud!).deploy())).toEqual([]);
  cloud.load("talk-service-ecs", { cpu: 600 });
  await cloud.clock.sleep(10 * MINUTE);
  expect(await writesOf(cloud, () => scaledTalk(cloud!).deploy())).toEqual([]);
  expect(counts(cloud)).toEqual({ tasks: 6, instances: 4 });
});

test("destroy leaves nothing", async () => {
  cloud = await sharedAccount();
  const before = cloud.state();
  await scaledTalk(cloud).deploy();
  await scaledTalk(cloud).destroy();
  const { serviceLinkedRoles: _after, ...after } = cloud.state();
  const { serviceLinkedRoles: _before, ...pristine } = before;
  expect(after).toEqual(pristine);
});
