import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Job,
  LoadBalancer,
  type ManagedInstancesOptions,
  type QuaysideError,
} from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { constantLoad } from "./constant-load.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const talks = (options?: ManagedInstancesOptions) => new Cluster("talks").managedInstances(options);
const talk = (cluster = talks(), memory = 512) =>
  new Deployment("talk")
    .image("talk:1")
    .container({ port: 8080, cpu: 256, memory })
    .cluster(cluster)
    .behindAlb(new LoadBalancer("alb"), { path: "/*" })
    .on(cloud);
const provider = (name = "talks-managed") => cloud.account.ecs.managedInstances.get(name);
const instances = () =>
  [...cloud.account.ec2.instances.values()].filter(
    ({ managedInstancesProvider, state }) => managedInstancesProvider !== undefined && state === "running",
  );
const types = () => instances().map(({ instanceType }) => instanceType);
const tasks = () =>
  [...cloud.account.ecs.clusters.get("talks")!.tasks.values()]
    .map(({ description }) => description)
    .filter(({ lastStatus }) => lastStatus === "RUNNING");
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as QuaysideError,
  );

describe("a service on Managed Instances", () => {
  test("gets instances that ECS launches for its tasks, one in each zone", async () => {
    await talk().deploy();
    expect(tasks().map(({ launchType }) => launchType)).toEqual(["MANAGED_INSTANCES", "MANAGED_INSTANCES"]);
    expect(types()).toEqual(["c5.large", "c5.large"]);
    expect(new Set(instances().map(({ zone }) => zone)).size).toBe(2);
    expect((await talk().plan()).isEmpty).toBe(true);
    expect((await talk().status()).isHealthy).toBe(true);
  });

  test("is destroyed with its instances, roles and capacity provider", async () => {
    const before = comparable(cloud);
    await talk().deploy();
    await talk().destroy();
    expect(comparable(cloud)).toEqual(before);
  });
});

describe("under constant load", () => {
  test("instances are patched after two weeks without losing a request", async () => {
    await talk().deploy();
    const before = instances().map(({ id }) => id);
    await cloud.clock.sleep(14 * DAY - 10 * MINUTE);
    expect(instances().map(({ id }) => id)).toEqual(before);
    const load = constantLoad(cloud, "talk-ip");
    await cloud.clock.sleep(40 * MINUTE);
    const after = instances().map(({ id }) => id);
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(tasks()).toHaveLength(2);
    expect(load.lost).toBe(0);
    expect((await talk().plan()).isEmpty).toBe(true);
  });

  test("tasks move from On-Demand to Spot Instances without losing a request", async () => {
    await talk().deploy();
    await tagsKnown(cloud);
    const load = constantLoad(cloud, "talk-ip");
    const moved = talk(talks({ spot: true }));
    await moved.deploy();
    await tagsKnown(cloud);
    await moved.deploy();
    expect(load.lost).toBe(0);
    expect(instances().map(({ isSpot }) => isSpot)).toEqual([true, true]);
    expect([...cloud.account.ecs.managedInstances.keys()]).toEqual(["talks-managed-spot"]);
    expect((await moved.plan()).isEmpty).toBe(true);
  });

  test("an interrupted Spot Instance is replaced without losing a request", async () => {
    await talk(talks({ spot: true })).deploy();
    const load = constantLoad(cloud, "talk-ip");
    const [first] = instances();
    cloud.interruptSpot(first!.id);
    await cloud.clock.sleep(30 * 60_000);
    expect(instances().some(({ id }) => id === first!.id)).toBe(false);
    expect(tasks()).toHaveLength(2);
    expect(load.lost).toBe(0);
  });
});

describe("the instances", () => {
  test("are of a type that is allowed, and large enough for the tasks", async () => {
    await talk(talks({ instanceTypes: ["t4g.*", "m6i.*"] }), 12_000).deploy();
    expect(types()).toEqual(["m6i.xlarge", "m6i.xlarge"]);
  });

  test("may be burstable if the chain names a burstable type", async () => {
    await talk(talks({ instanceTypes: ["t3.small"] })).deploy();
    expect(types()).toEqual(["t3.small", "t3.small"]);
  });

  test("are of the architecture of the task definition", async () => {
    await talk().task({ architecture: "arm64" }).deploy();
    expect(types()).toEqual(["c6g.medium", "c6g.medium"]);
  });

  test("are terminated when they are idle, and come back with the tasks", async () => {
    await talk(talks({ scaleInAfter: "10m" }))
      .service({ desired: 0 })
      .deploy();
    expect(instances()).toEqual([]);
    await talk(talks({ scaleInAfter: "10m" }))
      .service({ desired: 2 })
      .deploy();
    expect(instances()).toHaveLength(2);
    await talk(talks({ scaleInAfter: "10m" }))
      .service({ desired: 0 })
      .deploy();
    await cloud.clock.sleep(8 * 60_000);
    expect(instances()).toHaveLength(2);
    await cloud.clock.sleep(5 * 60_000);
    expect(instances()).toEqual([]);
  });

  test("have the tags of the cluster", async () => {
    await talk(talks().tags({ team: "web" })).deploy();
    expect(instances().map(({ tags }) => tags.get("team"))).toEqual(["web", "web"]);
  });

  test("that no type meets end the rollout with ECS's reason", async () => {
    const error = await errorOf(
      talk(talks({ requirements: { vCpuCount: { min: 2, max: 2 } } }), 60_000).deploy(),
    );
    expect(error?.code).toBe("rollout-failed");
    expect(error?.message).toContain("Unable to launch instance");
  });

  test("that ECS may not launch end the rollout with ECS's reason", async () => {
    const { iam } = cloud.ports;
    const trust = (Service: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
      });
    const role = await iam.createRole({
      RoleName: "ownInfrastructure",
      AssumeRolePolicyDocument: trust("ecs.amazonaws.com"),
    });
    await iam.attachRolePolicy({
      RoleName: "ownInfrastructure",
      PolicyArn: "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances",
    });
    await cloud.clock.sleep(60_000);
    const infrastructureRole = role.Role!.Arn!;
    const error = await errorOf(talk(talks({ infrastructureRole })).deploy());
    expect(error?.code).toBe("rollout-failed");
    expect(error?.message).toContain("iam:PassRole");
  });
});

