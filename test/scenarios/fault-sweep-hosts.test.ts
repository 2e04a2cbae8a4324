import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type ManagedInstancesOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";

const onManaged = (options?: ManagedInstancesOptions) => (cloud: LocalCloud) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("talks").managedInstances(options))
    .on(cloud);

test("a deploy on Managed Instances that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    to: onManaged(),
    after: "destroy",
    // The calls that such a cluster has more of than others; other sweeps meet the rest.
    only: ({ operation, write }) => write && /CapacityProvider|Role|Profile|createService/.test(operation),
  });
  expect(positions).toMatchInlineSnapshot(`126`);
});

test("a change of Managed Instances, also to Spot, that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: onManaged(),
    to: onManaged({ spot: true, monitoring: "detailed", scaleInAfter: "10m" }),
    after: "destroy",
    foreign: "beside",
    only: ({ operation, write }) => write || operation === "describeCapacityProviders",
  });
  expect(positions).toMatchInlineSnapshot(`64`);
});

const web = (cloud: LocalCloud) => new Cluster("web").ec2().autoscale({ min: 2, max: 2 }).on(cloud);
const onHosts = (cloud: LocalCloud) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 128, memoryReservation: 256 })
    .cluster(web(cloud))
    .behindAlb(new LoadBalancer("alb"), { path: "/*" })
    .on(cloud);

test("a refresh of hosts that meets any fault, or whose process dies, is finished by the next run", async () => {
  const positions = await sweep({
    from: onHosts,
    before: async (cloud) => cloud.publishAmis(),
    run: (cloud, options) => web(cloud).refresh(options),
    after: (cloud) => onHosts(cloud).destroy(),
    foreign: "beside",
    reads: "telling",
  });
  expect(positions).toMatchInlineSnapshot(`32`);
});
