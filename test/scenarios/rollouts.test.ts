import { afterEach, describe, expect, test } from "vitest";
import { RolloutError, TimeoutError, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { conferenceCluster, IMAGE, talkOnFargate, talkService } from "./tutorial.js";

const images = {
  "talk:missing": { missing: true },
  "talk:exits": { exits: 1, after: "3s", log: ["cannot reach the database"] },
  "talk:unhealthy": { unhealthy: true },
} as const;

let cloud: LocalCloud;
afterEach(() => cloud.close());

const failure = (deployment: CompleteDeployment, options = {}): Promise<RolloutError> =>
  deployment.deploy(options).then(
    () => Promise.reject(new Error("The rollout did not fail.")),
    (error: RolloutError) => error,
  );

const FAILURES = [
  ["talk:missing", "image-not-found"],
  ["talk:exits", "exited-on-start"],
  ["talk:unhealthy", "health-check-failing"],
] as const;
const CASES = [talkService, talkOnFargate].flatMap((chain) =>
  FAILURES.map(([image, diagnosis]) => ({
    on: chain === talkService ? "EC2" : "Fargate",
    chain,
    image,
    diagnosis,
  })),
);

describe("a rollout", () => {
  test.each(CASES)(
    "of $image on $on fails with its diagnosis, and the fixed one goes through",
    async (one) => {
      cloud = await sharedAccount({ images });
      const { chain, image, diagnosis } = one;

      const error = await failure(chain(cloud, image));

      expect(error).toBeInstanceOf(RolloutError);
      expect(error).toMatchObject({ code: "rollout-failed", diagnosis, fix: expect.stringMatching(/\.$/) });
      expect(error.evidence.stopped.length).toBeGreaterThan(0);
      expect(error.outcome?.notDone).toEqual([]);
      expect(await chain(cloud).status()).toMatchObject({ exists: true, isHealthy: false, image });

      await chain(cloud).deploy();
      expect(await chain(cloud).status()).toMatchObject({ isHealthy: true, image: IMAGE });
      expect((await chain(cloud).plan()).isEmpty).toBe(true);
    },
  );

  test.each(CASES)("of a second version $image on $on leaves the first one serving", async (one) => {
    cloud = await sharedAccount({ images });
    const { chain, image, diagnosis } = one;
    await chain(cloud).deploy();

    const error = await failure(chain(cloud, image));

    expect(error).toMatchObject({ code: "rollout-failed", diagnosis });
    const { isHealthy, image: serving, tasks } = await chain(cloud).status();
    expect({ isHealthy, serving, tasks }).toEqual({
      isHealthy: true,
      serving: IMAGE,
      tasks: { desired: 2, running: 2, pending: 0 },
    });
    // What was rolled back is tried again by whoever deploys it again, and fails again.
    expect(await failure(chain(cloud, image))).toMatchObject({ diagnosis });

    await chain(cloud, "talk:fixed").deploy();
    expect(await chain(cloud).status()).toMatchObject({ isHealthy: true, image: "talk:fixed" });
  });

  test("carries the dead containers' last lines, and tells of each stop once", async () => {
    cloud = await sharedAccount({ images });

    const { evidence, message, fix } = await failure(talkService(cloud, "talk:exits"));

    expect(evidence.logs).toEqual(["cannot reach the database"]);
    expect(evidence.stopped).toMatchObject([{ count: 2, exitCode: 1, stopCode: "EssentialContainerExited" }]);
    expect({ message, fix }).toMatchInlineSnapshot(`
      {
        "fix": "Read the container's last log lines: the application exits right after it starts.",
        "message": "Service talk-service-ecs in conference-cluster did not become healthy: Essential container in task exited (exit code 1)",
      }
    `);
  });

  test("that finds too little room in the cluster says so, and goes on once there is room", async () => {
    cloud = await sharedAccount();
    const big = (on: LocalCloud) => talkService(on).container({ memoryReservation: 900 });

    const error = await failure(big(cloud).service({ desired: 3 }));

    expect(error).toMatchObject({ code: "rollout-failed", diagnosis: "no-capacity" });
    expect(error.message).toMatch(/unable to place a task/);
    const more = conferenceCluster.autoscale({ min: 4, max: 4 });
    await big(cloud).service({ desired: 3 }).cluster(more).deploy();
    expect((await talkService(cloud).status()).isHealthy).toBe(true);
  });

  test("that is still without room is told so, though ECS has said it long ago", async () => {
    cloud = await sharedAccount();
    await failure(talkService(cloud).container({ memoryReservation: 900 }).service({ desired: 3 }));

    const again = await failure(talkService(cloud));

    expect(again).toMatchObject({ code: "rollout-failed", diagnosis: "no-capacity" });
  });

  test("that failed for a reason outside is begun anew by the same description once that is mended", async () => {
    const mended: { -readonly [Image in string]: { missing: true } } = { "talk:late": { missing: true } };
    cloud = await sharedAccount({ images: mended });
    await failure(talkService(cloud, "talk:late"));
    delete mended["talk:late"];

    const plan = await talkService(cloud, "talk:late").plan();
    expect(plan.changes.filter(({ action }) => action !== "none")).toMatchObject([
      { resource: "service", fields: [{ path: "rollout", before: "failed", after: "unbroken" }] },
    ]);
    expect(await writesOf(cloud, () => talkService(cloud, "talk:late").deploy())).toEqual([
      "untagResource",
      "updateService",
    ]);
    expect((await talkService(cloud, "talk:late").status()).isHealthy).toBe(true);
  });

  test("that takes longer than the run may says what it last saw", async () => {
    cloud = await sharedAccount({ images });
    await talkService(cloud).deploy();

    const error = await failure(talkService(cloud, "talk:unhealthy"), { timeout: "90s" });

    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      code: "timed-out",
      facts: { timeout: "90s", diagnosis: "health-check-failing" },
    });
    expect(error.message).toMatchInlineSnapshot(
      `"The run for talk-service was ended: it took longer than its timeout of 90s; 0 of 2 tasks are running: (service talk-service-ecs) (instance i-7ce9badeeda733d23) (port 50998) is unhealthy in (target-group talkServiceTargetGroup) due to (reason Health checks failed with these codes: [500])"`,
    );
    expect(error.outcome?.done.map(({ resource }) => resource)).toEqual(["task-definition", "service"]);
  });
});

describe("a higher count", () => {
  test("is there when the run ends", async () => {
    cloud = await sharedAccount();
    await talkService(cloud).deploy();

    await talkService(cloud).service({ desired: 4 }).deploy();

    expect(await talkService(cloud).status()).toMatchObject({
      isHealthy: true,
      tasks: { desired: 4, running: 4, pending: 0 },
    });
  });

  test("for which the cluster has no room fails, and stops nothing", async () => {
    cloud = await sharedAccount();
    const big = talkService(cloud).container({ memoryReservation: 900 });
    await big.service({ desired: 2, rolling: { minHealthyPercent: 50, maxPercent: 100 } }).deploy();

    const error = await failure(
      big.service({ desired: 5, rolling: { minHealthyPercent: 50, maxPercent: 100 } }),
    );

    expect(error).toMatchObject({ diagnosis: "no-capacity" });
    expect((await big.status()).tasks).toMatchObject({ desired: 5, running: 2 });
  });
});
