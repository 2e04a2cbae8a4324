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

export interface Options {
  /** Of the first service. */
  readonly version?: number;
  /** Whether each service scales: by its CPU, by steps with an alarm, and in the morning. */
  readonly scaled?: boolean;
}

function service(index: number, { version = 1, scaled = false }: Options): CompleteDeployment {
  const plain = new Deployment(`service-${index}`)
    .image(`registry.example.com/service-${index}:${index === 0 ? version : 1}`)
    .container({ port: 8080, cpu: 16, memoryReservation: 16 })
    .service({ desired: 1 })
    .cluster(cluster)
    .behindAlb(alb, { path: `/service-${index}/*`, healthCheck: "/health" });
  if (!scaled) return plain;
  return plain.autoscale({
    min: 1,
    max: 4,
    cpu: 50,
    steps: [{ when: "memory >= 80", for: "3m", add: 1 }],
    schedule: [{ at: "cron(0 8 * * ? *)", min: 2 }],
  });
}

/** A fleet of `count` services. */
export function fleetOf(count: number, cloud: LocalCloud, options: Options = {}): Fleet {
  const [first, ...others] = Array.from({ length: count }, (_, index) => service(index, options));
  return new Fleet(first!, ...others).on(cloud);
}

export interface Measured {
  readonly calls: number;
  /** How many of them only look. */
  readonly reads: number;
  /** By AWS's clock. */
  readonly seconds: number;
}

/** What a fleet takes: its first deploy, a plan with nothing to do, a change to one service, its destruction. */
export async function measureFleet(
  count: number,
  options: Pick<Options, "scaled"> = {},
): Promise<Record<string, Measured>> {
  await using cloud = localCloud({ clock: "virtual" });
  const measure = async (work: () => Promise<unknown>): Promise<Measured> => {
    const [calls, began] = [cloud.calls.length, cloud.clock.now()];
    await work();
    const made = cloud.calls.slice(calls);
    const reads = made.filter(({ write }) => !write).length;
    return { calls: made.length, reads, seconds: (cloud.clock.now() - began) / 1000 };
  };
  const changed = { ...options, version: 2 };
  return {
    "first deploy": await measure(() => fleetOf(count, cloud, options).deploy()),
    "plan, nothing to do": await measure(() => fleetOf(count, cloud, options).plan()),
    "deploy, one changed": await measure(() => fleetOf(count, cloud, changed).deploy()),
    destroy: await measure(() => fleetOf(count, cloud, changed).destroy()),
  };
}

if (process.argv[1]?.endsWith("fleet.ts")) {
  const counts = process.argv.slice(2).map(Number);
  for (const count of counts.length > 0 ? counts : [10, 50, 100]) {
    for (const scaled of [false, true]) {
      console.log(`${count} services${scaled ? " that scale" : ""}`);
      for (const [title, { calls, reads, seconds }] of Object.entries(
        await measureFleet(count, { scaled }),
      )) {
        const counted = `${String(calls).padStart(5)} calls, ${String(reads).padStart(5)} of them reads`;
        console.log(`  ${title.padEnd(20)} ${counted}, ${seconds.toFixed(1)} s`);
      }
    }
  }
}
