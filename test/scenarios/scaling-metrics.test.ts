import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AutoscaleOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { scaledTalk } from "./scaling-chains.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const MINUTE = 60_000;
const talk = (tasks: AutoscaleOptions) => scaledTalk(cloud, { tasks });
const desired = () =>
  cloud.account.ecs.clusters.get("conference-cluster")!.services.get("talk-service-ecs")!.description
    .desiredCount;

/** The counts that there are, one after another, until nothing has changed for half an hour. */
async function course(): Promise<(number | undefined)[]> {
  const seen = [desired()];
  for (let quiet = 0; quiet < 30; quiet++) {
    await cloud.clock.sleep(MINUTE);
    if (desired() === seen.at(-1)) continue;
    seen.push(desired());
    quiet = 0;
  }
  return seen;
}

describe("requests per task", () => {
  const scaled = () => talk({ min: 2, max: 6, requestsPerTask: 1000 });

  test("are held: out at once with the requests, in one by one without them", async () => {
    await scaled().deploy();
    cloud.load("talk-service-ecs", { requests: 4500 });
    expect(await course()).toEqual([2, 5]);
    cloud.load("talk-service-ecs", { requests: 900 });
    expect(await course()).toEqual([5, 4, 3, 2]);
    expect(await writesOf(cloud, () => scaled().deploy())).toEqual([]);
  });

  test("that end altogether are no measurement, and change nothing", async () => {
    await scaled().deploy();
    cloud.load("talk-service-ecs", { requests: 4500 });
    expect(await course()).toEqual([2, 5]);
    cloud.load("talk-service-ecs", { requests: 0 });
    expect(await course()).toEqual([5]);
  });

  test("are counted where the load balancer sends them, also when the target group is another one", async () => {
    await scaled().deploy();
    const label = () =>
      [...cloud.account.applicationAutoScaling.policies.values()].map(
        ({ description }) =>
          description.TargetTrackingScalingPolicyConfiguration?.PredefinedMetricSpecification?.ResourceLabel,
      );
    expect(label()).toEqual([
      expect.stringMatching(
        /^app\/conferenceAlb\/[0-9a-f]{16}\/targetgroup\/talkServiceTargetGroup\/[0-9a-f]{16}$/,
      ),
    ]);
    const moved = scaledTalk(cloud, {
      tasks: { min: 2, max: 6, requestsPerTask: 1000 },
      targetGroup: "other",
    });
    await moved.deploy();
    expect(label()).toEqual([expect.stringMatching(/\/targetgroup\/other\//)]);
    cloud.load("talk-service-ecs", { requests: 4500 });
    expect(await course()).toEqual([2, 5]);
  });
});

test("a target for memory adds tasks with the load and removes them without it", async () => {
  await talk({ min: 2, max: 6, memory: 60 }).deploy();
  cloud.load("talk-service-ecs", { memory: 90 });
  expect(await course()).toEqual([2, 3, 5, 6]);
  cloud.load("talk-service-ecs", { memory: 20 });
  expect(await course()).toEqual([6, 5, 4, 3, 2]);
});

test("several metrics scale a service to what the most demanding one needs", async () => {
  await talk({ min: 2, max: 6, cpu: 50, memory: 60, requestsPerTask: 1000 }).deploy();
  cloud.load("talk-service-ecs", { cpu: 20, memory: 10, requests: 3500 });
  expect(await course()).toEqual([2, 4]);
  cloud.load("talk-service-ecs", { cpu: 20, memory: 10, requests: 900 });
  expect(await course()).toEqual([4, 3, 2]);
});

describe("a metric of one's own", () => {
  const metric = {
    namespace: "Conference",
    name: "QueueLength",
    dimensions: { Queue: "talks", Stage: "live" },
    statistic: "Maximum",
  } as const;
  const scaled = (is = ">= 100") =>
    talk({
      min: 2,
      max: 6,
      steps: [
        { when: { metric, is }, for: "2m", add: 1 },
        { when: { metric, is: ">= 500" }, for: "2m", add: 3 },
        { when: { metric, is: "< 10" }, for: "3m", remove: "50%" },
      ],
    });

  test("adds by its steps, and removes", async () => {
    await scaled().deploy();
    expect(cloud.state().alarms["conference-cluster-talk-service-ecs-QueueLength-add"]).toMatchObject({
      metric: "Conference/QueueLength",
      dimensions: [
        { Name: "Queue", Value: "talks" },
        { Name: "Stage", Value: "live" },
      ],
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 100,
      periods: 2,
    });
    cloud.metric(metric, 150);
    expect(await course()).toEqual([2, 3, 4, 5, 6]);
    cloud.metric(metric, 3);
    expect(await course()).toEqual([6, 3, 2]);
    cloud.metric(metric, 700);
    expect(await course()).toEqual([2, 5, 6]);
    expect(await writesOf(cloud, () => scaled().deploy())).toEqual([]);
  });

  test("that nobody measures changes nothing", async () => {
    await scaled().deploy();
    expect(await course()).toEqual([2]);
  });

  test("with another threshold is another alarm of the same name", async () => {
    await scaled().deploy();
    expect(await writesOf(cloud, () => scaled(">= 200").deploy())).toEqual([
      "putMetricAlarm",
      "putScalingPolicy",
    ]);
  });
});
