import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Job, type QuaysideError, type RolloutError } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { IMAGE, talkOnFargate } from "./tutorial.js";

let cloud: LocalCloud;

beforeEach(async () => {
  cloud = await sharedAccount({ images: { load: { exits: 0, after: "5s" } } });
});
afterEach(() => cloud.close());

const spot = (isSpot: boolean) =>
  talkOnFargate(cloud).cluster(new Cluster("conference-cluster").fargate({ spot: isSpot }));

const failure = (promise: Promise<unknown>): Promise<QuaysideError> =>
  promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error as QuaysideError,
  );

/** Fargate has no capacity for ten minutes. */
function shortage(provider: "FARGATE" | "FARGATE_SPOT"): void {
  const { unavailable } = cloud.account.ecs.fargate;
  unavailable.add(provider);
  cloud.account.clock.schedule(10 * 60_000, () => void unavailable.delete(provider));
}

describe("while Fargate has no capacity", () => {
  test.each([
    ["FARGATE", false],
    ["FARGATE_SPOT", true],
  ] as const)("a service on %s waits for it", async (provider, isSpot) => {
    shortage(provider);
    await spot(isSpot).deploy();
    expect((await spot(isSpot).status()).isHealthy).toBe(true);
  });

  test("one-off tasks wait for it", async () => {
    shortage("FARGATE");
    const job = new Job("load").image("load").cluster(new Cluster("conference-cluster").fargate()).on(cloud);
    const { tasks } = await job.run({ count: 3 });
    expect(tasks.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });

  test("a deploy that runs out of time says so, and names no instances", async () => {
    cloud.account.ecs.fargate.unavailable.add("FARGATE");
    const error = await failure(talkOnFargate(cloud).deploy({ timeout: "20m" }));
    expect(error.code).toBe("timed-out");
    expect(error.facts["diagnosis"]).toBe("fargate-capacity");
    expect(error.fix).toContain("Availability Zones");
    expect(error.fix).not.toContain("instances");
  });
});

describe("the account's quota of Fargate vCPUs", () => {
  test("ends a rollout, with the way to a higher one", async () => {
    cloud.account.ecs.fargate.maxVcpus = 0.25;
    const error = (await failure(talkOnFargate(cloud).deploy())) as RolloutError;
    expect(error.diagnosis).toBe("fargate-quota");
    expect(error.fix).toContain("Service Quotas");
  });

  test("ends a run of more tasks than it allows", async () => {
    cloud.account.ecs.fargate.maxVcpus = 0.5;
    const job = new Job("load").image("load").cluster(new Cluster("conference-cluster").fargate()).on(cloud);
    const error = await failure(job.run({ count: 3 }));
    expect([error.code, error.fix]).toEqual(["tasks-not-placed", expect.stringContaining("Service Quotas")]);
  });
});

test("a service on Fargate Spot returns to On-Demand, and to Spot", async () => {
  const providers = () =>
    [...cloud.account.ecs.clusters.get("conference-cluster")!.tasks.values()].flatMap(({ description }) =>
      description.desiredStatus === "RUNNING" ? [description.capacityProviderName] : [],
    );
  await spot(true).deploy();
  expect(providers()).toEqual(["FARGATE_SPOT", "FARGATE_SPOT"]);
  await spot(false).deploy();
  expect(providers()).toEqual(["FARGATE", "FARGATE"]);
  expect((await spot(false).plan()).isEmpty).toBe(true);
  await spot(true).deploy();
  expect(providers()).toEqual(["FARGATE_SPOT", "FARGATE_SPOT"]);
  expect((await spot(true).plan()).isEmpty).toBe(true);
});

test("the tasks of a first version that cannot work are stopped, and the next deploy starts as many", async () => {
  const service = () =>
    [...cloud.account.ecs.clusters.get("conference-cluster")!.services.values()][0]!.description;
  await cloud.close();
  cloud = await sharedAccount({ images: { "talk-service:1": { missing: true } } });
  const error = (await failure(
    talkOnFargate(cloud, IMAGE).service({ circuitBreaker: false }).deploy(),
  )) as RolloutError;
  expect(error.diagnosis).toBe("image-not-found");
  expect(error.facts["ending"]).toBe(
    "this is the first version, and there is none to go back to: its tasks were stopped (desired count 0), and the next deploy starts them again",
  );
  await cloud.clock.sleep(10 * 60_000);
  expect([service().desiredCount, service().runningCount, service().pendingCount]).toEqual([0, 0, 0]);

  const mended = talkOnFargate(cloud, "registry.example.com/talk-service:2");
  await mended.deploy();
  expect([service().desiredCount, service().runningCount]).toEqual([2, 2]);
  expect((await mended.plan()).isEmpty).toBe(true);
  expect((await mended.status()).isHealthy).toBe(true);
});
