import { BY_ENTRY, parseProcess, PORT, type ContainerOptions, type ContainerSpec } from "./container.js";
import { parseImageReference } from "./image-reference.js";
import { isDirectory, SECRET_ARN, type ImageSpec } from "./image.js";
import type { TaskInput } from "./input.js";
import { ECS_NAME, nameProblem } from "./names.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseContainerSize } from "./size.js";

/**
 * Another container of the same task. What it shares with the main container's options means the same;
 * its sizes are its own part of the task's.
 */
export interface SidecarOptions extends Omit<
  ContainerOptions,
  "name" | "cpu" | "memory" | "memoryReservation"
> {
  /**
   * A registry reference, such as `"registry.example.com/db-proxy:2"`; a tag in ECR, in the deployment's
   * region, is resolved to its digest. One of the calls for a sidecar has to say it.
   */
  readonly image?: string | undefined;
  /** ARN of the Secrets Manager secret with the registry's `username` and `password`, for private registries other than ECR. */
  readonly credentials?: string | undefined;
  /** Whether the task ends when this container does. @defaultValue `true` */
  readonly essential?: boolean | undefined;
  /** CPU shares, a weight and not a limit. On Fargate a part of the task's, which all containers' parts must fit into. @defaultValue none */
  readonly cpu?: number | undefined;
  /** Hard limit in MiB, 6 or more; on Fargate at most the task's. @defaultValue none */
  readonly memory?: number | undefined;
  /**
   * MiB that are set aside, 6 or more and less than `memory`; the container may use more.
   * @defaultValue 64 on EC2 when `memory` is not given, otherwise none
   */
  readonly memoryReservation?: number | undefined;
}

/** Another container of the task. Its sizes are its own, on Fargate parts of the task's. */
export interface SidecarSpec extends ContainerSpec {
  readonly image: Pick<ImageSpec, "reference" | "credentials">;
  /** Whether the task ends with it. */
  readonly essential: boolean;
}

/** Source: ECS service quotas, containers of a task definition: 10, of which one is the main one. */
const MOST = 9;
/** MiB. Sidecars are small, and this is no limit. */
const DEFAULT_RESERVATION = 64;

interface TaskShape {
  readonly main: ContainerSpec;
  readonly capacity: "ec2" | "fargate";
}

/** The other containers of the task, in the order in which they were first named. */
export function parseSidecars(
  calls: TaskInput["sidecars"],
  around: TaskShape,
  issues: Issues,
): readonly SidecarSpec[] {
  const byName = new Map<string, unknown[]>();
  for (const { name, options } of calls) {
    const problem = nameProblem(ECS_NAME, name);
    if (problem !== undefined) issues.add("sidecar", `its name ${problem}`);
    else if (name === around.main.name)
      issues.add(`sidecar.${name}`, "is the main container's name: give one of them another name");
    else byName.set(name as string, [...(byName.get(name as string) ?? []), options]);
  }
  if (byName.size > MOST)
    issues.add("sidecar", `a task has at most ${MOST} sidecars (ECS's limit); got ${byName.size}`);
  const sidecars = [...byName].map(([name, options]) => parseSidecar(name, options, around, issues));
  if (around.capacity === "fargate") {
    reportPorts(sidecars, around.main, issues);
    reportParts(sidecars, around.main, issues);
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
    mergeOptions(calls, path, issues, BY_ENTRY),
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
      ? `must be a registry reference, such as "registry.example.com/db-proxy:2": only the main container's image is built from a directory; got ${formatValue(image)}`
      : `must be a registry reference, such as "registry.example.com/db-proxy:2"; got ${formatValue(image)}`,
  );
  return "";
}

function parseCredentials(options: OptionsReader<SidecarOptions>): string | undefined {
  const credentials = options.string("credentials");
  if (credentials === undefined || SECRET_ARN.test(credentials)) return credentials;
  options.issue(
    "credentials",
    `must be the ARN of a Secrets Manager secret; got ${formatValue(credentials)}`,
  );
  return undefined;
}

/** All containers of a Fargate task share one network interface. */
function reportPorts(sidecars: readonly SidecarSpec[], main: ContainerSpec, issues: Issues): void {
  const taken = new Map<number, string>(main.port === undefined ? [] : [[main.port, main.name]]);
  for (const { name, port } of sidecars) {
    if (port === undefined) continue;
    const other = taken.get(port);
    if (other === undefined) taken.set(port, name);
    else
      issues.add(
        `sidecar.${name}.port`,
        `${port} is ${other}'s: on Fargate a task's containers share its ports`,
      );
  }
}

/** Of a Fargate task every container has a part. Source: ECS API reference, ContainerDefinition `cpu` and `memory`. */
function reportParts(sidecars: readonly SidecarSpec[], main: ContainerSpec, issues: Issues): void {
  const sum = (parts: readonly (number | undefined)[]) =>
    parts.reduce<number>((all, part = 0) => all + part, 0);
  const cpu = sum(sidecars.map((each) => each.cpu));
  const memory = sum([
    main.memoryReservation,
    ...sidecars.map((each) => each.memoryReservation ?? each.memory),
  ]);
  const report = (key: "cpu" | "memory", parts: number, unit: string) => {
    const whole = main[key];
    if (whole === undefined || parts <= whole) return;
    issues.add(
      `container.${key}`,
      `the task's size is ${whole}${unit}, and its containers are given ${parts}${unit} of it: raise .container({ ${key} }), or lower the sidecars'`,
    );
  };
  report("cpu", cpu, " CPU units");
  report("memory", memory, " MiB");
  for (const { name, memory: limit, memoryReservation } of sidecars) {
    // One without a reservation is counted already.
    if (memoryReservation === undefined || limit === undefined || main.memory === undefined) continue;
    if (limit > main.memory)
      issues.add(`sidecar.${name}.memory`, `must be at most the task's, ${main.memory} MiB; got ${limit}`);
  }
}
