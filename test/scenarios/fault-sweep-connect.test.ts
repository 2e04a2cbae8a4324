import { expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  type CompleteDeployment,
  type OperationOptions,
} from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { withPermissionsOf } from "./least-privilege.js";
import { sweep } from "./sweep.js";

const member = (cloud: LocalCloud, name: string, namespace: string, as?: string): CompleteDeployment =>
  new Deployment(name)
    .image(`registry.example.com/${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .connect({ namespace, ...(as !== undefined && { as, port: 8080 }) })
    .on(cloud);

const talk = (cloud: LocalCloud, namespace = "conference"): CompleteDeployment =>
  member(cloud, "talk-service", namespace, "talk");
const both = (cloud: LocalCloud): Fleet => new Fleet(member(cloud, "front", "conference"), talk(cloud));

/** The calls that Service Connect has more of than others; other sweeps meet the rest. */
const ofConnect = ({ operation, write }: { readonly operation: string; readonly write: boolean }): boolean =>
  operation === "getOperation" ||
  (write && /Namespace|createService$|updateService$|deleteService$/.test(operation));

test("a first deploy with a name that meets any fault is finished by the next run", async () => {
  expect(await sweep({ to: talk, after: "destroy", only: ofConnect })).toMatchInlineSnapshot(`38`);
});

test("a first deploy of a fleet that meets any fault ends with all names known", async () => {
  expect(await sweep({ to: both, after: "destroy", only: ofConnect })).toMatchInlineSnapshot(`59`);
});

test("a move to another namespace that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: talk,
    run: (cloud: LocalCloud, options?: OperationOptions) =>
      withPermissionsOf(talk(cloud), () => talk(cloud, "market").deploy(options)),
    after: (cloud) => withPermissionsOf(talk(cloud), () => talk(cloud, "market").destroy()),
    only: ofConnect,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`76`);
});

test("a destroy of the last user of a namespace that meets any fault is finished by the next one", async () => {
  const positions = await sweep({
    from: talk,
    run: (cloud, options) => talk(cloud).destroy(options),
    only: ofConnect,
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`45`);
});
