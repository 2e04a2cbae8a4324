/** How the main container runs. Sizes are ECS's units: cpu 1024 = 1 vCPU, memory in MiB. */
export interface ContainerOptions {
  /**
   * The container's name in the task definition: 1 to 255 letters, digits, hyphens and underscores.
   * @defaultValue the deployment's name
   */
  readonly name?: string | undefined;
  /**
   * The port that the process listens on, 1 to 65535. Needed behind a load balancer. On EC2 instances
   * ECS maps it to a free port of the instance, so that several tasks fit on one.
   */
  readonly port?: number | undefined;
  /**
   * On EC2: the container's CPU shares, a weight and not a limit. On Fargate: the task's size, 256 to
   * 16384, which is what AWS bills.
   * @defaultValue none on EC2; on Fargate the smallest size that has `memory`, 256 (0.25 vCPU) without
   */
  readonly cpu?: number | undefined;
  /**
   * Hard limit in MiB, 6 or more: a container that exceeds it is killed. On Fargate: the task's size.
   * @defaultValue none on EC2; on Fargate the smallest that goes with `cpu`
   */
  readonly memory?: number | undefined;
  /**
   * MiB that the instance sets aside, 6 or more and less than `memory`; the container may use more.
   * @defaultValue 256 on EC2 when `memory` is not given, otherwise none
   */
  readonly memoryReservation?: number | undefined;
  /** Instead of the image's `CMD`, one string per word. */
  readonly command?: readonly string[] | undefined;
  /** Instead of the image's `ENTRYPOINT`, one string per word. */
  readonly entryPoint?: readonly string[] | undefined;
  /** Environment variables. They can be read by whoever may read the task definition: use `secrets` for secrets. */
  readonly environment?: EnvironmentOptions | undefined;
  /** Environment variables whose values ECS fetches when it starts a task. */
  readonly secrets?: SecretsOptions | undefined;
  /**
   * A command inside the container that says whether it is healthy: a shell line, or its details. ECS
   * replaces tasks whose container is not. Not the load balancer's health check; see `behindAlb`.
   */
  readonly healthCheck?: string | ContainerHealthCheckOptions | undefined;
  /**
   * What other containers of the task must have come to before this one is started, by their names:
   * `START` (it runs), `HEALTHY` (its `healthCheck` passes), `COMPLETE` (it has ended) or `SUCCESS` (it has
   * ended with 0), the latter two only of sidecars that are not essential.
   *
   * On EC2 a container reaches those it depends on by their names, as host names.
   * @defaultValue none
   */
  readonly dependsOn?: DependenciesOptions | undefined;
  /**
   * Time between SIGTERM and SIGKILL, such as `"30s"`; on Fargate at most `"2m"`.
   * @defaultValue 30 seconds, by ECS
   */
  readonly stopTimeout?: string | undefined;
  /** User, or `user:group`, that the process runs as. @defaultValue the image's */
  readonly user?: string | undefined;
}

/** Environment variables by name. */
export type EnvironmentOptions = Readonly<Record<string, string | number | boolean>>;

/**
 * Environment name -> where the secret is: `"ssm:/path"` for a parameter of Parameter Store in the same
 * region, or the full ARN of a parameter or of a Secrets Manager secret.
 */
export type SecretsOptions = Readonly<Record<string, string>>;

/** Container name -> what it must have come to. */
export type DependenciesOptions = Readonly<Record<string, "START" | "HEALTHY" | "COMPLETE" | "SUCCESS">>;

export interface ContainerHealthCheckOptions {
  /** A shell line, or the words of a command that needs no shell. Exit status 0 is healthy. */
  readonly command: string | readonly string[];
  /** Time between two checks, 5 s to 5 min. @defaultValue `"30s"` */
  readonly interval?: string | undefined;
  /** How long a check may take, 2 s to 1 min. @defaultValue `"5s"` */
  readonly timeout?: string | undefined;
  /** Failed checks in a row that make it unhealthy, 1 to 10. @defaultValue 3 */
  readonly retries?: number | undefined;
  /** Time to start up in which failures do not count, up to 5 min. @defaultValue none */
  readonly startPeriod?: string | undefined;
}