test("a changed option updates the capacity provider, and is planned once", async () => {
  await talk().deploy();
  const options = { monitoring: "detailed", storage: 100, scaleInAfter: false, autoRepair: false } as const;
  const changed = talk(talks({ ...options, requirements: { memoryMiB: { min: 8_192 } } }));
  const { changes } = await changed.plan();
  const updated = changes.filter(({ action }) => action !== "none");
  expect(updated.map(({ action, name }) => [action, name])).toEqual([["update", "talks-managed"]]);
  expect(await writesOf(cloud, () => changed.deploy())).toEqual(["updateCapacityProvider"]);
  expect((await changed.plan()).isEmpty).toBe(true);
  const { configuration } = provider()!;
  expect(configuration.infrastructureOptimization).toEqual({ scaleInAfter: -1 });
  expect(configuration.instanceLaunchTemplate?.instanceRequirements).toEqual({
    vCpuCount: { min: 1 },
    memoryMiB: { min: 8_192 },
  });
});

test("a job runs on instances that ECS launches for it and terminates afterwards", async () => {
  await cloud.close();
  cloud = await sharedAccount({ images: { report: { exits: 0, after: "5s" } } });
  const job = new Job("report").image("report").cluster(talks()).schedule("rate(1 day)").on(cloud);
  await job.deploy();
  const { tasks: ran } = await job.run();
  expect(ran.map(({ exitCode }) => exitCode)).toEqual([0]);
  expect((await job.plan()).isEmpty).toBe(true);
  await cloud.clock.sleep(DAY + HOUR);
  expect(instances()).toEqual([]);
  await job.destroy();
  expect(cloud.account.ecs.managedInstances.size).toBe(0);
});

test("a release in colors moves on the same instances", async () => {
  const inColors = (version: number) => talk().image(`talk:${version}`).blueGreen();
  await inColors(1).deploy();
  await inColors(2).deploy();
  expect((await inColors(2).status()).isHealthy).toBe(true);
  expect((await inColors(2).plan()).isEmpty).toBe(true);
});

test("a cluster of its own is deployed, reported and destroyed", async () => {
  const before = comparable(cloud);
  await talks().on(cloud).deploy();
  expect(await talks().on(cloud).status()).toMatchObject({ exists: true, instances: 0 });
  expect((await talks().on(cloud).plan()).isEmpty).toBe(true);
  expect((await errorOf(talks().on(cloud).refresh()))?.message).toContain(
    "no instances that quayside launches",
  );
  await talks().on(cloud).destroy();
  expect(comparable(cloud)).toEqual(before);
});

test("the status of a cluster has its Managed Instances", async () => {
  await talk().deploy();
  const { hosts = [] } = await talks().on(cloud).status();
  expect(hosts).toMatchObject([
    { type: "c5.large", spot: false, lifecycle: "running", status: "ACTIVE", isCurrent: true, tasks: 1 },
    { type: "c5.large", tasks: 1 },
  ]);
  expect(hosts[0]!.ami.name).toMatch(/^bottlerocket/);
});

test("a deployment that only names the cluster is refused", async () => {
  await talk().deploy();
  const named = new Deployment("other").image("talk:1").cluster("talks").on(cloud);
  const error = await errorOf(named.deploy());
  expect(error?.code).toBe("no-container-instances");
  expect(error?.fix).toContain(".managedInstances()");
});

test("an existing cluster is used with its Managed Instances", async () => {
  await talks().on(cloud).deploy();
  const existing = new Deployment("other")
    .image("talk:1")
    .cluster(Cluster.existing("talks").managedInstances())
    .on(cloud);
  await existing.deploy();
  expect(tasks().map(({ capacityProviderName }) => capacityProviderName)).toEqual([
    "talks-managed",
    "talks-managed",
  ]);
  expect((await existing.plan()).isEmpty).toBe(true);
  await existing.destroy();
  expect(provider()?.status).toBe("ACTIVE");
});

test("an existing cluster without Managed Instances is refused", async () => {
  const existing = new Deployment("other").image("talk:1");
  const error = await errorOf(
    existing.cluster(Cluster.existing("their-cluster").managedInstances()).on(cloud).deploy(),
  );
  expect(error?.message).toBe(
    "Nothing was changed: cluster their-cluster has no capacity provider of Managed Instances",
  );
});

test("a deployment is found by its name", async () => {
  await talk().deploy();
  const named = Deployment.named("talk").on(cloud);
  expect((await named.status()).isHealthy).toBe(true);
  await named.destroy();
  expect(cloud.account.ecs.managedInstances.size).toBe(0);
});
