import { expect, test } from "vitest";
import { Cluster, Deployment, Fleet, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";

const member = (cloud: LocalCloud, name: string, as: string): CompleteDeployment =>
  new Deployment(name)
    .image(`registry.example.com/${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .serviceDiscovery({ namespace: "shop.internal", as })
    .on(cloud);

const talk = (cloud: LocalCloud, as = "talk"): CompleteDeployment => member(cloud, "talk-service", as);
const both = (cloud: LocalCloud): Fleet => new Fleet(member(cloud, "front", "front"), talk(cloud));

/** The calls that DNS names have more of than others; other sweeps meet the rest. */
const ofNames = ({ operation, write }: { readonly operation: string; readonly write: boolean }): boolean =>
  operation === "getOperation" ||
  (write && /Namespace|createService$|updateService$|deleteService$|deregisterInstance/.test(operation));

test("a first deploy with a DNS name that meets any fault is finished by the next run", async () => {
  expect(await sweep({ to: talk, after: "destroy", only: ofNames })).toMatchInlineSnapshot(`31`);
});

test("a first deploy of a fleet that meets any fault ends with all names", async () => {
  expect(await sweep({ to: both, after: "destroy", only: ofNames })).toMatchInlineSnapshot(`45`);
});

test("a move to another name that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: talk,
    to: (cloud) => talk(cloud, "speaker"),
    only: ofNames,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`35`);
});

test("a destroy of the last user of a namespace that meets any fault is finished by the next one", async () => {
  const positions = await sweep({
    from: talk,
    run: (cloud, options) => talk(cloud).destroy(options),
    only: ofNames,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`45`);
});
