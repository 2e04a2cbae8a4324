import type { SuspendedState } from "@aws-sdk/client-application-auto-scaling";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localCloud, type LocalCloud } from "../../../src/local/index.js";
import { scaledTalk } from "../../scenarios/scaling-chains.js";

const MINUTE = 60_000;
const target = {
  ServiceNamespace: "ecs" as const,
  ScalableDimension: "ecs:service:DesiredCount" as const,
  ResourceId: "service/conference-cluster/talk-service-ecs",
};

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = localCloud({ clock: "virtual", seed: 1 });
  await scaledTalk(cloud, { instances: "none", tasks: { min: 2, max: 6, cpu: 50 } }).deploy();
});
afterEach(() => cloud.close());

const suspend = (SuspendedState: SuspendedState) =>
  cloud.ports.applicationAutoScaling.registerScalableTarget({ ...target, SuspendedState });
const set = (bounds: { MinCapacity?: number; MaxCapacity?: number }) =>
  cloud.ports.applicationAutoScaling.registerScalableTarget({ ...target, ...bounds });
const desired = () =>
  cloud.account.ecs.clusters.get("conference-cluster")!.services.get("talk-service-ecs")!.description
    .desiredCount;
const under = async (cpu: number): Promise<number | undefined> => {
  cloud.load("talk-service-ecs", { cpu });
  await cloud.clock.sleep(90 * MINUTE);
  return desired();
};

test("suspended scaling does not happen until it is resumed", async () => {
  await suspend({ DynamicScalingOutSuspended: true });
  expect(await under(200)).toBe(2);
  // What the request does not name is not suspended any more.
  await suspend({ DynamicScalingInSuspended: true });
  expect(await under(200)).toBe(4);
  expect(await under(20)).toBe(4);
  // New bounds do not resume anything.
  await set({ MaxCapacity: 5 });
  expect(await under(20)).toBe(4);
  await suspend({});
  expect(await under(20)).toBe(2);
});

test("a count below the bounds is not changed by scale-in, and is raised to them by scale-out", async () => {
  const stopped = { cluster: "conference-cluster", service: "talk-service-ecs", desiredCount: 1 };
  await cloud.ports.ecs.updateService(stopped);
  expect(await under(10)).toBe(1);
  expect(await under(60)).toBe(2);
});

test("scheduled actions do not happen while they are suspended", async () => {
  const at = new Date(cloud.clock.now() + 5 * MINUTE).toISOString().slice(0, 19);
  await cloud.ports.applicationAutoScaling.putScheduledAction({
    ...target,
    ScheduledActionName: "soon",
    Schedule: `at(${at})`,
    ScalableTargetAction: { MinCapacity: 4 },
  });
  await suspend({ ScheduledScalingSuspended: true });
  await cloud.clock.sleep(10 * MINUTE);
  expect(desired()).toBe(2);
});

test("registering a scalable target brings the count into its bounds, also without naming any", async () => {
  const stopped = { cluster: "conference-cluster", service: "talk-service-ecs", desiredCount: 0 };
  await cloud.ports.ecs.updateService(stopped);
  await suspend({ DynamicScalingInSuspended: true });
  expect(desired()).toBe(2);
  await set({ MinCapacity: 0, MaxCapacity: 0 });
  expect(desired()).toBe(0);
});
