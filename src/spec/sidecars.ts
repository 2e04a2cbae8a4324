import { MAP_OPTIONS, parseProcess, PORT, type ContainerOptions, type ContainerSpec } from "./container.js";
import { parseImageReference } from "./image-reference.js";
import { isDirectory, parseCredentials, type ImageSpec } from "./image.js";
import type { TaskInput } from "./input.js";
import { ECS_NAME, nameProblem } from "./names.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseContainerSize } from "./size.js";

/**
 * A sidecar: another container of the same task. Options that the main container has, too, have the same
 * meaning; the sizes are the sidecar's part of the task.
 */
export interface SidecarOptions extends Omit<
  ContainerOptions,
  "name" | "cpu" | "memory" | "memoryReservation"
> {
  /**
   * An image reference, such as `"registry.example.com/db-proxy:2"`. A tag in ECR, in the deployment's
   * region, is resolved to its digest. Required in one of the calls for a sidecar.
   */
  readonly image?: string | undefined;
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
  readonly image: Pick<ImageSpec, "reference" | "credentials">;
  /** True if the task stops when this container exits. */
  readonly essential: boolean;
}

/** A task definition can have 10 containers, one of which is the main one. Source: ECS service quotas. */
const MAX_SIDECARS = 9;
/** MiB. Sidecars are small, and a reservation is not a limit. */
const DEFAULT_RESERVATION = 64;

interface TaskShape {
  readonly main: ContainerSpec;
  readonly capacity: "ec2" | "fargate";
}

/** Parses the sidecars, in the order in which they were first named. */
export function parseSidecars(
  calls: TaskInput["sidecars"],
  shape: TaskShape,
  issues: Issues,
): readonly SidecarSpec[] {
  const byName = new Map<string, unknown[]>();
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
  const sidecars = [...byName].map(([name, options]) => parseSidecar(name, options, shape, issues));
  if (shape.capacity === "fargate") {
    reportPorts(sidecars, shape.main, issues);
    reportSizes(sidecars, shape.main, issues);
  }
  return sidecars;
}

function parseSidecar(
  name: string,
  calls: readonly unknown[],
  { capacity }: TaskShape,
  issues: Issues,
): SidecarSpec {
  const path = `sidecar.${name}`;
  const options = new OptionsReader<SidecarOptions>(
    mergeOptions(calls, path, issues, MAP_OPTIONS),
    path,
    issues,
  );
  const image = { reference: parseReference(options), credentials: parseCredentials(options) };
  const essential = options.boolean("essential") ?? true;
  const port = options.integer("port", PORT);
  const size = parseContainerSize(options, capacity === "ec2" ? DEFAULT_RESERVATION : undefined);
  const process = parseProcess(options, capacity, issues);
  options.close();
  return { name, image, essential, port, ...size, ...process };
}

function parseReference(options: OptionsReader<SidecarOptions>): string {
  const image = options.raw("image");
  if (typeof image === "string" && parseImageReference(image) !== undefined) return image;
  options.issue(
    "image",
    isDirectory(image)
      ? `must be an image reference, such as "registry.example.com/db-proxy:2": only the main container's image can be built from a directory; got ${formatValue(image)}`
      : `must be an image reference, such as "registry.example.com/db-proxy:2"; got ${formatValue(image)}`,
  );
  return "";
}

/** Reports ports that two containers use: on Fargate, they share one network interface. */
function reportPorts(sidecars: readonly SidecarSpec[], main: ContainerSpec, issues: Issues): void {
  const taken = new Map<number, string>(main.port === undefined ? [] : [[main.port, main.name]]);
  for (const { name, port } of sidecars) {
    if (port === undefined) continue;
    const other = taken.get(port);
    if (other === undefined) taken.set(port, name);
    else
      issues.add(
        `sidecar.${name}.port`,
        `${port} is already used by ${other}: on Fargate, the containers of a task share its ports`,
      );
  }
}

/** Reports containers that do not fit into the size of their Fargate task. Source: ECS API reference, ContainerDefinition `cpu` and `memory`. */
function reportSizes(sidecars: readonly SidecarSpec[], main: ContainerSpec, issues: Issues): void {
  const sum = (parts: readonly (number | undefined)[]) =>
    parts.reduce<number>((all, part = 0) => all + part, 0);
  const cpu = sum(sidecars.map((each) => each.cpu));
  const memory = sum([
    main.memoryReservation,
    ...sidecars.map((each) => each.memoryReservation ?? each.memory),
  ]);
  const report = (key: "cpu" | "memory", total: number, unit: string) => {
    const taskSize = main[key];
    if (taskSize === undefined || total <= taskSize) return;
    issues.add(
      `container.${key}`,
      `is ${taskSize}${unit}, but the task's containers need ${total}${unit}: increase .container({ ${key} }), or decrease the sidecars'`,
    );
  };
  report("cpu", cpu, " CPU units");
  report("memory", memory, " MiB");
  for (const { name, memory: limit, memoryReservation } of sidecars) {
    // Without a reservation, the limit is part of the sum above.
    if (memoryReservation === undefined || limit === undefined || main.memory === undefined) continue;
    if (limit > main.memory)
      issues.add(
        `sidecar.${name}.memory`,
        `must be at most the task's memory, ${main.memory} MiB; got ${limit}`,
      );
  }
}
