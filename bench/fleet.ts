/*
 * How many requests, how much of AWS's time and of this computer's a fleet takes, a hundred services behind a load
 * balancer: up to 400.
 *
 *   npm run bench            10, 50 and 100 services: on EC2, scaled, on Fargate, and with aws({ readAccountRoles })
 *   npm run bench -- 20 40
 */
import { Cluster, Deployment, Fleet, LoadBalancer, type CompleteDeployment } from "../src/index.js";
import { localCloud, type LocalCloud } from "../src/local/index.js";

const instances = new Cluster("web").ec2({ instanceType: "m5.4xlarge" }).autoscale({ min: 4, max: 4 });
const fargate = new Cluster("web").fargate();
/** AWS takes a hundred rules a listener. */
const balancers = ["alb", "alb-2", "alb-3", "alb-4"].map((name) => new LoadBalancer(name));

export interface Options {
  /** Of the first service. */
  readonly version?: number;
  /** Whether each service scales: by its CPU, by steps with an alarm, and in the morning. */
  readonly scaled?: boolean;
  readonly onFargate?: boolean;
  /** Whether runs may read all roles of the account at once. */
  readonly readAccountRoles?: boolean;
}

function service(
  index: number,
  { version = 1, scaled = false, onFargate = false }: Options,
): CompleteDeployment {
  const plain = new Deployment(`service-${index}`)
    .image(`registry.example.com/service-${index}:${index === 0 ? version : 1}`)
    .container({
      port: 8080,
      ...(onFargate ? { cpu: 256, memory: 512 } : { cpu: 16, memoryReservation: 16 }),
    })
    .service({ desired: 1 })
    .cluster(onFargate ? fargate : instances)
    .behindAlb(balancers[Math.floor(index / 100)]!, { path: `/service-${index}/*`, healthCheck: "/health" });
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
  /** Seconds of this computer's CPU, most of them the local cloud's. */
  readonly cpu: number;
}

/** What a fleet takes: its first deploy, a plan with nothing to do, a change to one service, its destruction. */
export async function measureFleet(
  count: number,
  options: Omit<Options, "version"> = {},
): Promise<Record<string, Measured>> {
  const { readAccountRoles = false } = options;
  await using cloud = localCloud({ clock: "virtual", readAccountRoles });
  const measure = async (work: () => Promise<unknown>): Promise<Measured> => {
    const [calls, began, busy] = [cloud.calls.length, cloud.clock.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(busy);
    const made = cloud.calls.slice(calls);
    const reads = made.filter(({ write }) => !write).length;
    return {
      calls: made.length,
      reads,
      seconds: (cloud.clock.now() - began) / 1000,
      cpu: (user + system) / 1e6,
    };
  };
  const changed = { ...options, version: 2 };
  return {
    "first deploy": await measure(() => fleetOf(count, cloud, options).deploy()),
    "plan, nothing to do": await measure(() => fleetOf(count, cloud, options).plan()),
    "deploy, one changed": await measure(() => fleetOf(count, cloud, changed).deploy()),
    destroy: await measure(() => fleetOf(count, cloud, changed).destroy()),
  };
}

const FLEETS: Readonly<Record<string, Omit<Options, "version">>> = {
  "": {},
  " that scale": { scaled: true },
  " on Fargate": { onFargate: true },
  " on Fargate, with readAccountRoles": { onFargate: true, readAccountRoles: true },
};

if (process.argv[1]?.endsWith("fleet.ts")) {
  const counts = process.argv.slice(2).map(Number);
  for (const count of counts.length > 0 ? counts : [10, 50, 100]) {
    for (const [what, options] of Object.entries(FLEETS)) {
      console.log(`${count} services${what}`);
      for (const [title, { calls, reads, seconds, cpu }] of Object.entries(
        await measureFleet(count, options),
      )) {
        const counted = `${String(calls).padStart(5)} calls, ${String(reads).padStart(5)} of them reads`;
        console.log(`  ${title.padEnd(20)} ${counted}, ${seconds.toFixed(1)} s, CPU ${cpu.toFixed(1)} s`);
      }
    }
  }
}
