import { parseDuration } from "./parsing/duration.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import type { ExecTarget, RollbackTarget, TailOptions, TaskOptions } from "./options/operate-options.js";
import { checkActOptions } from "./options/validate-act-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseEnvironment } from "./environment.js";

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
