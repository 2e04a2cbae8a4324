import type { DescribedByDockerfile } from "./input.js";
import { healthCommandProblem } from "./health-command.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** A health check that runs inside the container. */
export interface ContainerHealthCheckOptions {
  /**
   * A shell command line, or the words of a command that needs no shell. Exit code 0 means healthy. A command
   * that can never pass is refused, such as words that only a shell understands.
   */
  readonly command: string | readonly string[];
  /** The time between two checks, 5 s to 5 min. @defaultValue `"30s"` */
  readonly interval?: string | undefined;
  /** The timeout of a check, 2 s to 1 min. @defaultValue `"5s"` */
  readonly timeout?: string | undefined;
  /** The number of consecutive failed checks that make the container unhealthy, 1 to 10. @defaultValue 3 */
  readonly retries?: number | undefined;
  /** The startup time during which failed checks do not count, up to 5 min. @defaultValue none */
  readonly startPeriod?: string | undefined;
}

export interface ContainerHealthCheckSpec {
  /** The command in ECS's format: `["CMD-SHELL", "curl -f http://localhost/ || exit 1"]`. */
  readonly command: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number | undefined;
}

/** Source: Amazon ECS API reference, HealthCheck. Durations are in seconds. */
const INTERVAL = { min: 5, max: 300 };
const TIMEOUT = { min: 2, max: 60 };
const RETRIES = { min: 1, max: 10 };
const START_PERIOD = { min: 0, max: 300 };

export function parseHealthCheck(
  value: unknown,
  path: string,
  issues: Issues,
): ContainerHealthCheckSpec | undefined {
  if (value === undefined || value === false) return undefined;
  if (typeof value !== "string" && !isPlainObject(value)) {
    issues.add(
      path,
      `must be a shell command line, { command, interval, timeout, retries, startPeriod }, or false for none; got ${formatValue(value)}`,
    );
    return undefined;
  }
  const options = new OptionsReader<ContainerHealthCheckOptions>(
    typeof value === "string" ? { command: value } : value,
    path,
    issues,
  );
  const healthCheck: ContainerHealthCheckSpec = {
    command: parseCommand(options),
    interval: options.duration("interval", INTERVAL) ?? 30,
    timeout: options.duration("timeout", TIMEOUT) ?? 5,
    retries: options.integer("retries", RETRIES) ?? 3,
    startPeriod: options.duration("startPeriod", START_PERIOD),
  };
  options.close();
  return healthCheck;
}

function parseCommand(options: OptionsReader<ContainerHealthCheckOptions>): readonly string[] {
  const given = options.raw("command");
  const command = toCommand(given);
  if (command === undefined) {
    options.issue(
      "command",
      `must be a shell command line or an array of words: ["node", "check.mjs"]; got ${formatValue(given)}`,
    );
    return [];
  }
  const problem = healthCommandProblem(command);
  if (problem !== undefined)
    options.issue(
      "command",
      `${problem}; got ${Array.isArray(given) ? JSON.stringify(given) : formatValue(given)}`,
    );
  return command;
}

/** The command in ECS's format. */
function toCommand(given: unknown): readonly string[] | undefined {
  if (typeof given === "string") return given.trim() === "" ? undefined : ["CMD-SHELL", given];
  if (!Array.isArray(given) || given.length === 0 || !given.every((word) => typeof word === "string"))
    return undefined;
  return given[0] === "CMD" || given[0] === "CMD-SHELL" ? given : ["CMD", ...given];
}

/**
 * The health check of a Dockerfile, which ECS itself ignores. Docker's defaults apply, and values beyond ECS's
 * limits become the nearest that ECS supports.
 */
export function dockerfileHealthCheck(
  dockerfile: DescribedByDockerfile | undefined,
  issues: Issues,
): ContainerHealthCheckSpec | undefined {
  const given = dockerfile?.healthCheck;
  if (given === undefined) return undefined;
  const problem = dockerfile?.isBuilt === true ? healthCommandProblem(given.command) : undefined;
  if (problem !== undefined) {
    issues.add(
      "image",
      `the command of HEALTHCHECK in the Dockerfile ${problem}: correct it, or set .container({ healthCheck }); got ${given.command.slice(1).join(" ")}`,
    );
  }
  return {
    command: given.command,
    interval: within(INTERVAL, given.interval ?? 30),
    timeout: within(TIMEOUT, given.timeout ?? 30),
    retries: within(RETRIES, given.retries ?? 3),
    startPeriod: given.startPeriod && within(START_PERIOD, given.startPeriod),
  };
}

const within = ({ min, max }: { readonly min: number; readonly max: number }, value: number): number =>
  Math.min(max, Math.max(min, Math.ceil(value)));
