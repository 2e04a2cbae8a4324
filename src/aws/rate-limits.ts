import type { Clock } from "../engine/clock.js";
import type { ServiceName } from "./api.js";
import { isRead } from "./operation-name.js";

type Input = Readonly<Record<string, unknown>>;

/** One of AWS's token buckets: `burst` calls at once, then `perSecond`. Shared by all calls that match. */
interface Limit {
  readonly service: ServiceName;
  readonly matches: (method: string) => boolean;
  readonly burst: number;
  readonly perSecond: number;
  /** The maximum number of concurrent calls. */
  readonly concurrency?: number;
  /** What they would change at the same time. @defaultValue all calls of the bucket are counted together */
  readonly changed?: (input: Input) => string;
}

/**
 * The share of AWS's rate that is used: calls arrive less evenly than they are sent, and at the full rate
 * some would be throttled.
 */
const RATE_SHARE = 0.9;

const any = () => true;
const writes = (method: string) => !isRead(method);
const oneOf =
  (...methods: string[]) =>
  (method: string) =>
    methods.includes(method);

/**
 * AWS's published limits per account and region ("Request throttling" in the guides of ECS, ELB, EC2 and
 * CloudWatch Logs). IAM and Auto Scaling publish none, and reject concurrent changes: IAM those of one object ("multiple
 * requests to change this object were submitted simultaneously"). One write at a time.
 */
const LIMITS: readonly Limit[] = Object.freeze([
  {
    service: "ecs",
    matches: oneOf("createCluster", "deleteCluster", "putClusterCapacityProviders"),
    burst: 20,
    perSecond: 1,
  },
  {
    service: "ecs",
    matches: oneOf("registerTaskDefinition", "deregisterTaskDefinition"),
    burst: 20,
    perSecond: 1,
  },
  {
    service: "ecs",
    matches: oneOf("createCapacityProvider", "updateCapacityProvider", "deleteCapacityProvider"),
    burst: 10,
    perSecond: 1,
    concurrency: 1,
  },
  { service: "ecs", matches: oneOf("deleteTaskDefinitions"), burst: 5, perSecond: 1 },
  {
    service: "ecs",
    matches: oneOf("createService", "updateService", "deleteService"),
    burst: 50,
    perSecond: 5,
  },
  { service: "ecs", matches: oneOf("tagResource", "untagResource"), burst: 20, perSecond: 10 },
  {
    service: "ecs",
    matches: oneOf("stopTask", "runTask", "executeCommand", "deregisterContainerInstance"),
    burst: 100,
    perSecond: 40,
  },
  { service: "ecs", matches: isRead, burst: 50, perSecond: 20 },
  { service: "elb", matches: oneOf("createLoadBalancer", "setSubnets"), burst: 10, perSecond: 0.2 },
  { service: "elb", matches: writes, burst: 20, perSecond: 3 },
  // One more bucket for all of ELB's actions together.
  { service: "elb", matches: any, burst: 40, perSecond: 10 },
  { service: "ec2", matches: isRead, burst: 100, perSecond: 20 },
  { service: "ec2", matches: writes, burst: 50, perSecond: 5 },
  { service: "logs", matches: oneOf("putRetentionPolicy", "tagResource"), burst: 5, perSecond: 5 },
  { service: "logs", matches: any, burst: 10, perSecond: 10 },
  // Each service-linked role is one of another service: nothing else changes it at the same time.
  { service: "iam", matches: oneOf("createServiceLinkedRole"), burst: 10, perSecond: 5 },
  {
    service: "iam",
    matches: (method) => writes(method) && method !== "createServiceLinkedRole",
    burst: 10,
    perSecond: 5,
    concurrency: 1,
    // A role in a profile is a change of the profile.
    changed: ({ InstanceProfileName, RoleName }) =>
      InstanceProfileName === undefined
        ? `role ${RoleName as string}`
        : `profile ${InstanceProfileName as string}`,
  },
  { service: "autoScaling", matches: writes, burst: 10, perSecond: 5, concurrency: 1 },
  { service: "applicationAutoScaling", matches: writes, burst: 10, perSecond: 5, concurrency: 1 },
  { service: "cloudWatch", matches: writes, burst: 3, perSecond: 3 },
]);

/** Clock -> what is left of AWS's rates: of an account and region as far as they are known, else of one cloud. */
const left = new WeakMap<Clock, Map<unknown, RateLimits>>();

/** The limits of a cloud's runs in a region. A run begins with what the ones before it have left. */
export function rateLimitsOf(
  cloud: { readonly clock: Clock; readonly pace?: string | undefined },
  region: string,
): RateLimits {
  const { pace, clock } = cloud;
  const key = pace === undefined ? cloud : `${region} ${pace}`;
  const ofClock = left.get(clock) ?? new Map<unknown, RateLimits>();
  left.set(clock, ofClock);
  const limits = ofClock.get(key) ?? new RateLimits(clock);
  ofClock.set(key, limits);
  return limits;
}

/** Sends calls no faster than AWS accepts them, and without delay while the buckets have tokens. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #buckets: readonly Bucket[];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#buckets = LIMITS.map((limit) => new Bucket(limit, clock.now()));
  }

  async run<T>(
    service: ServiceName,
    method: string,
    signal: AbortSignal,
    call: () => Promise<T>,
    input: object = {},
  ): Promise<T> {
    const buckets = this.#buckets.filter(({ limit }) => limit.service === service && limit.matches(method));
    // Tokens are taken at once, so that calls keep their order; from the widest bucket on, because a narrower
    // one needs the time at which the wider ones release the call.
    const now = this.#clock.now();
    const at = buckets.reduceRight((earliest, bucket) => bucket.take(earliest), now);
    if (at > now) await this.#clock.sleep(at - now, signal);
    const narrow = buckets.find((bucket) => bucket.limit.concurrency !== undefined);
    return narrow === undefined ? call() : narrow.queued(call, signal, input as Input);
  }
}

class Bucket {
  readonly limit: Limit;
  #tokens: number;
  #at: number;
  readonly #perSecond: number;
  /** What is changed -> the calls that wait until the ones before them have ended. */
  readonly #lines = new Map<string, { running: number; readonly waiting: (() => void)[] }>();

  constructor(limit: Limit, now: number) {
    this.limit = limit;
    this.#perSecond = limit.perSecond * RATE_SHARE;
    this.#tokens = limit.burst;
    this.#at = now;
  }

  /**
   * Takes a token, a future one if necessary; returns the time at which it is available, not before `from`.
   */
  take(from: number): number {
    const now = Math.max(from, this.#at);
    const refilled = this.#tokens + ((now - this.#at) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.limit.burst, refilled) - 1;
    this.#at = now;
    return this.#tokens >= 0 ? now : now + (-this.#tokens / this.#perSecond) * 1000;
  }

  async queued<T>(call: () => Promise<T>, signal: AbortSignal, input: Input): Promise<T> {
    const key = this.limit.changed?.(input) ?? "";
    const line = this.#lines.get(key) ?? { running: 0, waiting: [] };
    this.#lines.set(key, line);
    if (line.running >= this.limit.concurrency!)
      await new Promise<void>((resolve) => line.waiting.push(resolve));
    else line.running += 1;
    try {
      signal.throwIfAborted();
      return await call();
    } finally {
      const next = line.waiting.shift();
      if (next !== undefined) next();
      else if (--line.running === 0) this.#lines.delete(key);
    }
  }
}
