import type { CapacityType } from "./capacity-type.js";
import {
  exposedPort,
  MAP_OPTIONS,
  parseProcess,
  processHealthCheck,
  type ContainerOptions,
  type ContainerSpec,
} from "./container.js";
import { parseImageReference } from "./image-reference.js";
import { isDirectory, parseCredentials, type ImageSpec } from "./image.js";
import { parseBuild, type DirectoryImageOptions } from "./build.js";
import type { DockerfileInput, TaskInput } from "./input.js";
import { ECS_NAME, nameProblem } from "./names.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseContainerSize } from "./size.js";
import { parsePorts, PORT } from "./task/ports.js";
import type { TaskSettingsSpec } from "./task/task-options.js";

/**
 * A sidecar: another container of the same task. Options that the main container has, too, have the same
 * meaning; the sizes are the sidecar's part of the task.
 */
export interface SidecarOptions extends Omit<
  ContainerOptions,
  "name" | "cpu" | "memory" | "memoryReservation"
> {
  /**
   * An image reference, such as `"registry.example.com/db-proxy:2"`, or a directory with a Dockerfile, as in
   * `.image(…)`. Required in one of the calls for a sidecar.
   */
  readonly image?: string | URL | undefined;
  /** How the image of a directory is built. @defaultValue as the main container's; the repository is `{deployment}/{sidecar}` */
  readonly build?: DirectoryImageOptions | undefined;
  /** The ARN of the Secrets Manager secret with the registry's `username` and `password`, for private registries other than ECR. */
  readonly credentials?: string | undefined;
  /** True if the task stops when this container exits. @defaultValue `true` */
  readonly essential?: boolean | undefined;
  /** The CPU shares, which are a weight and not a limit. On Fargate, the sum over all containers must not exceed the task's CPU. @defaultValue none */
  readonly cpu?: number | undefined;
  /** The hard limit in MiB, 6 or more; on Fargate at most the task's memory. @defaultValue none */
  readonly memory?: number | undefined;
  /**
   * The MiB that are reserved, 6 or more and less than `memory`; the container may use more.
   * @defaultValue 64 on EC2 when `memory` is not given, otherwise none
   */
  readonly memoryReservation?: number | undefined;
}

/** A sidecar container. On Fargate, its sizes are part of the task's. */
export interface SidecarSpec extends ContainerSpec {
  readonly image: ImageSpec;
  /** True if the task stops when this container exits. */
  readonly essential: boolean;
}

/** A task definition can have 10 containers, one of which is the main one. Source: ECS service quotas. */
const MAX_SIDECARS = 9;
/** MiB. Sidecars are small, and a reservation is not a limit. */
const DEFAULT_RESERVATION = 64;

interface TaskShape {
  readonly main: ContainerSpec;
  readonly capacity: CapacityType;
  readonly task: TaskSettingsSpec;
  readonly deployment: string;
}

/** Parses the sidecars, in the order in which they were first named. */
export function parseSidecars(
  calls: TaskInput["sidecars"],
  shape: TaskShape,
  issues: Issues,
): readonly SidecarSpec[] {
  const byName = new Map<string, unknown[]>();
  const dockerfiles = new Map(calls.map(({ name, dockerfile }) => [name, dockerfile]));
  for (const { name, options } of calls) {
    const problem = nameProblem(ECS_NAME, name);
    if (problem !== undefined) issues.add("sidecar", `the name ${problem}`);
    else if (name === shape.main.name)
      issues.add(`sidecar.${name}`, "must not have the main container's name: use a different name");
    else byName.set(name as string, [...(byName.get(name as string) ?? []), options]);
  }
  if (byName.size > MAX_SIDECARS)
    issues.add(
      "sidecar",
      `must be at most ${MAX_SIDECARS} sidecars, which is ECS's limit; got ${byName.size}`,
    );
  const sidecars = [...byName].map(([name, options]) =>
    parseSidecar(name, options, dockerfiles.get(name), shape, issues),
  );
  if (shape.task.networkMode === "awsvpc" || shape.task.networkMode === "host")
    reportPorts(sidecars, shape, issues);
  reportSizes(sidecars, shape, issues);
  return sidecars;
}

