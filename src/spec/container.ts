import {
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
import type { DockerfileInput } from "./input.js";
import { ECS_NAME } from "./names.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseEc2Size, parseFargateSize } from "./size.js";

/** How the main container runs. Sizes are ECS's units: cpu 1024 = 1 vCPU, memory in MiB. */
export interface ContainerOptions {
  /**
   * The container's name in the task definition: 1 to 255 letters, digits, hyphens and underscores.
   * @defaultValue the deployment's name
   */
  readonly name?: string | undefined;
  /**
   * The port that the process listens on, 1 to 65535. Needed behind a load balancer. On EC2 instances
   * ECS maps it to a free port of the instance, so that several tasks fit on one.
   */
  readonly port?: number | undefined;
  /**
   * On EC2: the container's CPU shares, a weight and not a limit. On Fargate: the task's size, 256 to
   * 16384, which is what AWS bills.
   * @defaultValue none on EC2; on Fargate the smallest size that has `memory`, 256 (0.25 vCPU) without
   */
  readonly cpu?: number | undefined;
  /**
   * Hard limit in MiB, 6 or more: a container that exceeds it is killed. On Fargate: the task's size.
   * @defaultValue none on EC2; on Fargate the smallest that goes with `cpu`
   */
  readonly memory?: number | undefined;
  /**
   * MiB that the instance sets aside, 6 or more and less than `memory`; the container may use more.
   * @defaultValue 256 on EC2 when `memory` is not given, otherwise none
   */
  readonly memoryReservation?: number | undefined;
  /** Instead of the image's `CMD`, one string per word. */
  readonly command?: readonly string[] | undefined;
  /** Instead of the image's `ENTRYPOINT`, one string per word. */
  readonly entryPoint?: readonly string[] | undefined;
  /** Environment variables. They can be read by whoever may read the task definition: use `secrets` for secrets. */
  readonly environment?: EnvironmentOptions | undefined;
  /** Environment variables whose values ECS fetches when it starts a task. */
  readonly secrets?: SecretsOptions | undefined;
  /**
   * A command inside the container that says whether it is healthy: a shell line, or its details. ECS
   * replaces tasks whose container is not. Not the load balancer's health check; see `behindAlb`.
   */
  readonly healthCheck?: string | ContainerHealthCheckOptions | undefined;
  /**
   * What other containers of the task must have come to before this one is started, by their names:
   * `START` (it runs), `HEALTHY` (its `healthCheck` passes), `COMPLETE` (it has ended) or `SUCCESS` (it has
   * ended with 0), the latter two only of sidecars that are not essential.
   *
   * On EC2 a container reaches those it depends on by their names, as host names.
   * @defaultValue none
   */
  readonly dependsOn?: DependenciesOptions | undefined;
  /**
   * Time between SIGTERM and SIGKILL, such as `"30s"`; on Fargate at most `"2m"`.
   * @defaultValue 30 seconds, by ECS
   */
  readonly stopTimeout?: string | undefined;
  /** User, or `user:group`, that the process runs as. @defaultValue the image's */
  readonly user?: string | undefined;
}

export interface ContainerSpec {
  readonly name: string;
  readonly port: number | undefined;
  /** EC2: the container's share. Fargate: the task's size (always set there). */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly memoryReservation: number | undefined;
  readonly command: readonly string[] | undefined;
  readonly entryPoint: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Environment name -> an ARN (Secrets Manager or Parameter Store) or a parameter's name. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly healthCheck: ContainerHealthCheckSpec | undefined;
  /** Container name -> what it must have come to before this one starts. */
  readonly dependsOn: Readonly<Record<string, DependencySpec>>;
  readonly stopTimeout: number | undefined;
  readonly user: string | undefined;
}

export interface ContainerSurroundings {
  readonly deployment: string;
  readonly capacity: "ec2" | "fargate";
  readonly hasLoadBalancer: boolean;
  /** What the Dockerfile of the image's directory says; `undefined` for an image from a registry. */
  readonly dockerfile: DockerfileInput | undefined;
}

export const PORT = { min: 1, max: 65_535 };

/** Their values are maps, which several calls merge entry by entry. */
export const BY_ENTRY = Object.freeze(["environment", "secrets", "dependsOn"]);

/** Source: Amazon ECS API reference, ContainerDefinition `stopTimeout`. */
const FARGATE_STOP_TIMEOUT = { min: 1, max: 120 };

export function parseContainer(
  calls: readonly unknown[],
  around: ContainerSurroundings,
  issues: Issues,
): ContainerSpec {
  const merged = mergeOptions(calls, "container", issues, BY_ENTRY);
  const options = new OptionsReader<ContainerOptions>(merged, "container", issues);
  const name = options.name("name", ECS_NAME) ?? around.deployment;
  const said = options.raw("port") !== undefined;
  const port = said ? options.integer("port", PORT) : exposedPort(around.dockerfile);
  if (around.hasLoadBalancer && !said && port === undefined) reportNoPort(around.dockerfile, options);
  const size = around.capacity === "fargate" ? parseFargateSize(options) : parseEc2Size(options);
  const process = parseProcess(options, around.capacity, issues);
  options.close();
  return { name, port, ...size, ...process };
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

/** What is said of the process in a container, whichever of a task's it is. */
export type ProcessSpec = Omit<ContainerSpec, "name" | "port" | "cpu" | "memory" | "memoryReservation">;

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
