import { parseEnvironment, type EnvironmentOptions } from "./environment.js";
import { parseDuration } from "./parsing/duration.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

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

const COUNT = { min: 1, max: 1000 };
const ACT_OPTIONS = ["signal", "onEvent", "timeout", "adopt"];

/** `run`'s own options, and those of every act. */
export function checkTaskOptions(value: unknown, issues: Issues): void {
  const options = new OptionsReader<TaskOptions>(ownOf(value, issues), "options", issues);
  options.words("command");
  parseEnvironment(options.raw("environment"), options.pathOf("environment"), issues);
  options.integer("count", COUNT);
  options.boolean("wait");
  options.close();
}

export function checkTailOptions(value: unknown, issues: Issues): void {
  const { signal, ...own } = isObject(value) ? value : { own: value };
  checkActOptions({ signal }, issues);
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
  const options = new OptionsReader<RollbackTarget>(ownOf(value, issues), "options", issues);
  options.string("to", "a release's id, as history() has it");
  options.close();
}

export function checkExecOptions(value: unknown, issues: Issues): void {
  const options = new OptionsReader<ExecTarget>(ownOf(value, issues), "options", issues);
  options.string("task", "a task's id or ARN");
  options.string("container", "a container's name");
  options.string("command", 'a command line such as "ls /app"');
  options.close();
}

/** Checks what every act takes, and returns the rest. */
function ownOf(value: unknown, issues: Issues): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  checkActOptions(Object.fromEntries(entries.filter(([key]) => ACT_OPTIONS.includes(key))), issues);
  return Object.fromEntries(entries.filter(([key]) => !ACT_OPTIONS.includes(key)));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface ActOptionNames {
  readonly signal?: unknown;
  readonly onEvent?: unknown;
  readonly timeout?: unknown;
  readonly adopt?: unknown;
  readonly images?: unknown;
  readonly hold?: unknown;
}

/** Timers of Node hold 24 days. */
const TIMEOUT = { min: 1, max: 24 * 86400 };

/** Reports what is wrong with the options of `plan`, `deploy`, `status` and `destroy`; `more`: those that one of them has besides. */
export function checkActOptions(
  value: unknown,
  issues: Issues,
  more: readonly ("images" | "hold")[] = [],
): void {
  const options = new OptionsReader<ActOptionNames>(value, "options", issues);
  const signal = options.raw("signal");
  // By its shape: a signal from another realm or a polyfill is one, too.
  if (signal !== undefined && !isSignal(signal))
    options.issue("signal", `must be an AbortSignal; got ${formatValue(signal)}`);
  const onEvent = options.raw("onEvent");
  if (onEvent !== undefined && typeof onEvent !== "function") {
    options.issue("onEvent", `must be a function; got ${formatValue(onEvent)}`);
  }
  options.duration("timeout", TIMEOUT);
  options.boolean("adopt");
  for (const key of more) options.boolean(key);
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
