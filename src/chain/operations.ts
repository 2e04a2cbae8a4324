import type { ExecOptions, ExecSession } from "../operations/exec.js";
import type { Release } from "../operations/history.js";
import type { OperationOptions } from "../operations/results.js";
import type { RollbackOptions, RollbackResult } from "../operations/rollback.js";
import type { RunOptions, RunResult } from "../operations/run-tasks.js";
import type { LogLine } from "../operations/tail.js";
import type { TailOptions } from "../spec/operation-options.js";

/** The operations on a running deployment. `Ready` is the type that a chain must have. */
export interface Operations<Ready> {
  /**
   * Returns the log events of all containers in order of time, from running, stopped and one-off tasks. With
   * `follow`, it continues until `signal` is aborted; log events then arrive about five seconds late, because
   * CloudWatch Logs returns them with a delay and out of order.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment().image("talk-service:1").cluster("conference-cluster");
   * for await (const { time, task, message } of talk.tail({ since: "1h", filter: "ERROR" })) {
   *   console.log(time.toISOString(), task, message);
   * }
   * ```
   * @throws SpecError, AwsError, QuaysideError (`not-deployed`: the log group was not found)
   */
  tail(this: Ready, options?: TailOptions): AsyncIterable<LogLine>;

  /**
   * Runs one-off tasks with the deployment's image, environment, secrets and roles, spread across the cluster.
   * Missing resources (cluster, log group, roles, task definition) are created first. A task that fails is a
   * result, not an error. Tasks that cannot be placed wait for instances that the cluster's capacity provider
   * launches or, without one, for other tasks to stop, at most five minutes for each placement. If the run is
   * aborted, started tasks keep running, and the error names them.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment().image("talk-service:1").cluster("conference-cluster");
   * const { tasks } = await talk.run({ command: ["node", "import.mjs"], count: 3 });
   * const failed = tasks.filter(({ exitCode }) => exitCode !== 0);
   * ```
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError, QuaysideError
   * (`tasks-not-placed`: the cluster has too little capacity)
   */
  run(this: Ready, options?: RunOptions): Promise<RunResult>;

  /**
   * Returns the releases that `rollback()` can restore, newest first: as many as `.service({ keepReleases })`
   * keeps.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  history(this: Ready, options?: OperationOptions): Promise<readonly Release[]>;

  /**
   * Rolls the service back to an earlier release, `to` or the latest successful one before the current release,
   * and waits until it is healthy. If the release's task definition, image, log group or roles no longer exist,
   * nothing is changed. The chain itself is unchanged: its next `deploy()` releases what it describes. With
   * blue/green, all traffic returns to the color with that release in one call, as with
   * `(await talk.release()).rollback()`.
   *
   * @throws SpecError, AwsError, RolloutError, AbortedError, TimeoutError, QuaysideError
   * (`no-earlier-release`, `no-such-release`, `not-deployed`, `image-not-found`, `incomplete-release`)
   */
  rollback(this: Ready, options?: RollbackOptions): Promise<RollbackResult>;

  /**
   * Starts a command in a running container with ECS Exec, which requires `.service({ exec: true })`. Returns the
   * address and the token of the session. To open a terminal, install AWS's session-manager-plugin, which is not
   * part of this library, and spawn the command in `plugin` with the terminal's stdio.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError, QuaysideError (`exec-not-enabled`,
   * `exec-not-connected`, `no-such-task`)
   */
  exec(this: Ready, options?: ExecOptions): Promise<ExecSession>;
}
