/** Which requests of a load balancer reach the service, and how its tasks are checked. */
export interface RouteOptions {
  /**
   * Path patterns, such as `"/talk*"`: up to 128 characters, `*` and `?` are wildcards, case counts.
   * A rule of AWS's holds 5 patterns, paths and hosts together, and 6 wildcards: where there are more, several
   * rules are made, of the 100 that a load balancer can have. Source: "Quotas for your Application Load Balancers".
   * @defaultValue `"/*"`
   */
  readonly path?: string | readonly string[] | undefined;
  /** Host patterns, such as `"talk.example.com"` or `"*.example.com"`. @defaultValue any host */
  readonly host?: string | readonly string[] | undefined;
  /** The path that answers when a task is healthy, or all details. @defaultValue `"/"` */
  readonly healthCheck?: string | TargetHealthCheckOptions | undefined;
  /**
   * The target group's name: 1 to 32 letters, digits and hyphens, unique in the region.
   * @defaultValue the deployment's name, made to fit; on Fargate with `-ip` at its end
   */
  readonly targetGroup?: string | undefined;
  /** The listener rule's priority, 1 (first) to 50000; several rules follow one another. @defaultValue chosen by how specific the patterns are */
  readonly priority?: number | undefined;
  /**
   * How long a stopping task may finish its requests, up to 1 h. This and `stickiness` are compared with what the
   * last deploy has set, which a tag says: AWS tells such attributes of one target group a call. Changed by hand,
   * they stay so until the chain changes them. @defaultValue `"60s"`
   */
  readonly deregistrationDelay?: string | undefined;
  /** How long the load balancer's cookie keeps a client on one task, 1 s to 7 d. @defaultValue not at all */
  readonly stickiness?: string | undefined;
}

/** The load balancer's health check of every task. */
export interface TargetHealthCheckOptions {
  /** Begins with `/`. @defaultValue `"/"` */
  readonly path?: string | undefined;
  /** Answers that count as healthy, within 200 to 499: `"200"`, `"200-399"`, `"200,204"`. @defaultValue `"200-399"` */
  readonly codes?: string | undefined;
  /** Time between two checks, 5 s to 5 min. @defaultValue `"10s"` */
  readonly interval?: string | undefined;
  /** How long a check may take, 2 s to 2 min and less than `interval`. @defaultValue `"5s"`, or less if `interval` asks for it */
  readonly timeout?: string | undefined;
  /** Passed checks in a row that make an unhealthy task healthy, 2 to 10; a new task needs one. @defaultValue 2 */
  readonly healthyThreshold?: number | undefined;
  /** Failed checks in a row that make it unhealthy, 2 to 10. @defaultValue 3 */
  readonly unhealthyThreshold?: number | undefined;
}