function parseSidecar(
  name: string,
  calls: readonly unknown[],
  dockerfile: DockerfileInput | undefined,
  { capacity, task, deployment }: TaskShape,
  issues: Issues,
): SidecarSpec {
  const path = `sidecar.${name}`;
  const options = new OptionsReader<SidecarOptions>(
    mergeOptions(calls, path, issues, MAP_OPTIONS),
    path,
    issues,
  );
  const image = parseSidecarImage(options, `${deployment}/${name}`, dockerfile, issues);
  const essential = options.boolean("essential") ?? true;
  const hasPort = options.raw("port") !== undefined;
  const port = hasPort ? options.integer("port", PORT) : exposedPort(dockerfile);
  const ports = parsePorts(options.raw("ports"), port, options.pathOf("ports"), task.networkMode, issues);
  const needsSize = capacity !== "fargate" && task.memory === undefined;
  const size = parseContainerSize(options, needsSize ? DEFAULT_RESERVATION : undefined);
  const process = parseProcess(options, capacity, issues);
  const healthCheck = processHealthCheck(options, process, dockerfile, issues);
  options.close();
  return { name, image, essential, port, ports, ...size, ...process, healthCheck };
}

function parseSidecarImage(
  options: OptionsReader<SidecarOptions>,
  name: string,
  dockerfile: DockerfileInput | undefined,
  issues: Issues,
): ImageSpec {
  const image = options.raw("image");
  const build = options.raw("build");
  const credentials = parseCredentials(options);
  if (isDirectory(image)) {
    if (credentials !== undefined)
      options.issue("credentials", "needs an image in a registry, and this one is built");
    if (typeof dockerfile === "object" && "problem" in dockerfile) options.issue("image", dockerfile.problem);
    const spec = parseBuild(image, build, name, issues, options.pathOf("build"));
    return { reference: image, credentials: undefined, build: spec };
  }
  if (build !== undefined) options.issue("build", "needs a directory as image, which is built");
  if (typeof image !== "string" || parseImageReference(image) === undefined)
    options.issue(
      "image",
      `must be an image reference, such as "registry.example.com/db-proxy:2", or a directory, such as "./db-proxy"; got ${formatValue(image)}`,
    );
  return { reference: typeof image === "string" ? image : "", credentials, build: undefined };
}

/** Reports ports that two containers use: with one network for the task, they share its ports. */
function reportPorts(
  sidecars: readonly SidecarSpec[],
  { main, capacity, task }: TaskShape,
  issues: Issues,
): void {
  const taken = new Map<string, string>();
  const where = capacity === "fargate" ? "on Fargate" : `in the network mode ${task.networkMode}`;
  const path = (name: string, isPort: boolean) =>
    `${name === main.name ? "container" : `sidecar.${name}`}.${isPort ? "port" : "ports"}`;
  for (const container of [main, ...sidecars])
    for (const { port, protocol } of container.ports) {
      const key = `${port}/${protocol}`;
      const other = taken.get(key);
      if (other === undefined) taken.set(key, container.name);
      else
        issues.add(
          path(container.name, port === container.port),
          `${port} is already used by ${other}: ${where}, the containers of a task share its ports`,
        );
    }
}

/** Reports containers that do not fit into the size of their task. Source: ECS API reference, ContainerDefinition `cpu` and `memory`. */
function reportSizes(sidecars: readonly SidecarSpec[], { main, task }: TaskShape, issues: Issues): void {
  const sum = (parts: readonly (number | undefined)[]) =>
    parts.reduce<number>((all, part = 0) => all + part, 0);
  // Without a size of the task, the main container's is the task's.
  const own = task.hasOwnSize ? [main, ...sidecars] : sidecars;
  const cpu = sum(own.map((each) => each.cpu));
  const memory = sum([
    ...(task.hasOwnSize ? [] : [main.memoryReservation]),
    ...own.map((each) => each.memoryReservation ?? each.memory),
  ]);
  const where = task.hasOwnSize ? "task" : "container";
  const report = (key: "cpu" | "memory", total: number, unit: string) => {
    const taskSize = task[key];
    if (taskSize === undefined || total <= taskSize) return;
    issues.add(
      `${where}.${key}`,
      `is ${taskSize}${unit}, but the task's containers need ${total}${unit}: increase .${where}({ ${key} }), or decrease the ${where === "task" ? "containers'" : "sidecars'"}`,
    );
  };
  report("cpu", cpu, " CPU units");
  report("memory", memory, " MiB");
  for (const { name, memory: limit, memoryReservation } of own) {
    // Without a reservation, the limit is part of the sum above.
    if (memoryReservation === undefined || limit === undefined || task.memory === undefined) continue;
    if (limit > task.memory)
      issues.add(
        `${name === main.name ? "container" : `sidecar.${name}`}.memory`,
        `must be at most the task's memory, ${task.memory} MiB; got ${limit}`,
      );
  }
}
