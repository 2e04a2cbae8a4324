import { parseEnvironment, type EnvironmentOptions } from "./environment.js";
import { parseDuration } from "./parsing/duration.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { reportOverridesSize } from "./task/overrides-size.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** Options of `tail()`. */
export interface TailOptions {
  /** The start of the log events: a duration before now, such as `"10m"`, or a date. @defaultValue `"10m"` */
  readonly since?: string | Date | undefined;
  /** True to continue with new log events until `signal` is aborted. @defaultValue `false` */
  readonly follow?: boolean | undefined;
  /** A CloudWatch Logs filter pattern: `ERROR`, `-debug`, `"two words"`. @defaultValue all log events */
  readonly filter?: string | undefined;
  /** Ends the iteration when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** The task part of the options of `run()`. */
export interface TaskOptions {
  /** The command that replaces the container's, one string per word. */
  readonly command?: readonly string[] | undefined;
  /** Environment variables that override the container's. They are visible in the task's description. */
  readonly environment?: EnvironmentOptions | undefined;
  /** The number of tasks, 1 to 1000. @defaultValue 1 */
  readonly count?: number | undefined;
  /** True to wait until the tasks have stopped. @defaultValue `true` */
  readonly wait?: boolean | undefined;
}

/** The release that `rollback()` restores. */
export interface RollbackTarget {
  /** The `id` of a release in `history()`. @defaultValue the latest successful release before the current one */
  readonly to?: string | undefined;
}

/** The container and the command of `exec()`. */
export interface ExecTarget {
  /** The task's id or ARN. @defaultValue the newest task that accepts sessions */
  readonly task?: string | undefined;
  /** The container's name. @defaultValue the main container */
  readonly container?: string | undefined;
  /** The command line. @defaultValue `"/bin/sh"` */
  readonly command?: string | undefined;
}

interface OperationOptionNames {
  readonly signal?: unknown;
  readonly onEvent?: unknown;
  readonly timeout?: unknown;
  readonly adopt?: unknown;
  readonly showSensitive?: unknown;
  readonly images?: unknown;
  readonly hold?: unknown;
  readonly wait?: unknown;
  readonly settle?: unknown;
}

/** An option that not all operations have. */
export type ExtraOption = "images" | "hold" | "wait" | "settle";

/** The maximum of Node's timers is 24 days. */
const TIMEOUT = { min: 1, max: 24 * 86_400 };

/**
 * Checks the options of `plan()`, `deploy()`, `status()` and `destroy()`.
 *
 * @param extraOptions - options that only this operation has
 */
export function checkOperationOptions(
  value: unknown,
  issues: Issues,
  extraOptions: readonly ExtraOption[] = [],
): void {
  const options = new OptionsReader<OperationOptionNames>(value, "options", issues);
  const signal = options.raw("signal");
  // Tested by shape: a signal may come from another realm or a polyfill.
  if (signal !== undefined && !isSignal(signal))
    options.issue("signal", `must be an AbortSignal; got ${formatValue(signal)}`);
  const onEvent = options.raw("onEvent");
  if (onEvent !== undefined && typeof onEvent !== "function") {
    options.issue("onEvent", `must be a function; got ${formatValue(onEvent)}`);
  }
  options.duration("timeout", TIMEOUT);
  options.boolean("adopt");
  options.boolean("showSensitive");
  for (const key of extraOptions) options.boolean(key);
  options.close();
}

function isSignal(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "aborted" in value &&
    typeof value.aborted === "boolean" &&
    "addEventListener" in value &&
    typeof value.addEventListener === "function"
  );
}

const COUNT = { min: 1, max: 1000 };
const OPERATION_OPTIONS = ["signal", "onEvent", "timeout", "adopt", "showSensitive"];

/** Checks the options of `run()`. */
export function checkTaskOptions(value: unknown, issues: Issues): void {
  const options = new OptionsReader<TaskOptions>(checkCommonOptions(value, issues), "options", issues);
  const command = options.words("command");
  const path = options.pathOf("environment");
  const environment = parseEnvironment(options.raw("environment"), path, issues);
  // The container has a name of one character at least.
  reportOverridesSize({ command, environment }, "-", "options", issues);
  options.integer("count", COUNT);
  options.boolean("wait");
  options.close();
}

export function checkTailOptions(value: unknown, issues: Issues): void {
  const { signal, ...own } = isObject(value) ? value : { own: value };
  checkOperationOptions({ signal }, issues);
  const options = new OptionsReader<TailOptions>(isObject(value) ? own : value, "options", issues);
  const since = options.raw("since");
  const isMoment = since instanceof Date && !Number.isNaN(since.getTime());
  if (since !== undefined && !isMoment && parseDuration(since) === undefined)
    options.issue("since", `must be a duration such as "10m", or a Date; got ${formatValue(since)}`);
  options.boolean("follow");
  options.string("filter");
  options.close();
}

export function checkRollbackOptions(value: unknown, issues: Issues): void {
  const options = new OptionsReader<RollbackTarget>(checkCommonOptions(value, issues), "options", issues);
  options.string("to", "the id of a release in history()");
  options.close();
}

export function checkExecOptions(value: unknown, issues: Issues): void {
  const options = new OptionsReader<ExecTarget>(checkCommonOptions(value, issues), "options", issues);
  options.string("task", "a task id or ARN");
  options.string("container", "a container's name");
  options.string("command", 'a command line such as "ls /app"');
  options.close();
}

/** Checks the options that all operations have in common, and returns the others. */
function checkCommonOptions(value: unknown, issues: Issues): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  checkOperationOptions(
    Object.fromEntries(entries.filter(([key]) => OPERATION_OPTIONS.includes(key))),
    issues,
  );
  return Object.fromEntries(entries.filter(([key]) => !OPERATION_OPTIONS.includes(key)));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
