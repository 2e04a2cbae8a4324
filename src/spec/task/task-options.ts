import { unmanagedAttribute, unmanagedAttributeProblem } from "../unmanaged-attribute.js";
import type { CapacityType } from "../capacity-type.js";
import { parseFargateSize } from "../size.js";
import { formatValue } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { mergeOptions } from "../parsing/merge-options.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { ROLE_ARN, roleArnProblem } from "../role-arn.js";

export type NetworkMode = "awsvpc" | "bridge" | "host" | "none";

/** The task as a whole. Sizes use ECS's units: `cpu` 1024 is 1 vCPU, `memory` is in MiB. */
export interface TaskSettings {
  /**
   * The CPU units of all containers together: on EC2, 128 to 196608, a limit for the task; on Fargate, 256 to
   * 16384, which AWS bills. With `cpu` or `memory` set here, those of `.container` are the container's own.
   * @defaultValue none on EC2; on Fargate `container.cpu`
   */
  readonly cpu?: number | undefined;
  /**
   * The MiB of all containers together, a hard limit.
   * @defaultValue none on EC2; on Fargate `container.memory`
   */
  readonly memory?: number | undefined;
  /**
   * The network of the task's containers. `"awsvpc"`: a network interface of the task's own, with a security
   * group of its own; the containers reach each other at `localhost`. On EC2, such a task takes one of the
   * instance's network interfaces and has no public IP address. `"bridge"`: Docker's network, and a port of the
   * instance for each port. `"host"`: the instance's own network, one task per port and instance. `"none"`: no network.
   * Source: Amazon ECS Developer Guide, "Amazon ECS task networking options for EC2".
   * @defaultValue `"awsvpc"` on Fargate, which has no other, and `"bridge"` on EC2
   */
  readonly networkMode?: NetworkMode | undefined;
  /**
   * The architecture that the task's images are for. Images from directories are built for it.
   * @defaultValue on Fargate that of the image's `platform`, or `"x86_64"`; on EC2 the instances'
   */
  readonly architecture?: "x86_64" | "arm64" | undefined;
  /** GiB of ephemeral storage, 21 to 200, on Fargate. AWS bills what exceeds 20. @defaultValue 20 */
  readonly ephemeralStorage?: number | undefined;
  /**
   * The ARN of an existing task execution role (ECS takes no name for it), which is used as it is: it must permit pulling the images,
   * writing the logs and reading the secrets.
   * @defaultValue a role that quayside creates, owns and keeps to the least permissions, if the task needs one
   */
  readonly executionRole?: string | undefined;
  /** The containers' process namespace: shared by the `"task"`, or, on EC2, the instance's (`"host"`). @defaultValue one for each container */
  readonly pidMode?: "task" | "host" | undefined;
  /** The containers' IPC namespace, on EC2. @defaultValue the Docker daemon's setting */
  readonly ipcMode?: "task" | "host" | "none" | undefined;
  /**
   * Expressions in ECS's cluster query language that an instance must match for tasks of this definition: at most 10,
   * on EC2. For those of the service alone, see `.service({ placement })`.
   * @defaultValue none
   */
  readonly placementConstraints?: readonly string[] | undefined;
  /** True to accept requests of AWS's Fault Injection Service inside the task. @defaultValue `false` */
  readonly faultInjection?: boolean | undefined;
  /**
   * The capacities that ECS checks the task definition against.
   * @defaultValue `["FARGATE"]` on Fargate, `["MANAGED_INSTANCES"]` on Managed Instances, none on EC2
   */
  readonly compatibilities?: readonly ("EC2" | "FARGATE" | "EXTERNAL" | "MANAGED_INSTANCES")[] | undefined;
}

export interface TaskSettingsSpec {
  /** The task's size; always set on Fargate. */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  /** True if `.task` has sizes: the main container's are then its own. */
  readonly hasOwnSize: boolean;
  readonly networkMode: NetworkMode;
  readonly architecture: "x86_64" | "arm64" | undefined;
  readonly ephemeralStorage: number | undefined;
  readonly executionRole: string | undefined;
  readonly pidMode: "task" | "host" | undefined;
  readonly ipcMode: "task" | "host" | "none" | undefined;
  readonly placementConstraints: readonly string[];
  readonly faultInjection: boolean | undefined;
  readonly compatibilities: readonly string[] | undefined;
}

