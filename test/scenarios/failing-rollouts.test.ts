import { describe, expect, test } from "vitest";
import { RolloutError, terminalReporter, type Deployment, type QuaysideError } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { conferenceCluster, talkService } from "./tutorial.js";

const image = (version: number) => `registry.example.com/talk-service:${version}`;
type Chain = ReturnType<typeof talkService>;

interface Failing {
  readonly images?: LocalCloudOptions["images"];
  readonly secrets?: readonly string[];
  /** What somebody does to the account between the two. */
  readonly meanwhile?: (cloud: LocalCloud) => Promise<unknown>;
  readonly change?: (chain: Chain) => Chain;
}

/** Deploys a first version, then one that fails; the first must serve on as if nothing had happened. */
async function failing({ images, secrets, meanwhile, change = (chain) => chain }: Failing) {
  const cloud = await sharedAccount({ ...(images && { images }), ...(secrets && { secrets }) });
  await talkService(cloud, image(1)).deploy();
  await meanwhile?.(cloud);
  const began = cloud.clock.now();
  const written: string[] = [];
  const onEvent = terminalReporter({
    stream: { write: (text: string) => void written.push(text) },
    color: false,
  });
  const error = await change(talkService(cloud, image(2)))
    .deploy({ onEvent })
    .then(
      () => expect.fail("it did not fail"),
      (thrown: unknown) => thrown as QuaysideError,
    );
  const minutes = (cloud.clock.now() - began) / 60_000;
  await cloud.clock.sleep(10 * 60_000);
  const status = await talkService(cloud, image(1)).status();
  expect(status).toMatchObject({ image: image(1), tasks: { running: 2 } });
  expect(status.targets.filter(({ state }) => state === "healthy")).toHaveLength(2);
  return { cloud, error, minutes, screen: written.join("") };
}

/** The end of what a person sees, without what differs from run to run. */
const endOf = (screen: string): string =>
  screen
    .slice(screen.indexOf("✗ Service"))
    .replaceAll(/^(?: {7}| +\d+:\d\d )/gm, "")
    .replaceAll(/ecs-svc\/\d+/g, "ecs-svc/…")
    .replaceAll(/:\d{5}:/g, ":…:")
    .replaceAll(/[0-9a-f]{16,}/g, "…")
    .replaceAll(/port \d+/g, "port …")
    .replaceAll(/after \d.*/g, "after …");

async function expectDiagnosis(code: string, options: Failing): Promise<RolloutError> {
  const { cloud, error, minutes } = await failing(options);
  expect(error, error.message).toBeInstanceOf(RolloutError);
  expect((error as RolloutError).diagnosis, error.message).toBe(code);
  expect(error.fix).toBeTruthy();
  expect(minutes).toBeLessThan(20);
  await cloud.close();
  return error as RolloutError;
}

const powerless = (chain: Chain) =>
  chain.override({
    attachRolePolicy: (input) => ({
      ...input,
      PolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    }),
  });

describe("a rollout that fails is diagnosed, and the old version serves on:", () => {
  test("an image that is not there", async () => {
    await expectDiagnosis("image-not-found", { images: { "talk-service:2": { missing: true } } });
  });

  test("a container that exits, with its last lines", async () => {
    const log = ["starting", "Error: DATABASE_URL is not set"];
    const error = await expectDiagnosis("exited-on-start", {
      images: { "talk-service:2": { exits: 1, after: "3s", log } },
    });
    expect(error.evidence.logs).toEqual(log);
    expect(error.facts["ending"]).toBe("rolled back to the previous version");
  });

  test("one that listens on the wrong port", async () => {
    await expectDiagnosis("port-mismatch", {
      images: { "talk-service:2": { unhealthy: true, answers: "refused" } },
    });
  });

  test("a health path that answers 404", async () => {
    const error = await expectDiagnosis("health-check-failing", {
      images: { "talk-service:2": { unhealthy: true, answers: 404 } },
    });
    expect(error.message).toContain("404");
  });

  test("one that the load balancer does not reach", async () => {
    await expectDiagnosis("target-unreachable", {
      images: { "talk-service:2": { unhealthy: true, answers: "silence" } },
    });
  });

  test("memory that is too small", async () => {
    await expectDiagnosis("out-of-memory", {
      images: { "talk-service:2": { needsMemory: 256 } },
      change: (chain) => chain.container({ memory: 192 }),
    });
  });

  test("a cluster that is too small", async () => {
    await expectDiagnosis("no-capacity", {
      change: (chain) => chain.container({ memoryReservation: 900 }),
    });
  });

  test("a secret that does not exist", async () => {
    await expectDiagnosis("secret-denied", {
      secrets: ["/talk/known"],
      change: (chain) => chain.secrets({ TOKEN: "ssm:/talk/unknown" }),
    });
  });

  test("a log group that is not there", async () => {
    const elsewhere = (chain: Chain) =>
      chain.override({
        registerTaskDefinition: (input) => ({
          ...input,
          containerDefinitions: input.containerDefinitions!.map((container) => ({
            ...container,
            logConfiguration: {
              logDriver: "awslogs" as const,
              options: { ...container.logConfiguration!.options, "awslogs-group": "nowhere" },
            },
          })),
        }),
      });
    await expectDiagnosis("log-group-missing", { change: elsewhere });
  });

  test("a process for another architecture", async () => {
    const cannotStart = "CannotStartContainerError: Error response from daemon: exec /app: exec format error";
    await expectDiagnosis("wrong-architecture", { images: { "talk-service:2": { cannotStart } } });
    const log = ["exec /usr/local/bin/docker-entrypoint.sh: exec format error"];
    await expectDiagnosis("wrong-architecture", { images: { "talk-service:2": { exits: 1, log } } });
  });

  test("a container that exits after it has written a lot, with its very last lines", async () => {
    const log = Array.from({ length: 3_000 }, (_, index) => `line ${index + 1}`);
    const { evidence } = await expectDiagnosis("exited-on-start", {
      images: { "talk-service:2": { exits: 1, log } },
    });
    expect(evidence.logs).toEqual(log.slice(-20));
  });

  test("instances that are added and whose role may not register", async () => {
    const larger = conferenceCluster.autoscale({ min: 3, max: 4 });
    const { error, cloud } = await failing({
      meanwhile: ({ ports }) =>
        ports.iam.detachRolePolicy({
          RoleName: "ecsInstanceRole",
          PolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
        }),
      change: (chain) => powerless(chain.cluster(larger)),
    });
    expect(error.message).toContain("to register with cluster conference-cluster");
    expect(error.fix).toContain("AmazonEC2ContainerServiceforEC2Role");
    await cloud.close();
  });
});

