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
}

/** How far a rolling update may go below and above the desired number of tasks, in per cent of it. */
export interface RollingOptions {
  /** 0 to 100; ECS rounds the number of tasks up. @defaultValue 100 */
  readonly minHealthyPercent?: number | undefined;
  /** 100 to 200; ECS rounds the number of tasks down. @defaultValue 200 */
  readonly maxPercent?: number | undefined;
}
