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

const DAY = 24 * 60 * 60_000;
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
    expect(types()).toEqual(["m5.large", "m5.large"]);
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
