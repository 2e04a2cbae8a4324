import { afterEach, expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { scaledTalk } from "./scaling-chains.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const timezone = "Europe/Paris";
const AT_8 = "cron(0 8 * * ? *)";
const AT_20 = "cron(0 20 * * ? *)";

const daily = (local: LocalCloud) =>
  scaledTalk(local, {
    tasks: {
      min: 2,
      max: 6,
      schedule: [
        { at: AT_8, timezone, min: 4 },
        { at: AT_20, timezone, min: 2, max: 2 },
        { at: "cron(0 7 * * ? *)", timezone, max: 6 },
      ],
    },
    instances: {
      min: 2,
      max: 4,
      schedule: [
        { at: AT_8, timezone, min: 4, max: 4 },
        { at: AT_20, timezone, min: 2, max: 2 },
      ],
      steps: [{ when: "cpu >= 30", add: 1 }],
    },
  });

const until = (moment: string) => cloud.clock.sleep(Date.parse(moment) - cloud.clock.now());

/** As AWS and not as the library sees it: what runs. */
function running() {
  const { tasks, containerInstances } = cloud.account.ecs.clusters.get("conference-cluster")!;
  return {
    tasks: [...tasks.values()].filter(({ description }) => description.lastStatus === "RUNNING").length,
    instances: [...containerInstances.values()].filter(({ status }) => status === "ACTIVE").length,
  };
}

test("at 8:00 in Paris there are four tasks and four instances, at 20:00 two of each, also when the clocks change", async () => {
  cloud = await sharedAccount();
  await until("2026-03-28T12:00:00Z");
  await daily(cloud).deploy();
  await until("2026-03-28T18:59:00Z");
  expect(running()).toEqual({ tasks: 2, instances: 2 });

  // 20:00 is 19:00 in UTC for the last time; summer time begins in the night, so 8:00 is 6:00 in UTC.
  await until("2026-03-29T05:59:00Z");
  expect(running()).toEqual({ tasks: 2, instances: 2 });
  await until("2026-03-29T06:10:00Z");
  expect(running()).toEqual({ tasks: 4, instances: 4 });
  expect(await writesOf(cloud, () => daily(cloud).deploy())).toEqual([]);
  await until("2026-03-29T17:59:00Z");
  expect(running()).toEqual({ tasks: 4, instances: 4 });
  await until("2026-03-29T18:20:00Z");
  expect(running()).toEqual({ tasks: 2, instances: 2 });
});

test("the status says which scheduled action has changed what", async () => {
  cloud = await sharedAccount();
  await daily(cloud).deploy();
  await until("2026-01-01T07:10:00Z");
  const { scaling } = await daily(cloud).status();
  const shown = (dimension: NonNullable<typeof scaling>["tasks"]) =>
    dimension!.activities.map(({ description, cause }) =>
      `${description} | ${cause}`.replaceAll(/i-[0-9a-f]+|-[0-9a-f]{8}(?= )/g, "…"),
    );
  expect(shown(scaling!.tasks)).toMatchInlineSnapshot(`
    [
      "Setting desired count to 4. | minimum capacity was set to 4",
      "Setting min capacity to 4 and max capacity to 6 | scheduled action name quayside-cron… was triggered",
      "Setting min capacity to 2 and max capacity to 6 | scheduled action name quayside-cron… was triggered",
    ]
  `);
  expect(shown(scaling!.instances).slice(0, 2)).toMatchInlineSnapshot(`
    [
      "Launching a new EC2 instance: … | At 2026-01-01T07:00:00.000Z a scheduled action update of AutoScalingGroup constraints to min: 4, max: 4, desired: 4 changing the desired capacity from 2 to 4.  At 2026-01-01T07:00:05.000Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 3 to 4.",
      "Launching a new EC2 instance: … | At 2026-01-01T07:00:00.000Z a scheduled action update of AutoScalingGroup constraints to min: 4, max: 4, desired: 4 changing the desired capacity from 2 to 4.  At 2026-01-01T07:00:05.000Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 2 to 3.",
    ]
  `);
});

test("a scheduled minimum that is over goes down with the load, one by one", async () => {
  cloud = await sharedAccount();
  const talk = scaledTalk(cloud, {
    tasks: {
      min: 2,
      max: 6,
      cpu: 50,
      schedule: [
        { at: AT_8, min: 4 },
        { at: AT_20, min: 2 },
      ],
    },
  });
  await talk.deploy();
  cloud.load("talk-service-ecs", { cpu: 10 });
  await until("2026-01-01T20:00:30Z");
  expect(running().tasks).toBe(4);
  await until("2026-01-01T20:50:00Z");
  expect(running().tasks).toBe(2);
});

test("a moment happens once, and is no longer described afterwards", async () => {
  cloud = await sharedAccount();
  const talk = scaledTalk(cloud, {
    tasks: { min: 2, max: 6, schedule: [{ at: "at(2026-01-02T09:00:00)", timezone, min: 3 }] },
    instances: {
      min: 2,
      max: 4,
      schedule: [{ at: "at(2026-01-02T09:00:00)", timezone, min: 3 }],
      steps: [{ when: "cpu >= 30", add: 1 }],
    },
  });
  await talk.deploy();
  expect(await writesOf(cloud, () => talk.deploy())).toEqual([]);
  await until("2026-01-02T07:59:59Z");
  expect(running()).toEqual({ tasks: 2, instances: 2 });
  await until("2026-01-02T08:10:00Z");
  expect(running()).toEqual({ tasks: 3, instances: 3 });
  expect(cloud.state().scheduledActions).toEqual({});
  // What it has made of the bounds stays.
  expect(await writesOf(cloud, () => talk.deploy())).toEqual([]);
});

test("a schedule that is no longer described does not happen any more", async () => {
  cloud = await sharedAccount();
  await daily(cloud).deploy();
  await tagsKnown(cloud);
  await scaledTalk(cloud).deploy();
  await until("2026-01-01T07:10:00Z");
  expect(running()).toEqual({ tasks: 2, instances: 2 });
});
