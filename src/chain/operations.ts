import type { ExecOptions, ExecSession } from "../operations/exec.js";
import type { Release } from "../operations/history.js";
import type { OperationOptions } from "../operations/results.js";
import type { RollbackOptions, RollbackResult } from "../operations/rollback.js";
import type { RunOptions, RunResult } from "../operations/run-tasks.js";
import type { LogLine } from "../operations/tail.js";
import type { TailOptions } from "../spec/operation-options.js";

/** What can be done with a deployment the day after. `Ready` is what a chain must be for it. */
export interface Operations<Ready> {
  /**
   * The lines that all its containers write, merged in the order of time: of running tasks, of those that
   * have died, and of one-off tasks. With `follow` it goes on until `signal` fires; lines then come some
   * five seconds after they were written, for CloudWatch Logs shows them late and not in order.
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
   * @throws SpecError, AwsError, QuaysideError (`not-deployed`: there is no log group)
   */
  tail(this: Ready, options?: TailOptions): AsyncIterable<LogLine>;

  /**
   * Runs tasks of its image once, spread over the cluster, with its variables, secrets and roles. What
   * they need and is not there (cluster, log group, roles, task definition) is made first. A task that
   * fails is a result, not an error. Those that find no room wait: for the instances that the cluster's
   * capacity provider starts for them, or, without one, as long as other tasks end, five minutes for the
   * next place at most. When the run is aborted, tasks that were started go on; the error names them.
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
   * (`tasks-not-placed`: the cluster has no room for them)
   */
  run(this: Ready, options?: RunOptions): Promise<RunResult>;

  /**
   * The releases that can be gone back to, newest first: as many as `.service({ keepReleases })` keeps.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  history(this: Ready, options?: OperationOptions): Promise<readonly Release[]>;

  /**
   * Lets the service run an earlier release again, and waits until it is healthy: the newest before the
   * one that runs that has worked, or `to`. That its task definition, image, log group and roles are still
   * there is looked at first; if one is not, nothing is changed. The chain stays what it is: its next
   * `deploy()` releases what it describes. A blue/green deployment gives all requests back to the color that runs that release,
   * in one call, as `(await talk.release()).rollback()` does.
   *
   * @throws SpecError, AwsError, RolloutError, AbortedError, TimeoutError, QuaysideError
   * (`no-earlier-release`, `no-such-release`, `not-deployed`, `image-not-found`, `incomplete-release`)
   */
  rollback(this: Ready, options?: RollbackOptions): Promise<RollbackResult>;

  /**
   * Starts a command in a running container (ECS Exec; needs `.service({ exec: true })`). Returns the
   * session's address and token. A terminal in it needs AWS's session-manager-plugin, which is not part of
   * this library: spawn the words in `plugin` with the terminal's stdio.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError, QuaysideError (`exec-not-enabled`,
   * `exec-not-connected`, `no-such-task`)
   */
  exec(this: Ready, options?: ExecOptions): Promise<ExecSession>;
}
