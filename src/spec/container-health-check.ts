import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** A health check that runs inside the container. */
export interface ContainerHealthCheckOptions {
  /** A shell command line, or the words of a command that needs no shell. Exit code 0 means healthy. */
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

/** Source of the ranges: ECS API reference, HealthCheck. */
export function parseHealthCheck(
  value: unknown,
  path: string,
  issues: Issues,
): ContainerHealthCheckSpec | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" && !isPlainObject(value)) {
    issues.add(
      path,
      `must be a shell command line or { command, interval, timeout, retries, startPeriod }; got ${formatValue(value)}`,
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
    interval: options.duration("interval", { min: 5, max: 300 }) ?? 30,
    timeout: options.duration("timeout", { min: 2, max: 60 }) ?? 5,
    retries: options.integer("retries", { min: 1, max: 10 }) ?? 3,
    startPeriod: options.duration("startPeriod", { min: 0, max: 300 }),
  };
  options.close();
  return healthCheck;
}

function parseCommand(options: OptionsReader<ContainerHealthCheckOptions>): readonly string[] {
  const command = options.raw("command");
  if (typeof command === "string" && command.trim() !== "") return ["CMD-SHELL", command];
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === "string")) {
    return command[0] === "CMD" || command[0] === "CMD-SHELL" ? command : ["CMD", ...command];
  }
  options.issue(
    "command",
    `must be a shell command line or an array of words: ["node", "check.mjs"]; got ${formatValue(command)}`,
  );
  return [];
}
