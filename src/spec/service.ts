import type { EcsBlueGreenSpec } from "./ecs-blue-green.js";
import type { CapacityType } from "./capacity-type.js";
import { ECS_NAME } from "./names.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parsePlacement, type PlacementOptions, type PlacementSpec } from "./placement.js";
import { parseRolling, type RollingOptions } from "./rolling.js";

/** The ECS service that keeps the tasks running. */
export interface ServiceOptions {
  /** The service's name, unique in its cluster: 1 to 255 letters, digits, hyphens and underscores. @defaultValue the deployment's name */
  readonly name?: string | undefined;
  /**
   * The desired number of tasks, 0 to 5000.
   * @defaultValue 2 when the service is created; later deploys keep the current number, so that they do not
   * revert scaling
   */
  readonly desired?: number | undefined;
  /** The limits of a rolling update. */
  readonly rolling?: RollingOptions | undefined;
  /**
   * True to enable ECS's deployment circuit breaker: a rollout whose tasks keep failing is rolled back.
   * @defaultValue `true`
   */
  readonly circuitBreaker?: boolean | undefined;
  /**
   * The time in which ECS ignores failed health checks of a new task. Only behind a load balancer.
   * @defaultValue `"60s"` behind a load balancer
   */
  readonly healthCheckGrace?: string | undefined;
  /**
   * The placement of tasks on EC2 instances: `"spread"` across Availability Zones and then instances,
   * `"binpack"` on as few instances as possible, or your own strategies and constraints. It also applies to
   * one-off tasks (`run`, `beforeRelease`). A change affects only tasks that start afterwards. ECS rebalances
   * Availability Zones only if the first strategy spreads across them.
   * @defaultValue `"spread"`
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").service({
   *   placement: {
   *     strategy: [{ spread: "zone" }, { binpack: "memory" }],
   *     constraints: ["distinctInstance", { memberOf: "attribute:ecs.instance-type =~ t3.*" }],
   *   },
   * });
   * ```
   */
  readonly placement?: "spread" | "binpack" | PlacementOptions | undefined;
  /**
   * True to enable ECS Exec, which `exec()` needs. Creates a task role that permits nothing but ECS Exec's
   * connection; the container's root file system must be writable. A change starts a rollout, because only
   * new tasks accept sessions.
   * @defaultValue `false`
   */
  readonly exec?: boolean | undefined;
  /**
   * The number of releases to keep for `rollback()`, including the current one: 2 to 100. A successful deploy
   * deregisters older task definition revisions, but never one that the service uses. Failed releases do not
   * count.
   * @defaultValue 10
   */
  readonly keepReleases?: number | undefined;
}

/** An ECS service. */
export interface ServiceSpec {
  readonly name: string;
  /** `undefined`: 2 when the service is created, unchanged afterwards. */
  readonly desired: number | undefined;
  readonly minHealthyPercent: number;
  readonly maxPercent: number;
  readonly circuitBreaker: boolean;
  /** Seconds; `undefined` without a load balancer. */
  readonly healthCheckGrace: number | undefined;
  /** True if ECS Exec is enabled. */
  readonly exec: boolean;
  /** The number of releases that are kept for a rollback. */
  readonly keepReleases: number;
  /** Blue/green by ECS itself, for names in Service Connect; `undefined`: rolling updates, or two colors. */
  readonly ecsBlueGreen?: EcsBlueGreenSpec | undefined;
  /** `undefined` on Fargate, which has no instances. */
  readonly placement: PlacementSpec | undefined;
}

/** The quota of tasks per service. Source: Amazon ECS service quotas. */
const DESIRED = { min: 0, max: 5000 };
/** The desired count of a new service. */
const DEFAULT_DESIRED = 2;
/** The API accepts a 32-bit number of seconds. */
const GRACE = { min: 0, max: 24_855 * 86_400 };
const DEFAULT_GRACE = 60;

/** With one release, there would be nothing to roll back to. */
const KEEP_RELEASES = { min: 2, max: 100 };
const DEFAULT_KEEP_RELEASES = 10;

export function parseService(
  calls: readonly unknown[],
  context: {
    readonly deployment: string;
    readonly hasLoadBalancer: boolean;
    readonly capacity: CapacityType;
  },
  issues: Issues,
): ServiceSpec {
  const options = new OptionsReader<ServiceOptions>(
    mergeOptions(calls, "service", issues, ["rolling"]),
    "service",
    issues,
  );
  const name = options.name("name", ECS_NAME) ?? context.deployment;
  const desired = options.integer("desired", DESIRED);
  const circuitBreaker = options.boolean("circuitBreaker") ?? true;
  const grace = options.duration("healthCheckGrace", GRACE);
  if (grace !== undefined && !context.hasLoadBalancer) {
    // ECS: "Health check grace period is only valid for services configured to use load balancers".
    options.issue(
      "healthCheckGrace",
      "is supported only behind a load balancer: call .behindAlb(...), or remove it",
    );
  }
  const rolling = parseRolling(options.raw("rolling"), desired ?? DEFAULT_DESIRED, issues);
  const exec = options.boolean("exec") ?? false;
  const keepReleases = options.integer("keepReleases", KEEP_RELEASES) ?? DEFAULT_KEEP_RELEASES;
  const placement = parsePlacement(options.raw("placement"), context.capacity, issues);
  options.close();
  const healthCheckGrace = context.hasLoadBalancer ? (grace ?? DEFAULT_GRACE) : undefined;
  return { name, desired, ...rolling, circuitBreaker, healthCheckGrace, exec, keepReleases, placement };
}
