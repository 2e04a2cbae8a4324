import { CHAINS, doPhase } from "./chains.js";
import { doFloorPhase } from "./floor.js";
import { localCloud, type LocalCloud } from "../src/local/index.js";
import type { AwsApi, ServiceName } from "../src/aws/api.js";
import { isRead } from "../src/aws/operation-name.js";

/** Milliseconds between two attempts of the floor, and between two of its looks: it learns of everything at once. */
const AT_ONCE = 100;

export interface Makespan {
  /** AWS's seconds of a first deploy, the mean of all seeds. */
  readonly ours: number;
  /** Of the floor, which launches instances once ECS manages them, as the library does. */
  readonly floor: number;
  /** Of the floor that launches them at once: ECS may never drain them. */
  readonly atOnce: number;
}

/**
 * AWS's time of a first deploy on the virtual clock, and that of a client that knows everything: every call is sent as
 * soon as its inputs are there, and again as soon as AWS would accept it.
 */
export async function measureMakespan(
  title: string,
  seeds: readonly number[],
  account: Account = "used before",
): Promise<Makespan> {
  const chain = CHAINS[title]!;
  const floor = (launchesLast: boolean) =>
    meanOf(seeds, account, (cloud) => {
      const pause = () => cloud.clock.sleep(AT_ONCE);
      return doFloorPhase("first deploy", impatient(cloud), {}, pause, {
        launchesLast,
        resolves: cloud.resolves,
      });
    });
  return {
    ours: await meanOf(seeds, account, (cloud) => doPhase(chain, "first deploy", cloud)),
    floor: await floor(true),
    atOnce: await floor(false),
  };
}

/** A fresh account has none of the service-linked roles, and instances do not start until they have propagated. */
export type Account = "fresh" | "used before";

const LINKED = ["ecs", "autoscaling", "elasticloadbalancing", "ecs.application-autoscaling"];

async function meanOf(
  seeds: readonly number[],
  account: Account,
  work: (cloud: LocalCloud) => Promise<unknown>,
): Promise<number> {
  let seconds = 0;
  for (const seed of seeds) {
    await using cloud = localCloud({ clock: "virtual", seed });
    if (account === "used before") {
      for (const service of LINKED)
        await cloud.ports.iam.createServiceLinkedRole({ AWSServiceName: `${service}.amazonaws.com` });
      await cloud.clock.sleep(10 * 60_000);
    }
    const began = cloud.clock.now();
    await work(cloud);
    seconds += (cloud.clock.now() - began) / 1000;
  }
  return seconds / seeds.length;
}

/** The APIs whose refused calls are sent again until they are accepted. */
function impatient(cloud: LocalCloud): AwsApi {
  const services = Object.keys(cloud.ports) as ServiceName[];
  return Object.fromEntries(services.map((service) => [service, impatiently(service)])) as unknown as AwsApi;

  function impatiently(service: ServiceName): object {
    const port = cloud.ports[service] as unknown as Record<string, (input: unknown) => Promise<unknown>>;
    return new Proxy(port, {
      get(target, method) {
        const call = Reflect.get(target, method) as ((input: unknown) => Promise<unknown>) | undefined;
        // The account may have the role.
        const isOnce = method === "createServiceLinkedRole";
        if (typeof method === "symbol" || call === undefined) return call;
        if (isOnce) return (input: unknown) => call(input).catch(() => {});
        if (isRead(method)) return call;
        return async (input: unknown) => {
          for (;;) {
            try {
              return await call(input);
            } catch {
              await cloud.clock.sleep(AT_ONCE);
            }
          }
        };
      },
    });
  }
}
