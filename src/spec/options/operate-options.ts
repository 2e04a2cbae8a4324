import type { EnvironmentOptions } from "./container-options.js";

export interface TailOptions {
  /** From when on: a duration back from now, such as `"10m"`, or a moment. @defaultValue `"10m"` */
  readonly since?: string | Date | undefined;
  /** Go on with new lines, until `signal` fires. @defaultValue `false` */
  readonly follow?: boolean | undefined;
  /** CloudWatch Logs' filter pattern: `ERROR`, `-debug`, `"two words"`. @defaultValue every line */
  readonly filter?: string | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

export interface TaskOptions {
  /** Instead of the container's command, one string per word. */
  readonly command?: readonly string[] | undefined;
  /** Variables over those of the container. They can be read by whoever may describe the task. */
  readonly environment?: EnvironmentOptions | undefined;
  /** How many, 1 to 1000; RunTask takes ten at a time. @defaultValue 1 */
  readonly count?: number | undefined;
  /** Whether to wait for their end. @defaultValue `true` */
  readonly wait?: boolean | undefined;
}

export interface RollbackTarget {
  /** A release's `id`, as `history()` has it. @defaultValue the one before the one that runs */
  readonly to?: string | undefined;
}

export interface ExecTarget {
  /** A task's id or ARN. @defaultValue the newest one that can be entered */
  readonly task?: string | undefined;
  /** @defaultValue the main container */
  readonly container?: string | undefined;
  /** One line, as the container's shell would get it. @defaultValue `"/bin/sh"` */
  readonly command?: string | undefined;
}
