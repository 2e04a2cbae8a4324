import { afterEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  LoadBalancer,
  NetworkLoadBalancer,
  type BlueGreenOptions,
  type CompleteDeployment,
} from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";

const MINUTE = 60_000;

let cloud: LocalCloud;
afterEach(() => cloud.close());
const start = async (options: Parameters<typeof sharedAccount>[0] = {}): Promise<LocalCloud> =>
  (cloud = await sharedAccount({
    images: {
      "registry.example.com/store:broken": { exits: 1, after: "5s", log: ["no disk"] },
      "registry.example.com/store:deaf": { unhealthy: true },
    },
    ...options,
  }));

const fargate = new Cluster("conference").fargate();
const ec2 = new Cluster("conference").ec2({ instanceType: "t3.small" });
const nlb = new NetworkLoadBalancer("conferenceNlb").tcp(5432);

const rolling = (version: number | string = 1, cluster: Cluster = fargate): CompleteDeployment =>
  new Deployment("talk-store")
    .image(`registry.example.com/store:${version}`)
    .container({
      port: 5432,
      memoryReservation: 256,
      ...(cluster !== ec2 && { cpu: 256, memory: 512 }),
    })
    .cluster(cluster)
    .behindNlb(nlb)
    .on(cloud) as CompleteDeployment;
const store = (
  version: number | string = 1,
  options: BlueGreenOptions = {},
  cluster: Cluster = fargate,
): CompleteDeployment => rolling(version, cluster).blueGreen(options) as CompleteDeployment;

/** The weights of the listener at a port: `talk-store-tcp-5432 100`. */
const shares = (port = 5432): string[] =>
  [...cloud.account.elb.listeners.values()]
    .filter((listener) => listener.arn.includes("/net/") && listener.port === port)
    .flatMap(({ arn }) =>
      [...cloud.account.elb.rules.values()].filter(({ listenerArn }) => listenerArn === arn),
    )
    .flatMap(({ actions }) => actions[0]!.ForwardConfig!.TargetGroups!)
    .map(({ TargetGroupArn, Weight }) => `${TargetGroupArn!.split("/")[1]} ${Weight}`)
    .sort();
