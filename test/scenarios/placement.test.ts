import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, Deployment, type RolloutError, type ServiceOptions } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { leastPrivilege } from "./least-privilege.js";

let cloud: LocalCloud;

beforeEach(() => {
  cloud = localCloud({ caller: leastPrivilege(), clock: "virtual", seed: 1 });
});
afterEach(() => cloud.close());

/** Four small tasks on three instances. */
const placed = (placement: ServiceOptions["placement"]) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ cpu: 64, memoryReservation: 64 })
    .service({ desired: 4, placement })
    .cluster(
      new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }).autoscale({ min: 3, max: 3 }),
    )
    .on(cloud);

/** How many tasks each instance has that has any. */
function tasksPerInstance(): number[] {
  const counts = new Map<string, number>();
  for (const { description } of cloud.account.ecs.clusters.get("conference-cluster")!.tasks.values()) {
    if (description.lastStatus !== "RUNNING") continue;
    const instance = description.containerInstanceArn ?? "";
    counts.set(instance, (counts.get(instance) ?? 0) + 1);
  }
  return [...counts.values()].sort();
}

test("tasks are spread over the instances, or packed on as few as possible", async () => {
  await placed("spread").deploy();
  expect(tasksPerInstance()).toEqual([1, 1, 2]);
  await placed("binpack").deploy();
  // A placement is for tasks that start: those that run stay where they are.
  expect(tasksPerInstance()).toEqual([1, 1, 2]);
  await placed("binpack").env({ VERSION: "2" }).deploy();
  expect(tasksPerInstance()).toEqual([4]);
  expect((await placed("binpack").env({ VERSION: "2" }).plan()).isEmpty).toBe(true);
});

test("a constraint that no instance meets fails the deploy, and says so", async () => {
  // Not one that ECS scales: there such tasks wait, for an instance might come.
  const gpus = placed({ constraints: [{ memberOf: "attribute:ecs.instance-type =~ g4dn.*" }] }).cluster(
    new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }),
  );
  const error = (await gpus.deploy({ timeout: "30m" }).catch((thrown: unknown) => thrown)) as RolloutError;
  expect(error.diagnosis).toBe("no-suitable-instance");
});
