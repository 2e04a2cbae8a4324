import type { ContainerHealthCheckOptions, ContainerOptions } from "./container-options.js";
import type { ContainerHealthCheckSpec, ContainerSpec } from "./deployment-spec.js";
import { isPlainObject } from "./frozen-copy.js";
import type { DockerfileInput } from "./input.js";
import type { Issues } from "./issues.js";
import { mergeCalls } from "./merge-calls.js";
import { ECS_NAME } from "./names.js";
import { OptionsReader } from "./options-reader.js";
import { show } from "./show.js";
import { readEnvironment, readSecrets } from "./validate-environment.js";
import { readEc2Size, readFargateSize } from "./validate-size.js";

export interface ContainerSurroundings {
  readonly deployment: string;
  readonly capacity: "ec2" | "fargate";
  readonly hasLoadBalancer: boolean;
  /** What the Dockerfile of the image's directory says; `undefined` for an image from a registry. */
  readonly dockerfile: DockerfileInput | undefined;
}

export const PORT = { min: 1, max: 65_535 };
/** Source: Amazon ECS API reference, ContainerDefinition `stopTimeout`. */
const FARGATE_STOP_TIMEOUT = { min: 1, max: 120 };

export function readContainer(
  calls: readonly unknown[],
  around: ContainerSurroundings,
  issues: Issues,
): ContainerSpec {
  const merged = mergeCalls(calls, "container", issues, ["environment", "secrets"]);
  const options = new OptionsReader<ContainerOptions>(merged, "container", issues);
  const name = options.name("name", ECS_NAME) ?? around.deployment;
  const said = options.raw("port") !== undefined;
  const port = said ? options.integer("port", PORT) : exposedPort(around.dockerfile);
  if (around.hasLoadBalancer && !said && port === undefined) reportNoPort(around.dockerfile, options);
  const size = around.capacity === "fargate" ? readFargateSize(options) : readEc2Size(options);
  const command = options.words("command");
  const entryPoint = options.words("entryPoint");
  const environment = readEnvironment(options.raw("environment"), options.pathOf("environment"), issues);
  const secrets = readSecrets(options.raw("secrets"), options.pathOf("secrets"), issues);
  for (const secret of Object.keys(secrets)) {
    // ECS refuses the task definition.
    if (!Object.hasOwn(environment, secret)) continue;
    issues.add(
      `container.secrets.${secret}`,
      "is also an environment variable: a name can be one of both only",
    );
  }
  const healthCheck = readHealthCheck(options.raw("healthCheck"), issues);
  const stopTimeout = options.duration(
    "stopTimeout",
    around.capacity === "fargate" ? FARGATE_STOP_TIMEOUT : { min: 1 },
  );
  const user = options.string("user", 'a user or "user:group"');
  options.close();
  return { name, port, ...size, command, entryPoint, environment, secrets, healthCheck, stopTimeout, user };
}

/** The port that the Dockerfile exposes, if it is one. */
function exposedPort(dockerfile: DockerfileInput | undefined): number | undefined {
  if (typeof dockerfile !== "object" || !("ports" in dockerfile)) return undefined;
  return dockerfile.ports.length === 1 ? dockerfile.ports[0] : undefined;
}

function reportNoPort(
  dockerfile: DockerfileInput | undefined,
  options: OptionsReader<ContainerOptions>,
): void {
  const how = "call .port(8080), or .container({ port: 8080 })";
  if (dockerfile === undefined)
    return options.issue("port", `a load balancer needs the container's port: ${how}`);
  // A Dockerfile that cannot be read is reported itself.
  if (typeof dockerfile !== "object" || !("ports" in dockerfile)) return;
  const why =
    dockerfile.ports.length === 0
      ? "the Dockerfile exposes none"
      : `the Dockerfile exposes several (${dockerfile.ports.join(", ")})`;
  options.issue("port", `a load balancer needs the container's port, and ${why}: ${how}`);
}

/** Source of the ranges: ECS API reference, HealthCheck. */
function readHealthCheck(value: unknown, issues: Issues): ContainerHealthCheckSpec | undefined {
  if (value === undefined) return undefined;
  const path = "container.healthCheck";
  if (typeof value !== "string" && !isPlainObject(value)) {
    issues.add(
      path,
      `must be a shell line or { command, interval, timeout, retries, startPeriod }; got ${show(value)}`,
    );
    return undefined;
  }
  const options = new OptionsReader<ContainerHealthCheckOptions>(
    typeof value === "string" ? { command: value } : value,
    path,
    issues,
  );
  const healthCheck: ContainerHealthCheckSpec = {
    command: readCommand(options),
    interval: options.duration("interval", { min: 5, max: 300 }) ?? 30,
    timeout: options.duration("timeout", { min: 2, max: 60 }) ?? 5,
    retries: options.integer("retries", { min: 1, max: 10 }) ?? 3,
    startPeriod: options.duration("startPeriod", { min: 0, max: 300 }),
  };
  options.close();
  return healthCheck;
}

function readCommand(options: OptionsReader<ContainerHealthCheckOptions>): readonly string[] {
  const command = options.raw("command");
  if (typeof command === "string" && command.trim() !== "") return ["CMD-SHELL", command];
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === "string")) {
    return command[0] === "CMD" || command[0] === "CMD-SHELL" ? command : ["CMD", ...command];
  }
  options.issue(
    "command",
    `must be a shell line or an array of words: ["node", "check.mjs"]; got ${show(command)}`,
  );
  return [];
}
