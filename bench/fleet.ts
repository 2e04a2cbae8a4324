/*
 * How many requests, and how much of AWS's time, a fleet behind one load balancer takes.
 *
 *   npm run bench            10, 50 and 100 services
 *   npm run bench -- 20 40
 */
import { Cluster, Deployment, Fleet, LoadBalancer, type CompleteDeployment } from "../src/index.js";
import { localCloud, type LocalCloud } from "../src/local/index.js";

const cluster = new Cluster("web").ec2({ instanceType: "m5.4xlarge" }).autoscale({ min: 4, max: 4 });
const alb = new LoadBalancer("alb");

const service = (index: number, version: number): CompleteDeployment =>
  new Deployment(`service-${index}`)
    .image(`registry.example.com/service-${index}:${version}`)
    .container({ port: 8080, cpu: 16, memoryReservation: 16 })
    .service({ desired: 1 })
    .cluster(cluster)
    .behindAlb(alb, { path: `/service-${index}/*`, healthCheck: "/health" });

/** A fleet of `count` services, the first of them in the given version. */
export function fleetOf(count: number, cloud: LocalCloud, version = 1): Fleet {
  const [first, ...others] = Array.from({ length: count }, (_, index) =>
    service(index, index === 0 ? version : 1),
  );
  return new Fleet(first!, ...others).on(cloud);
}

export interface Measured {
  readonly calls: number;
  /** By AWS's clock. */
  readonly seconds: number;
}

/** What a fleet takes: its first deploy, a plan with nothing to do, a change to one service, its destruction. */
export async function measureFleet(count: number): Promise<Record<string, Measured>> {
  await using cloud = localCloud({ clock: "virtual" });
  const measure = async (work: () => Promise<unknown>): Promise<Measured> => {
    const [calls, began] = [cloud.calls.length, cloud.clock.now()];
    await work();
    return { calls: cloud.calls.length - calls, seconds: (cloud.clock.now() - began) / 1000 };
  };
  return {
    "first deploy": await measure(() => fleetOf(count, cloud).deploy()),
    "plan, nothing to do": await measure(() => fleetOf(count, cloud).plan()),
    "deploy, one changed": await measure(() => fleetOf(count, cloud, 2).deploy()),
    destroy: await measure(() => fleetOf(count, cloud, 2).destroy()),
  };
}

if (process.argv[1]?.endsWith("fleet.ts")) {
  const counts = process.argv.slice(2).map(Number);
  for (const count of counts.length > 0 ? counts : [10, 50, 100]) {
    console.log(`${count} services`);
    for (const [title, { calls, seconds }] of Object.entries(await measureFleet(count))) {
      console.log(`  ${title.padEnd(20)} ${String(calls).padStart(5)} calls, ${seconds.toFixed(1)} s`);
    }
  }
}
