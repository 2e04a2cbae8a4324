import { describe, expect, test } from "vitest";
import { Cluster, Deployment, QuaysideError, type Cloud } from "../../src/index.js";
import { sharedAccount, writesOf } from "./account.js";

const web = () => new Cluster("web");
const capacities = {
  EC2: () => web().ec2({ instanceType: "t3.large" }),
  "scaled EC2": () => web().ec2({ instanceType: "t3.large" }).autoscale({ min: 2, max: 4 }),
  Fargate: () => web().fargate(),
  "Fargate Spot": () => web().fargate({ spot: true }),
  "Managed Instances": () => web().managedInstances(),
};
type Capacity = keyof typeof capacities;

const on = (capacity: Capacity, isRouted: boolean, cloud: Cloud) => {
  const talk = new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(capacities[capacity]());
  return isRouted ? talk.behindAlb("alb", { path: "/talk*" }).on(cloud) : talk.on(cloud);
};

const names = Object.keys(capacities) as Capacity[];
const kindOf = (capacity: Capacity) => capacity.replace(/^scaled | Spot$/, "");
const pairs = names.flatMap((from) =>
  names.filter((to) => to !== from).map((to) => [from, to, kindOf(to) === kindOf(from)] as const),
);

describe.each([true, false])("with a load balancer: %s", (isRouted) => {
  test.each(pairs)(
    "a move from %s to %s is done, or refused before anything is changed",
    async (from, to, isInPlace) => {
      await using cloud = await sharedAccount();
      await on(from, isRouted, cloud).deploy();
      const moved = on(to, isRouted, cloud);
      if (isInPlace) {
        await moved.deploy();
        expect((await moved.plan()).isEmpty).toBe(true);
        expect((await moved.status()).isHealthy).toBe(true);
        return;
      }
      const writes = await writesOf(cloud, async () => {
        const error = await moved.deploy().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(QuaysideError);
        expect((error as QuaysideError).code).toBe("replacement-needed");
      });
      expect(writes).toEqual([]);
    },
  );
});
