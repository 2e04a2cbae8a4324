import { ECS_NAME } from "./names.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parsePlacement, type PlacementOptions, type PlacementSpec } from "./placement.js";
import { parseRolling, type RollingOptions } from "./rolling.js";

/** How ECS keeps the tasks running. */
export interface ServiceOptions {
  /** Unique in its cluster: 1 to 255 letters, digits, hyphens and underscores. @defaultValue the deployment's name */
  readonly name?: string | undefined;
  /**
   * How many tasks run, 0 to 5000.
   * @defaultValue 2 when the service is created; afterwards whatever number it has, so that a deploy
   * undoes no scaling
   */
  readonly desired?: number | undefined;
  readonly rolling?: RollingOptions | undefined;
  /**
   * Whether ECS gives up on a rollout whose tasks keep failing, and goes back to the previous version.
   * @defaultValue `true`
   */
  readonly circuitBreaker?: boolean | undefined;
  /**
   * How long a new task may fail the load balancer's health checks before ECS replaces it. Only behind
   * a load balancer.
   * @defaultValue `"60s"` behind a load balancer
   */
  readonly healthCheckGrace?: string | undefined;
  /**
   * On which instances its tasks are placed, on EC2: `"spread"` over the zones and there over the
   * instances, `"binpack"` on as few instances as possible, or strategies and constraints of your own.
   * One-off tasks (`run`, `beforeRelease`) follow it too. A change counts for tasks that are started from
   * then on. Unless zones are spread over first, ECS does not even the zones out later (Availability Zone
   * rebalancing).
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
   * Whether `exec()` can start a process in a running container (ECS Exec). Makes a task role that may
   * do nothing but let the agent in the container connect; the container's root file system must be
   * writable. A change begins a rollout, for only new tasks can be entered.
   * @defaultValue `false`
   */
  readonly exec?: boolean | undefined;
  /**
   * How many releases stay that `rollback()` can go back to, the running one among them: 2 to 100. Older
   * revisions of the task definition are deregistered after a deploy that succeeded, never one that the
   * service uses. Releases that have failed do not count.
   * @defaultValue 10
   */
  readonly keepReleases?: number | undefined;
}

export interface ServiceSpec {
  readonly name: string;
  /** `undefined`: 2 when the service is created, and whatever it has afterwards. */
  readonly desired: number | undefined;
  readonly minHealthyPercent: number;
  readonly maxPercent: number;
  readonly circuitBreaker: boolean;
  /** Seconds; only with a load balancer. */
  readonly healthCheckGrace: number | undefined;
  /** Whether ECS Exec may start processes in the containers. */
  readonly exec: boolean;
  /** Revisions that stay, so that they can be gone back to. */
  readonly keepReleases: number;
  /** `undefined`: on Fargate, which has no instances. */
  readonly placement: PlacementSpec | undefined;
}

/** Tasks of one service. Source: Amazon ECS service quotas. */
const DESIRED = { min: 0, max: 5000 };
/** What a service is created with when nobody says. */
const FIRST_DESIRED = 2;
/** The API takes a 32-bit number of seconds. */
const GRACE = { min: 0, max: 24_855 * 86_400 };
const DEFAULT_GRACE = 60;

/** One would leave nothing to go back to. */
const KEEP_RELEASES = { min: 2, max: 100 };
const DEFAULT_KEPT = 10;

export function parseService(
  calls: readonly unknown[],
  around: {
    readonly deployment: string;
    readonly hasLoadBalancer: boolean;
    readonly capacity: "ec2" | "fargate";
  },
  issues: Issues,
): ServiceSpec {
  const options = new OptionsReader<ServiceOptions>(
    mergeOptions(calls, "service", issues, ["rolling"]),
    "service",
    issues,
  );
  const name = options.name("name", ECS_NAME) ?? around.deployment;
  const desired = options.integer("desired", DESIRED);
  const circuitBreaker = options.boolean("circuitBreaker") ?? true;
  const grace = options.duration("healthCheckGrace", GRACE);
  if (grace !== undefined && !around.hasLoadBalancer) {
    // ECS: "Health check grace period is only valid for services configured to use load balancers".
    options.issue(
      "healthCheckGrace",
      "is only for services behind a load balancer: call .behindAlb(...), or leave it out",
    );
  }
  const rolling = parseRolling(options.raw("rolling"), desired ?? FIRST_DESIRED, issues);
  const exec = options.boolean("exec") ?? false;
  const keepReleases = options.integer("keepReleases", KEEP_RELEASES) ?? DEFAULT_KEPT;
  const placement = parsePlacement(options.raw("placement"), around.capacity, issues);
  options.close();
  const healthCheckGrace = around.hasLoadBalancer ? (grace ?? DEFAULT_GRACE) : undefined;
  return { name, desired, ...rolling, circuitBreaker, healthCheckGrace, exec, keepReleases, placement };
}