describe("where a capacity provider starts instances, tasks wait in silence; they do not for ever:", () => {
  const scaled = (chain: Chain, max = 4) => chain.cluster(conferenceCluster.autoscale({ min: 2, max }));

  async function waiting(
    memoryReservation: number,
    max: number,
    during: (cloud: LocalCloud) => void = () => {},
  ) {
    const cloud = await sharedAccount();
    await scaled(talkService(cloud, image(1)), max).deploy();
    const began = cloud.clock.now();
    const error = await scaled(talkService(cloud, image(2)), max)
      .container({ memoryReservation })
      .deploy({ onEvent: ({ type }) => type === "rollout" && during(cloud) })
      .then(
        () => expect.fail("it did not fail"),
        (thrown: unknown) => thrown as RolloutError,
      );
    const minutes = (cloud.clock.now() - began) / 60_000;
    expect(await talkService(cloud, image(1)).status()).toMatchObject({
      image: image(1),
      tasks: { running: 2 },
    });
    await cloud.close();
    return { error, minutes };
  }

  test("a cluster that has as many instances as it may have", async () => {
    const { error, minutes } = await waiting(850, 2);
    expect(error.diagnosis, error.message).toBe("no-capacity");
    expect(error.message).toContain(
      "2 tasks are waiting for an instance; the cluster has reached its maximum number of instances",
    );
    expect(error.fix).toContain(".autoscale({ min, max })");
    expect(minutes).toBeLessThan(5);
  });

  test("a task that fits on no instance", async () => {
    const { error, minutes } = await waiting(4096, 4);
    expect(error.diagnosis, error.message).toBe("no-capacity");
    expect(minutes).toBeLessThan(15);
  });

  test("instances that cannot be started are the cause, not the cluster's size", async () => {
    // Somebody cleans up while the rollout goes on.
    const { error, minutes } = await waiting(850, 4, ({ account }) => account.iam.instanceProfiles.clear());
    expect(error.diagnosis, error.message).toBe("instances-failed");
    expect(error.message).toContain("instances cannot be launched");
    expect(error.evidence.cluster!.failedLaunches.length).toBeGreaterThan(0);
    expect(minutes).toBeLessThan(5);
  });
});

test("instances whose role may not register are named as the cause, before any rollout", async () => {
  const cloud: LocalCloud = await sharedAccount();
  const error = await (powerless(talkService(cloud, image(1))) as Deployment & Chain).deploy().then(
    () => expect.fail("it did not fail"),
    (thrown: unknown) => thrown as QuaysideError,
  );
  expect(error.message).toContain("to register with cluster conference-cluster");
  expect(error.fix).toContain("AmazonEC2ContainerServiceforEC2Role");
  expect(Object.keys(cloud.state().services)).toEqual([]);
  await cloud.close();
});

describe("what a person sees of it is one screen:", () => {
  test("a container that exits", async () => {
    const log = ["starting", "Error: DATABASE_URL is not set"];
    const { cloud, screen } = await failing({ images: { "talk-service:2": { exits: 1, log } } });
    expect(endOf(screen)).toMatchInlineSnapshot(`
      "✗ Service talk-service-ecs in conference-cluster did not become healthy: Essential container in task exited (exit code 1)
        2 tasks stopped with this error.
        Last log lines:
        │ starting
        │ Error: DATABASE_URL is not set
        Result: rolled back to the previous version
        → Read the container's last log lines: the application exits right after it starts.
      Ended early (rollout-failed) after …
        https://quayside-ecs.github.io/quayside/troubleshooting/diagnoses#exited-on-start
      "
    `);
    await cloud.close();
  });

  test("a health path that answers 404", async () => {
    const images = { "talk-service:2": { unhealthy: true, answers: 404 } } as const;
    const { cloud, screen } = await failing({ images });
    expect(endOf(screen)).toMatchInlineSnapshot(`
      "✗ Service talk-service-ecs in conference-cluster did not become healthy: the load balancer's health check failed: HTTP GET /health at i-…:…: the answer was 404, not 200-399
        4 tasks stopped with this error.
        Result: rolled back to the previous version: the circuit breaker threshold was exceeded
        → Check the health check's path and codes, and that the application listens on the container's port on all interfaces. Increase healthCheckGrace for a slow start.
      Ended early (rollout-failed) after …
        https://quayside-ecs.github.io/quayside/troubleshooting/diagnoses#health-check-failing
      "
    `);
    await cloud.close();
  });
});
