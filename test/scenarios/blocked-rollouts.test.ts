import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, Deployment, RolloutError } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const rolling = { minHealthyPercent: 100, maxPercent: 150 };
const talk = (version: number) =>
  new Deployment("talk-service")
    .image(`talk-service:${version}`)
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);

const setCount = (desiredCount: number) =>
  cloud.ports.ecs.updateService({ cluster: "conference-cluster", service: "talk-service", desiredCount });

test("a rollout that the number of running tasks blocks is refused before anything is changed", async () => {
  await talk(1).service({ rolling }).deploy();
  await setCount(1);
  await cloud.clock.sleep(60_000);
  const writes = await writesOf(cloud, async () => {
    for (const run of [
      () => talk(2).service({ rolling }).plan(),
      () => talk(2).service({ rolling }).deploy(),
    ]) {
      await expect(run()).rejects.toMatchObject({
        code: "deployment-blocked",
        message: expect.stringContaining("with 1 task, minHealthyPercent 100 and maxPercent 150"),
      });
    }
  });
  expect(writes).toEqual([]);
  // What begins no rollout, and what gives it enough tasks, is not refused.
  expect((await talk(1).service({ rolling }).plan()).isEmpty).toBe(true);
  await talk(2).service({ rolling, desired: 2 }).deploy();
});

test("a rollout that ECS reports as blocked by its limits ends then, not with the timeout", async () => {
  await talk(1).deploy();
  const deploymentConfiguration = { minimumHealthyPercent: 100, maximumPercent: 149 };
  const began = cloud.clock.now();
  const error = await talk(2)
    .override({ updateService: (input) => ({ ...input, deploymentConfiguration }) })
    .deploy()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RolloutError);
  expect(error).toMatchObject({ diagnosis: "deployment-blocked" });
  expect(cloud.clock.now() - began).toBeLessThan(10 * 60_000);
});
