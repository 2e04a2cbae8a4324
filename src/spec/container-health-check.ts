import type { ContainerHealthCheckSpec, ContainerSpec } from "./deployment-spec.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import type { ContainerHealthCheckOptions, ContainerOptions } from "./options/container-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseDependencies } from "./dependencies.js";
import { parseEnvironment, parseSecrets } from "./environment.js";

/** What is said of the process in a container, whichever of a task's it is. */
export type ProcessSpec = Omit<ContainerSpec, "name" | "port" | "cpu" | "memory" | "memoryReservation">;

/** Their values are maps, which several calls merge entry by entry. */
export const BY_ENTRY = Object.freeze(["environment", "secrets", "dependsOn"]);

/** Source: Amazon ECS API reference, ContainerDefinition `stopTimeout`. */
const FARGATE_STOP_TIMEOUT = { min: 1, max: 120 };

export function parseProcess(
  options: OptionsReader<Omit<ContainerOptions, "name">>,
  capacity: "ec2" | "fargate",
  issues: Issues,
): ProcessSpec {
  const command = options.words("command");
  const entryPoint = options.words("entryPoint");
  const environment = parseEnvironment(options.raw("environment"), options.pathOf("environment"), issues);
  const secrets = parseSecrets(options.raw("secrets"), options.pathOf("secrets"), issues);
  for (const secret of Object.keys(secrets)) {
    // ECS refuses the task definition.
    if (!Object.hasOwn(environment, secret)) continue;
    issues.add(
      `${options.pathOf("secrets")}.${secret}`,
      "is also an environment variable: a name can be one of both only",
    );
  }
  const healthCheck = parseHealthCheck(options.raw("healthCheck"), options.pathOf("healthCheck"), issues);
  const dependsOn = parseDependencies(options.raw("dependsOn"), options.pathOf("dependsOn"), issues);
  const stopTimeout = options.duration(
    "stopTimeout",
    capacity === "fargate" ? FARGATE_STOP_TIMEOUT : { min: 1 },
  );
  const user = options.string("user", 'a user or "user:group"');
  return { command, entryPoint, environment, secrets, healthCheck, dependsOn, stopTimeout, user };
}

/** Source of the ranges: ECS API reference, HealthCheck. */
function parseHealthCheck(
  value: unknown,
  path: string,
  issues: Issues,
): ContainerHealthCheckSpec | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" && !isPlainObject(value)) {
    issues.add(
      path,
      `must be a shell line or { command, interval, timeout, retries, startPeriod }; got ${formatValue(value)}`,
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
    `must be a shell line or an array of words: ["node", "check.mjs"]; got ${formatValue(command)}`,
  );
  return [];
}
