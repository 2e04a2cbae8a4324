import type { PlacementOptions } from "./placement-options.js";

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

/** How far a rolling update may go below and above the desired number of tasks, in per cent of it. */
export interface RollingOptions {
  /** 0 to 100; ECS rounds the number of tasks up. @defaultValue 100 */
  readonly minHealthyPercent?: number | undefined;
  /** 100 to 200; ECS rounds the number of tasks down. @defaultValue 200 */
  readonly maxPercent?: number | undefined;
}