/** The target groups that have targets which are not draining, and how many. */
const registered = (): string[] =>
  [...cloud.account.elb.targetGroups.values()]
    .map(({ name, targets }) => ({
      name,
      count: [...targets.values()].filter(({ state }) => state !== "draining").length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name} ${count}`)
    .sort();
const service = () =>
  [...cloud.account.ecs.clusters.values()].flatMap(({ services }) => [...services.values()])[0]!;
const revision = () => service().description.taskDefinition!.split(":").at(-1);
const emptyPlan = async (chain: CompleteDeployment) =>
  expect((await chain.plan()).toString()).toMatch(/^Plan: nothing to change/);
const roles = () => [...cloud.account.iam.roles.values()].map(({ name }) => name);

describe.each([
  ["Fargate", fargate, "talk-store-tcp-5432-ip"],
  ["instances", ec2, "talk-store-tcp-5432"],
] as const)("a blue/green deployment on %s behind a network load balancer", (_, cluster, name) => {
  test("shifts each release to the other target group, is planned empty after it, and is destroyed to nothing", async () => {
    await start();
    const pristine = comparable(cloud);
    await store(1, {}, cluster).deploy();
    expect(shares()).toEqual([`${name} 0`, `${name}-alternate 100`]);
    expect(registered()).toEqual([`${name}-alternate 2`]);
    expect(await store(1, {}, cluster).status()).toMatchObject({
      isHealthy: true,
      targets: [{ state: "healthy" }, { state: "healthy" }],
      weights: { [name]: 0, [`${name}-alternate`]: 100 },
    });
    expect(String(await store(1, {}, cluster).status())).toContain(`${name}-alternate 100`);
    await emptyPlan(store(1, {}, cluster));
    expect(await writesOf(cloud, () => store(1, {}, cluster).deploy())).toEqual([]);

    await store(2, {}, cluster).deploy();
    expect(shares()).toEqual([`${name} 100`, `${name}-alternate 0`]);
    expect(registered()).toEqual([`${name} 2`]);
    await emptyPlan(store(2, {}, cluster));
    const status = await store(2, {}, cluster).status();
    expect([status.isHealthy, status.targets.length]).toEqual([true, 2]);

    await store(3, {}, cluster).deploy();
    expect(registered()).toEqual([`${name}-alternate 2`]);
    const { to } = await store(3, {}, cluster).rollback();
    expect(to.id).toBe("talk-store:2");
    expect(registered()).toEqual([`${name} 2`]);

    expect((await store(3, {}, cluster).destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("is destroyed by its name alone", async () => {
    await start();
    const pristine = comparable(cloud);
    await store(1, {}, cluster).deploy();
    await tagsKnown(cloud);
    const named = Deployment.named("talk-store").on(cloud);
    expect(await named.status()).toMatchObject({ isHealthy: true, weights: { [`${name}-alternate`]: 100 } });
    expect((await named.destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });
});

describe("a release behind a network load balancer", () => {
  const alarm = () =>
    cloud.ports.cloudWatch.putMetricAlarm({
      AlarmName: "store-errors",
      Namespace: "shop",
      MetricName: "errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  const SERVED_BY_FIRST = ["talk-store-tcp-5432-ip 0", "talk-store-tcp-5432-ip-alternate 100"];

  test("whose tasks exit is stopped by quayside, as ECS has no circuit breaker for it, and gets no connection", async () => {
    await start();
    await store(1).deploy();
    const error: unknown = await store("broken")
      .deploy()
      .catch((one: unknown) => one);
    expect(error).toMatchObject({
      name: "RolloutError",
      diagnosis: "exited-on-start",
      facts: { ending: "rolled back to the previous version" },
    });
    expect(shares()).toEqual(SERVED_BY_FIRST);
    expect(revision()).toBe("1");
    await store(2).deploy();
    expect(registered()).toEqual(["talk-store-tcp-5432-ip 2"]);
  });

  test("whose port does not answer is rolled back, and says what the load balancer saw", async () => {
    await start();
    await store(1, {}).deploy();
    await expect(store("deaf").deploy()).rejects.toMatchObject({
      name: "RolloutError",
      diagnosis: "health-check-failing",
      facts: { ending: "rolled back to the previous version" },
    });
    expect(shares()).toEqual(SERVED_BY_FIRST);
    await emptyPlan(store(1));
  });

  test("leaves its alarms when they are no longer described, or when it gets rolling updates", async () => {
    await start();
    await alarm();
    const watched = () => store(1, { alarms: ["store-errors"] });
    const areWatched = async () => {
      const asked = { cluster: "conference", services: ["talk-store"] };
      const { services = [] } = await cloud.ports.ecs.describeServices(asked);
      return services[0]?.deploymentConfiguration?.alarms?.enable;
    };
    await watched().deploy();
    expect(await areWatched()).toBe(true);
    await store(1).deploy();
    expect(await areWatched()).toBe(false);
    await emptyPlan(store(1));
    await watched().deploy();
    await rolling(1).deploy();
    expect(await areWatched()).toBe(false);
  });

  test("is rolled back by its alarms, with ECS's reason, and its connections return at once", async () => {
    await start();
    await alarm();
    const released = (version: number) =>
      store(version, { shift: [10, 100], every: "5m", alarms: ["store-errors"] });
    await released(1).deploy();
    const failed = released(2).deploy();
    failed.catch(() => {});
    cloud.metric({ namespace: "shop", name: "errors" }, 5);
    await expect(failed).rejects.toMatchObject({
      name: "RolloutError",
      message: expect.stringContaining("alarms [store-errors] are in the ALARM state") as unknown,
    });
    expect(shares()).toEqual(SERVED_BY_FIRST);
    cloud.metric({ namespace: "shop", name: "errors" }, 0);
    await cloud.advance("5m");
    await released(2).deploy();
    expect(shares()).toEqual(["talk-store-tcp-5432-ip 100", "talk-store-tcp-5432-ip-alternate 0"]);
    await emptyPlan(released(2));
  });

  test.each([
    ["is aborted", "aborted", "90m"],
    ["does not end in time", "timed-out", "6m"],
  ])("that %s is rolled back by ECS, and the next one takes its place", async (_, code, timeout) => {
    await start();
    await store(1).deploy();
    const controller = new AbortController();
    const run = store(2)
      .deploy({ timeout, signal: controller.signal })
      .catch((one: unknown) => one);
    if (code === "aborted") {
      await cloud.clock.sleep(6 * MINUTE);
      expect(shares()).toEqual(["talk-store-tcp-5432-ip 100", "talk-store-tcp-5432-ip-alternate 0"]);
      controller.abort();
    }
    const error = await run;
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(
        "ECS rolls service talk-store back to the previous version",
      ) as unknown,
    });
    await cloud.advance("1m");
    expect(shares()).toEqual(SERVED_BY_FIRST);
    await store(3).deploy();
    expect(shares()).toEqual(["talk-store-tcp-5432-ip 100", "talk-store-tcp-5432-ip-alternate 0"]);
    expect(registered()).toEqual(["talk-store-tcp-5432-ip 2"]);
    await emptyPlan(store(3));
  });

  test.each([
    ["SCALE_UP", "1"],
    ["PRODUCTION_TRAFFIC_SHIFT", "1"],
    ["BAKE_TIME", "1"],
    ["CLEAN_UP", "2"],
  ])(
    "that is aborted in the stage %s leaves version %s in service, and the next deploy the new one",
    async (stage, version) => {
      await start();
      await store(1).deploy();
      const controller = new AbortController();
      const run = store(2)
        .deploy({ signal: controller.signal })
        .catch((one: unknown) => one);
      while (service().serviceDeployments[1]?.lifecycleStage !== stage) await cloud.clock.sleep(5_000);
      controller.abort();
      expect(await run).toMatchObject({ code: "aborted" });
      expect((await store(2).plan()).isEmpty).toBe(version === "2");
      // At once, while ECS is about to roll it back.
      const next = store(2).deploy();
      await cloud.clock.sleep(20_000);
      expect(shares().find((share) => !share.endsWith(" 0"))).toContain(
        version === "1" ? "-alternate" : "-ip 100",
      );
      await next;
      expect(revision()).toBe("2");
      await emptyPlan(store(2));
    },
  );

  test("without a role that ECS may use says so in AWS's words, and the next deploy mends it", async () => {
    await start();
    await store(1).deploy();
    const role = [...cloud.account.iam.roles.values()].find(({ name }) =>
      name.includes("load-balancer-role"),
    )!;
    await cloud.ports.iam.detachRolePolicy({
      RoleName: role.name,
      PolicyArn: [...role.attached][0]!,
    });
    await cloud.ports.iam.putRolePolicy({
      RoleName: role.name,
      PolicyName: "reads",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["elasticloadbalancing:Describe*", "elasticloadbalancing:RegisterTargets"],
            Resource: "*",
          },
        ],
      }),
    });
    expect((await store(1).plan()).toString()).toContain("talk-store-load-balancer-role");
    await store(2).deploy();
    await emptyPlan(store(2));
  });
});

describe("a deployment moves without losing its connections", () => {
  /** Every few seconds, one of the listeners at these ports sends to target groups that all have a healthy target. */
  async function during(work: Promise<unknown>, ports: readonly number[] = [5432]): Promise<string[]> {
    const gaps = new Set<string>();
    const isHealthy = (share: string): boolean =>
      [...cloud.account.elb.targetGroups.values()].some(
        ({ name, targets }) =>
          name === share.split(" ")[0] && [...targets.values()].some(({ state }) => state === "healthy"),
      );
    const isServed = (port: number): boolean => {
      const serving = shares(port).filter((share) => !share.endsWith(" 0"));
      return serving.length > 0 && serving.every(isHealthy);
    };
    let isOver = false;
    const done = work.finally(() => (isOver = true));
    done.catch(() => {});
    while (!isOver) {
      if (!ports.some(isServed)) gaps.add(ports.flatMap((port) => shares(port)).join(", "));
      await cloud.clock.sleep(5_000);
    }
    await done;
    return [...gaps];
  }

  test("from rolling updates to blue/green and back, whichever target group serves", async () => {
    await start();
    await rolling(1).deploy();
    expect(await during(store(1).deploy())).toEqual([]);
    expect(shares()).toEqual(["talk-store-tcp-5432-ip 0", "talk-store-tcp-5432-ip-alternate 100"]);
    expect(service().description.deploymentConfiguration?.strategy).toBe("BLUE_GREEN");
    await emptyPlan(store(1));
    await tagsKnown(cloud);
    expect(await during(withPermissionsOf(store(1), () => rolling(1).deploy()))).toEqual([]);
    expect(service().description.deploymentConfiguration?.strategy).toBe("ROLLING");
    expect(shares()).toEqual(["talk-store-tcp-5432-ip 1"]);
    expect(registered()).toEqual(["talk-store-tcp-5432-ip 2"]);
    await emptyPlan(rolling(1));
    expect(roles().filter((name) => name.includes("load-balancer-role"))).toEqual([]);

    await store(2).deploy();
    await store(3).deploy();
    expect(registered()).toEqual(["talk-store-tcp-5432-ip 2"]);
    await tagsKnown(cloud);
    expect(await during(withPermissionsOf(store(3), () => rolling(3).deploy()))).toEqual([]);
    expect([...cloud.account.elb.targetGroups.values()].map(({ name }) => name).sort()).toEqual([
      "talk-store-tcp-5432-ip",
      "their-targets",
    ]);
  });

  test("to other target groups behind the same listener", async () => {
    await start();
    await store(1).deploy();
    await tagsKnown(cloud);
    const renamed = rolling(1).behindNlb(nlb, { targetGroup: "stores" }).blueGreen() as CompleteDeployment;
    expect(await during(renamed.deploy())).toEqual([]);
    expect(shares()).toEqual(["stores 0", "stores-alternate 100"]);
    expect(registered()).toEqual(["stores-alternate 2"]);
    await emptyPlan(renamed);
  });

  test("from an application load balancer with rolling updates, and to one with rolling updates", async () => {
    await start();
    const plain = (): CompleteDeployment =>
      new Deployment("talk-store")
        .image("registry.example.com/store:1")
        .container({ port: 5432, cpu: 256, memory: 512 })
        .cluster(fargate)
        .behindAlb(new LoadBalancer("conferenceAlb").http(80), { healthCheck: "/health" })
        .on(cloud) as CompleteDeployment;
    await plain().deploy();
    await tagsKnown(cloud);
    await withPermissionsOf(plain(), () => store(1).deploy());
    expect(registered()).toEqual(["talk-store-tcp-5432-ip-alternate 2"]);
    await emptyPlan(store(1));
    await tagsKnown(cloud);
    await withPermissionsOf(store(1), () => plain().deploy());
    expect(registered()).toHaveLength(1);
    await emptyPlan(plain());
    expect(shares()).toEqual([]);
  });

  test("to a listener on another port, and from TCP to TLS on the same one", async () => {
    await start({ certificates: [{ domain: "store.example.com" }] });
    await store(1).deploy();
    await tagsKnown(cloud);
    const behind = (balancer: NetworkLoadBalancer): CompleteDeployment =>
      new Deployment("talk-store")
        .image("registry.example.com/store:1")
        .container({ port: 5432, cpu: 256, memory: 512 })
        .cluster(fargate)
        .behindNlb(balancer)
        .blueGreen()
        .on(cloud) as CompleteDeployment;
    const moved = behind(new NetworkLoadBalancer("conferenceNlb").tcp(6432));
    expect(await during(moved.deploy(), [5432, 6432])).toEqual([]);
    expect(shares(5432)).toEqual([]);
    expect(shares(6432)).toEqual(["talk-store-tcp-6432-ip 0", "talk-store-tcp-6432-ip-alternate 100"]);
    expect(registered()).toEqual(["talk-store-tcp-6432-ip-alternate 2"]);
    await emptyPlan(moved);

    const tls = behind(
      new NetworkLoadBalancer("conferenceNlb").tls(6432, { certificate: "store.example.com" }),
    );
    await tls.deploy();
    expect(shares(6432)).toEqual(["talk-store-tcp-6432-ip 0", "talk-store-tcp-6432-ip-alternate 100"]);
    await emptyPlan(tls);
  });

  test("from instances to Fargate, where another service with other target groups takes its place", async () => {
    await start();
    await store(1, {}, ec2).deploy();
    await tagsKnown(cloud);
    const moved = store(1, {}, new Cluster("conference-fargate").fargate());
    expect(await during(withPermissionsOf(store(1, {}, ec2), () => moved.deploy()))).toEqual([]);
    expect(shares()).toEqual(["talk-store-tcp-5432-ip 0", "talk-store-tcp-5432-ip-alternate 100"]);
    expect(registered()).toEqual(["talk-store-tcp-5432-ip-alternate 2"]);
    await emptyPlan(moved);
  });

  test("to quayside's own blue/green behind an application load balancer, and back", async () => {
    await start();
    const pristine = comparable(cloud);
    const colors = (): CompleteDeployment =>
      new Deployment("talk-store")
        .image("registry.example.com/store:1")
        .container({ port: 5432, cpu: 256, memory: 512 })
        .cluster(fargate)
        .behindAlb(new LoadBalancer("conferenceAlb").http(80), { healthCheck: "/health" })
        .blueGreen()
        .on(cloud) as CompleteDeployment;
    await store(1).deploy();
    await tagsKnown(cloud);
    await withPermissionsOf(store(1), () => colors().deploy());
    await emptyPlan(colors());
    expect(shares()).toEqual([]);
    await tagsKnown(cloud);
    await withPermissionsOf(colors(), () => store(1).deploy());
    await emptyPlan(store(1));
    expect(registered()).toEqual(["talk-store-tcp-5432-ip-alternate 2"]);
    await tagsKnown(cloud);
    await store(1).destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });
});

test("a deployment with two listeners and a name in Service Connect shifts all of them together", async () => {
  await start();
  const pristine = comparable(cloud);
  const both = new NetworkLoadBalancer("conferenceNlb").tcp(5432).tcp(9090);
  const chain = (version: number): CompleteDeployment =>
    new Deployment("talk-store")
      .image(`registry.example.com/store:${version}`)
      .container({ port: 5432, ports: [9090], cpu: 256, memory: 512 })
      .cluster(fargate)
      .behindNlb(both, { port: 5432 })
      .behindNlb(both, { port: 9090 })
      .connect({ as: "store" })
      .blueGreen({ shift: [50, 100] })
      .on(cloud) as CompleteDeployment;
  await chain(1).deploy();
  const run = chain(2).deploy();
  while (!shares(9090).includes("talk-store-tcp-9090-ip 50")) await cloud.clock.sleep(5_000);
  expect(shares(5432)).toEqual(["talk-store-tcp-5432-ip 50", "talk-store-tcp-5432-ip-alternate 50"]);
  await run;
  expect([...shares(5432), ...shares(9090)].filter((share) => share.endsWith(" 100"))).toEqual([
    "talk-store-tcp-5432-ip 100",
    "talk-store-tcp-9090-ip 100",
  ]);
  await emptyPlan(chain(2));
  expect((await chain(2).destroy()).kept).toEqual([]);
  expect(comparable(cloud)).toEqual(pristine);
});

test("release() and hold are those of colors, which a deployment behind a network load balancer has not", async () => {
  await start();
  await store(1).deploy();
  await expect(store(1).release()).rejects.toThrow(
    "needs an Application Load Balancer for release(): without one, ECS itself shifts the traffic, in deploy() and rollback()",
  );
  await expect(store(1).deploy({ hold: true } as never)).rejects.toThrow("hold: unknown option");
  await expect(Deployment.named("talk-store").on(cloud).release()).rejects.toMatchObject({
    message: expect.stringContaining("blue/green") as unknown,
  });
  const named = Deployment.named("talk-store").on(cloud);
  await store(2).deploy();
  expect((await named.rollback()).to.id).toBe("talk-store:1");
  expect(shares()).toEqual(["talk-store-tcp-5432-ip 0", "talk-store-tcp-5432-ip-alternate 100"]);
});

test("a rollback that is aborted goes on: ECS does not return to the version that it left", async () => {
  await start();
  await store(1).deploy();
  await store(2).deploy();
  const controller = new AbortController();
  const run = store(2)
    .rollback({ signal: controller.signal })
    .catch((one: unknown) => one);
  while (service().serviceDeployments[2]?.lifecycleStage !== "PRODUCTION_TRAFFIC_SHIFT")
    await cloud.clock.sleep(5_000);
  controller.abort();
  expect(await run).toMatchObject({ code: "aborted" });
  await cloud.advance("30m");
  expect(revision()).toBe("1");
  expect(registered()).toEqual(["talk-store-tcp-5432-ip-alternate 2"]);
});

test("listeners, target groups and a service that exist are adopted, whichever target group serves", async () => {
  await start();
  await store(1).deploy();
  const { elb, ecs, tagging } = cloud.ports;
  void tagging;
  const arns = [
    ...[...cloud.account.elb.targetGroups.values()].filter(({ name }) => name.startsWith("talk")),
    ...[...cloud.account.elb.listeners.values()].filter(({ arn }) => arn.includes("/net/")),
  ].map(({ arn }) => arn);
  await elb.removeTags({ ResourceArns: arns, TagKeys: ["quayside:owner", "quayside:spec-hash"] });
  await ecs.untagResource({
    resourceArn: service().description.serviceArn!,
    tagKeys: ["quayside:owner", "quayside:spec-hash"],
  });
  await expect(store(1).plan()).rejects.toThrow(/owned by|not managed by quayside/);
  await store(1).deploy({ adopt: true });
  expect(shares()).toEqual(["talk-store-tcp-5432-ip 0", "talk-store-tcp-5432-ip-alternate 100"]);
  await emptyPlan(store(1));
});