/** Source: Amazon ECS API reference, RegisterTaskDefinition `cpu`. */
const EC2_CPU = { min: 128, max: 196_608 };
/** Source: Amazon ECS API reference, EphemeralStorage. */
const STORAGE = { min: 21, max: 200 };
const MAX_CONSTRAINTS = 10;
const COMPATIBILITIES = ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];
export function parseTask(
  calls: readonly unknown[],
  capacity: CapacityType,
  issues: Issues,
): TaskSettingsSpec {
  const options = new OptionsReader<TaskSettings>(mergeOptions(calls, "task", issues), "task", issues);
  const hasOwnSize = options.raw("cpu") !== undefined || options.raw("memory") !== undefined;
  const size = parseSize(options, capacity, hasOwnSize);
  const networkMode = parseNetworkMode(options, capacity);
  const architecture = options.oneOf("architecture", ["x86_64", "arm64"]);
  const ephemeralStorage = options.integer("ephemeralStorage", STORAGE, " (GiB)");
  const executionRole = options.string("executionRole");
  if (executionRole !== undefined && !ROLE_ARN.test(executionRole))
    options.issue("executionRole", roleArnProblem(executionRole));
  const pidMode = options.oneOf("pidMode", ["task", "host"]);
  const ipcMode = options.oneOf("ipcMode", ["task", "host", "none"]);
  const placementConstraints = options.strings("placementConstraints") ?? [];
  const faultInjection = options.boolean("faultInjection");
  const compatibilities = options.strings("compatibilities");
  options.close();
  if (placementConstraints.length > MAX_CONSTRAINTS)
    options.issue(
      "placementConstraints",
      `must be at most ${MAX_CONSTRAINTS}, which is ECS's limit; got ${placementConstraints.length}`,
    );
  const unknown = compatibilities?.find((each) => !COMPATIBILITIES.includes(each));
  if (unknown !== undefined)
    options.issue(
      "compatibilities",
      `must be some of ${COMPATIBILITIES.join(", ")}; got ${formatValue(unknown)}`,
    );
  reportUnsupported(options, capacity);
  if (faultInjection === true && networkMode !== "awsvpc" && networkMode !== "host")
    options.issue("faultInjection", `needs the network mode awsvpc or host; the task has ${networkMode}`);
  return {
    ...size,
    hasOwnSize,
    networkMode,
    architecture,
    ephemeralStorage,
    executionRole,
    pidMode,
    ipcMode,
    placementConstraints,
    faultInjection,
    compatibilities,
  };
}

function parseSize(
  options: OptionsReader<TaskSettings>,
  capacity: CapacityType,
  hasOwnSize: boolean,
): Pick<TaskSettingsSpec, "cpu" | "memory"> {
  if (!hasOwnSize) return { cpu: undefined, memory: undefined };
  if (capacity === "fargate") {
    const { cpu, memory } = parseFargateSize(options as never);
    return { cpu, memory };
  }
  return {
    cpu: options.integer("cpu", EC2_CPU, " (1024 = 1 vCPU)"),
    memory: options.integer("memory", { min: 6 }, " (MiB)"),
  };
}

function parseNetworkMode(options: OptionsReader<TaskSettings>, capacity: CapacityType): NetworkMode {
  const mode = options.oneOf("networkMode", ["awsvpc", "bridge", "host", "none"]);
  if (capacity === "ec2") return mode ?? "bridge";
  if (capacity === "managed-instances") {
    if (mode === undefined || mode === "awsvpc" || mode === "host") return mode ?? "awsvpc";
    options.issue("networkMode", `must be awsvpc or host on Managed Instances; got ${formatValue(mode)}`);
    return "awsvpc";
  }
  if (mode !== undefined && mode !== "awsvpc")
    options.issue("networkMode", `must be awsvpc on Fargate, which has no other; got ${formatValue(mode)}`);
  return "awsvpc";
}

function reportUnsupported(options: OptionsReader<TaskSettings>, capacity: CapacityType): void {
  if (capacity !== "fargate" && options.raw("ephemeralStorage") !== undefined)
    options.issue(
      "ephemeralStorage",
      "is only supported on Fargate: on EC2, a task uses the instance's volume, or .volume(name, { ebs: { size } })",
    );
  if (capacity === "ec2") return;
  const compatibilities = options.raw("compatibilities");
  const [required, where] =
    capacity === "fargate" ? ["FARGATE", "Fargate"] : ["MANAGED_INSTANCES", "Managed Instances"];
  if (Array.isArray(compatibilities) && !compatibilities.includes(required))
    options.issue("compatibilities", `must include ${required} on ${where}`);
  if (capacity === "managed-instances") return reportUnmanaged(options);
  const remove = "is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()";
  if (options.raw("ipcMode") !== undefined) options.issue("ipcMode", remove);
  if (options.raw("pidMode") === "host") options.issue("pidMode", 'must be "task" on Fargate; got "host"');
  const constraints = options.raw("placementConstraints");
  if (Array.isArray(constraints) && constraints.length > 0) options.issue("placementConstraints", remove);
}

/** Source: Amazon ECS Developer Guide, "Amazon ECS task definition differences for Amazon ECS Managed Instances". */
function reportUnmanaged(options: OptionsReader<TaskSettings>): void {
  if (options.raw("ipcMode") !== undefined)
    options.issue(
      "ipcMode",
      "is not supported on Managed Instances: remove it, or use instances, new Cluster(name).ec2()",
    );
  const constraints = options.raw("placementConstraints");
  const other = (Array.isArray(constraints) ? constraints : [])
    .map(unmanagedAttribute)
    .find((attribute) => attribute !== undefined);
  if (other !== undefined) options.issue("placementConstraints", unmanagedAttributeProblem(other));
}

/** The task's size on Fargate is the main container's, if `.task` has none. */
export const withContainerSize = (
  task: TaskSettingsSpec,
  { cpu, memory }: Pick<TaskSettingsSpec, "cpu" | "memory">,
  capacity: CapacityType,
): TaskSettingsSpec => (capacity === "fargate" && !task.hasOwnSize ? { ...task, cpu, memory } : task);

/** True if the tasks have a network interface, and a security group, of their own. */
export const hasOwnInterface = ({
  task,
}: {
  readonly task: Pick<TaskSettingsSpec, "networkMode">;
}): boolean => task.networkMode === "awsvpc";

/** How a load balancer reaches the tasks: at their own addresses, or at ports of their instances. */
export const targetTypeOf = (spec: {
  readonly task: Pick<TaskSettingsSpec, "networkMode">;
}): "ip" | "instance" => (hasOwnInterface(spec) ? "ip" : "instance");
