import type { CapacityType } from "./capacity-type.js";
import {
  dockerfileHealthCheck,
  parseHealthCheck,
  type ContainerHealthCheckOptions,
  type ContainerHealthCheckSpec,
} from "./container-health-check.js";
import { parseDependencies, type DependenciesOptions, type DependencySpec } from "./dependencies.js";
import {
  parseEnvironment,
  parseSecrets,
  type EnvironmentOptions,
  type SecretsOptions,
  type SecretSource,
} from "./environment.js";
import type { DescribedByDockerfile, DockerfileInput } from "./input.js";
import { ECS_NAME } from "./names.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseContainerSize, parseEc2Size, parseFargateSize } from "./size.js";
import {
  parseSettings,
  SETTINGS_MAPS,
  type ContainerSettings,
  type ContainerSettingsSpec,
} from "./task/container-settings.js";
import { parsePorts, PORT, type PortOptions, type PortSpec } from "./task/ports.js";
import type { TaskSettingsSpec } from "./task/task-options.js";

/** The main container of a task. Sizes use ECS's units: `cpu` 1024 is 1 vCPU, `memory` is in MiB. */
export interface ContainerOptions extends ContainerSettings {
  /**
   * The container's name in the task definition: 1 to 255 letters, digits, hyphens and underscores.
   * @defaultValue the deployment's name
   */
  readonly name?: string | undefined;
  /**
   * The port that the process listens on, 1 to 65535. Required behind a load balancer. On EC2 instances, in the
   * network mode `bridge`, ECS maps it to a free port of the instance, so that several tasks can share one.
   * @defaultValue the port that the Dockerfile exposes, if the image is built from a directory
   */
  readonly port?: number | undefined;
  /**
   * Other ports of the container, and details of `port`: numbers, or objects. @defaultValue none
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").container({
   *   port: 8080,
   *   ports: [{ port: 8080, hostPort: 80 }, { port: 9090, name: "metrics" }, { port: 5353, protocol: "udp" }],
   * });
   * ```
   */
  readonly ports?: readonly (number | PortOptions)[] | undefined;
  /**
   * On EC2: the container's CPU shares, which are a weight and not a limit. On Fargate: the task's CPU,
   * 256 to 16384, which AWS bills; the container's own shares if `.task` has a size.
   * @defaultValue none on EC2; on Fargate the smallest value that supports `memory`, or 256 (0.25 vCPU)
   */
  readonly cpu?: number | undefined;
  /**
   * The hard limit in MiB, 6 or more: a container that exceeds it is killed. On Fargate: the task's memory,
   * which AWS bills.
   * @defaultValue none on EC2; on Fargate the smallest value that `cpu` supports
   */
  readonly memory?: number | undefined;
  /**
   * The MiB that are reserved on the instance, 6 or more and less than `memory`; the container may use more.
   * @defaultValue 256 on EC2 when neither `memory` nor `.task({ memory })` is given, otherwise none
   */
  readonly memoryReservation?: number | undefined;
  /** The command that replaces the image's `CMD`, one string per word. */
  readonly command?: readonly string[] | undefined;
  /** The entry point that replaces the image's `ENTRYPOINT`, one string per word. */
  readonly entryPoint?: readonly string[] | undefined;
  /** Environment variables. They are visible in the task definition: use `secrets` for secrets. */
  readonly environment?: EnvironmentOptions | undefined;
  /** Environment variables whose values ECS fetches when it starts a task. */
  readonly secrets?: SecretsOptions | undefined;
  /**
   * A health check command that ECS runs inside the container: a shell command line, or an object with
   * details. ECS replaces tasks whose container is unhealthy. `false` means none. For the load balancer's health
   * check, see `behindAlb`.
   * @defaultValue the `HEALTHCHECK` of the Dockerfile, if the image is built from a directory, with each value
   * beyond ECS's limits at the nearest limit; otherwise none: ECS ignores the health check of an image
   */
  readonly healthCheck?: string | ContainerHealthCheckOptions | false | undefined;
  /**
   * The conditions that other containers of the task, by name, must meet before this one starts: `START`
   * (it runs), `HEALTHY` (its `healthCheck` passes), `COMPLETE` (it has exited) or `SUCCESS` (it has exited
   * with code 0). The last two apply only to sidecars that are not essential.
   *
   * On EC2, the names of these containers are host names in this one.
   * @defaultValue none
   */
  readonly dependsOn?: DependenciesOptions | undefined;
  /**
   * The time between SIGTERM and SIGKILL, such as `"30s"`; on Fargate at most `"2m"`.
   * @defaultValue 30 seconds, which is ECS's default
   */
  readonly stopTimeout?: string | undefined;
  /** The user, or `user:group`, that the process runs as. @defaultValue the image's */
  readonly user?: string | undefined;
}

export interface ContainerSpec extends ContainerSettingsSpec {
  readonly name: string;
  readonly port: number | undefined;
  /** All ports; `port` is the first of them. */
  readonly ports: readonly PortSpec[];
  /** EC2: the container's CPU shares. Fargate: the task's CPU, unless `.task` has a size. */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly memoryReservation: number | undefined;
  readonly command: readonly string[] | undefined;
  readonly entryPoint: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** The sources of the secrets, by environment variable name. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly healthCheck: ContainerHealthCheckSpec | undefined;
  /** The conditions that other containers must meet before this one starts, by container name. */
  readonly dependsOn: Readonly<Record<string, DependencySpec>>;
  readonly stopTimeout: number | undefined;
  readonly user: string | undefined;
}

