import { expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { IMAGE } from "./colors.js";
import { scaledTalk } from "./scaling-chains.js";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const [BLUE, GREEN] = ["talk-service-ecs-blue", "talk-service-ecs-green"];

/** Four tasks at least by day, two at night. */
const talk = (cloud: LocalCloud, version: number) =>
  scaledTalk(cloud, {
    image: IMAGE(version),
    instances: { min: 1, max: 6 },
    tasks: {
      min: 2,
      max: 6,
      cpu: 50,
      schedule: [
        { at: "cron(0 8 * * ? *)", min: 4 },
        { at: "cron(0 20 * * ? *)", min: 2 },
      ],
    },
  }).blueGreen({ keepOld: "3d" });

/** `tasks of at least, at most`. */
const sizes = (cloud: LocalCloud) =>
  [BLUE, GREEN].map((name) => {
    const target = cloud.account.applicationAutoScaling.scalableTargets.get(
      `service/conference-cluster/${name}`,
    );
    const service = cloud.account.ecs.clusters.get("conference-cluster")!.services.get(name);
    return `${service?.description.desiredCount} of ${target?.MinCapacity} to ${target?.MaxCapacity}`;
  });

test("a new version takes over the bounds of the hour; the old one keeps its tasks by night, and stays stopped by day", async () => {
  await using cloud = await sharedAccount();
  await talk(cloud, 1).deploy();
  cloud.load(BLUE, { cpu: 0 });
  cloud.load(GREEN, { cpu: 0 });
  await cloud.clock.sleep(9 * HOUR);
  await talk(cloud, 2).deploy();
  expect(sizes(cloud)).toEqual(["4 of 4 to 6", "4 of 4 to 6"]);
  expect((await talk(cloud, 2).plan()).isEmpty).toBe(true);

  await cloud.clock.sleep(12 * HOUR);
  expect(sizes(cloud)).toEqual(["4 of 2 to 6", "2 of 2 to 6"]);
  await cloud.clock.sleep(12 * HOUR);
  expect(sizes(cloud)).toEqual(["4 of 4 to 6", "4 of 4 to 6"]);

  await cloud.clock.sleep(3 * DAY);
  expect(sizes(cloud)).toEqual(["0 of 0 to 0", "4 of 4 to 6"]);
  expect((await talk(cloud, 2).plan()).isEmpty).toBe(true);
  await talk(cloud, 3).deploy();
  expect(sizes(cloud)).toEqual(["4 of 4 to 6", "4 of 4 to 6"]);
  await cloud.clock.sleep(12 * HOUR);
  expect(sizes(cloud)).toEqual(["2 of 2 to 6", "4 of 2 to 6"]);
});
