import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, SpecError } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const insightsOf = async () => {
  const { clusters } = await cloud.ports.ecs.describeClusters({ clusters: ["web"], include: ["SETTINGS"] });
  return clusters![0]!.settings!.find(({ name }) => name === "containerInsights")!.value;
};

test("Container Insights are set at the creation, changed in place, and left alone where not described", async () => {
  const web = new Cluster("web").fargate().on(cloud);
  await web.insights("enhanced").deploy();
  expect(await insightsOf()).toBe("enhanced");
  expect((await web.insights("enhanced").plan()).isEmpty).toBe(true);
  expect((await web.plan()).isEmpty).toBe(true);
  const { changes } = await web.insights("disabled").plan();
  expect(changes.flatMap(({ fields }) => fields)).toEqual([
    { path: "insights", before: "enhanced", after: "disabled" },
  ]);
  await web.insights("disabled").deploy();
  expect(await insightsOf()).toBe("disabled");
});

test("another level of Container Insights is a SpecError", async () => {
  const error = await new Cluster("web")
    .insights("full" as never)
    .on(cloud)
    .plan()
    .catch((thrown: unknown) => thrown as SpecError);
  expect((error as SpecError).issues).toEqual([
    { path: "cluster.insights", message: 'must be "enhanced", "enabled" or "disabled"; got "full"' },
  ]);
});