export interface ContainerContext {
  readonly deployment: string;
  readonly capacity: CapacityType;
  readonly hasLoadBalancer: boolean;
  /** What the directory's Dockerfile says of its container; `undefined` for an image from a registry. */
  readonly dockerfile: DockerfileInput | undefined;
  readonly task: Pick<TaskSettingsSpec, "hasOwnSize" | "memory" | "networkMode">;
}

/** The options with maps as values, which several calls merge key by key. */
export const MAP_OPTIONS = Object.freeze(["environment", "secrets", "dependsOn", ...SETTINGS_MAPS]);

/** Source: Amazon ECS API reference, ContainerDefinition `stopTimeout`. */
const FARGATE_STOP_TIMEOUT = { min: 1, max: 120 };

export function parseContainer(
  calls: readonly unknown[],
  context: ContainerContext,
  issues: Issues,
): ContainerSpec {
  const merged = mergeOptions(calls, "container", issues, MAP_OPTIONS);
  const options = new OptionsReader<ContainerOptions>(merged, "container", issues);
  const name = options.name("name", ECS_NAME) ?? context.deployment;
  const hasPort = options.raw("port") !== undefined;
  const port = hasPort ? options.integer("port", PORT) : exposedPort(context.dockerfile);
  if (context.hasLoadBalancer && !hasPort && port === undefined)
    reportMissingPort(context.dockerfile, options);
  const ports = parsePorts(
    options.raw("ports"),
    port,
    options.pathOf("ports"),
    context.task.networkMode,
    issues,
  );
  const size = sizeOf(options, context);
  const process = parseProcess(options, context.capacity, issues);
  const healthCheck = processHealthCheck(options, process, context.dockerfile, issues);
  options.close();
  return { name, port, ports, ...size, ...process, healthCheck };
}

function sizeOf(
  options: OptionsReader<ContainerOptions>,
  { capacity, task }: ContainerContext,
): Pick<ContainerSpec, "cpu" | "memory" | "memoryReservation"> {
  if (task.hasOwnSize) {
    // With memory for the task, ECS requires none for its containers.
    return task.memory === undefined ? parseEc2Size(options) : parseContainerSize(options, undefined);
  }
  return capacity === "fargate" ? parseFargateSize(options) : parseEc2Size(options);
}

/** The health check that is described, or else that of the Dockerfile. */
export const processHealthCheck = (
  options: OptionsReader<Pick<ContainerOptions, "healthCheck">>,
  process: ProcessSpec,
  dockerfile: DockerfileInput | undefined,
  issues: Issues,
): ContainerHealthCheckSpec | undefined =>
  options.raw("healthCheck") !== undefined
    ? process.healthCheck
    : dockerfileHealthCheck(describedBy(dockerfile), issues);

const describedBy = (dockerfile: DockerfileInput | undefined): DescribedByDockerfile | undefined =>
  typeof dockerfile === "object" && "ports" in dockerfile ? dockerfile : undefined;

/** The port that the Dockerfile exposes, if it exposes exactly one. */
export function exposedPort(dockerfile: DockerfileInput | undefined): number | undefined {
  const { ports = [] } = describedBy(dockerfile) ?? {};
  return ports.length === 1 ? ports[0] : undefined;
}

function reportMissingPort(
  dockerfile: DockerfileInput | undefined,
  options: OptionsReader<ContainerOptions>,
): void {
  const how = "call .port(8080), or .container({ port: 8080 })";
  if (dockerfile === undefined) return options.issue("port", `is required behind a load balancer: ${how}`);
  const described = describedBy(dockerfile);
  // A Dockerfile that cannot be read is already reported as an issue of its own.
  if (described === undefined) return;
  const why =
    described.ports.length === 0
      ? "the Dockerfile exposes no port"
      : `the Dockerfile exposes several ports (${described.ports.join(", ")})`;
  options.issue("port", `is required behind a load balancer, and ${why}: ${how}`);
}

/** The part of a spec that main containers and sidecars have in common. */
export type ProcessSpec = Omit<
  ContainerSpec,
  "name" | "port" | "ports" | "cpu" | "memory" | "memoryReservation"
>;

export function parseProcess(
  options: OptionsReader<Omit<ContainerOptions, "name">>,
  capacity: CapacityType,
  issues: Issues,
): ProcessSpec {
  const command = options.words("command");
  const entryPoint = options.words("entryPoint");
  const environment = parseEnvironment(options.raw("environment"), options.pathOf("environment"), issues);
  const secrets = parseSecrets(options.raw("secrets"), options.pathOf("secrets"), issues);
  for (const secret of Object.keys(secrets)) {
    // ECS rejects a task definition with both.
    if (!Object.hasOwn(environment, secret)) continue;
    issues.add(
      `${options.pathOf("secrets")}.${secret}`,
      "is also set in environment: a name can be either an environment variable or a secret",
    );
  }
  const healthCheck = parseHealthCheck(options.raw("healthCheck"), options.pathOf("healthCheck"), issues);
  const dependsOn = parseDependencies(options.raw("dependsOn"), options.pathOf("dependsOn"), issues);
  const stopTimeout = options.duration(
    "stopTimeout",
    capacity === "fargate" ? FARGATE_STOP_TIMEOUT : { min: 1 },
  );
  const user = options.string("user", 'a user or "user:group"');
  const settings = parseSettings(options, capacity, issues);
  return {
    command,
    entryPoint,
    environment,
    secrets,
    healthCheck,
    dependsOn,
    stopTimeout,
    user,
    ...settings,
  };
}
