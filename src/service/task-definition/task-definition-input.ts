import type { Compatibility, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { CapacityType } from "../../spec/capacity-type.js";
import type { TaskSpec } from "../../spec/deployment-spec.js";
import { containerDefinition } from "./container-definition.js";
import { dependencyLinks, mainLinks } from "./container-links.js";
import { volumeDefinition } from "./volumes.js";

export interface TaskDefinitionOptions {
  readonly region: string;
  /** Pulls the image, reads secrets and writes logs; required on Fargate, unless `.task` has one. */
  readonly executionRoleArn?: string | undefined;
  /** The role of the task's own processes. */
  readonly taskRoleArn?: string | undefined;
  /** True if ECS Exec may start processes in it. @defaultValue `false` */
  readonly exec?: boolean;
  /** The image's architecture. @defaultValue `X86_64` on Fargate */
  readonly architecture?: "X86_64" | "ARM64" | undefined;
  /** The images, pinned by their digests, by container name. @defaultValue the chain's references */
  readonly images?: ReadonlyMap<string, string>;
}

/** The task definition that a deployment or a job describes. */
export function taskDefinitionInput(
  spec: TaskSpec,
  {
    region,
    executionRoleArn,
    taskRoleArn,
    exec = false,
    architecture = architectureOf(spec),
    images = new Map(),
  }: TaskDefinitionOptions,
): RegisterTaskDefinitionCommandInput {
  const { networkMode, hasOwnSize } = spec.task;
  const fargate = spec.cluster.capacity.type === "fargate";
  const shared = { region, networkMode, exec, logs: spec.logs };
  const linked = networkMode === "bridge";
  const volumes = spec.volumes.map(volumeDefinition);
  return {
    family: spec.name,
    containerDefinitions: [
      containerDefinition(
        {
          ...spec.container,
          image: { ...spec.image, reference: images.get(spec.container.name) ?? spec.image.reference },
          essential: true,
        },
        {
          ...shared,
          // On Fargate, its size is set on the task.
          hasSize: !fargate || hasOwnSize,
          links: spec.container.links ?? (linked ? mainLinks(spec) : []),
        },
      ),
      ...spec.sidecars.map((sidecar) => {
        const reference = images.get(sidecar.name) ?? sidecar.image.reference;
        return containerDefinition(
          { ...sidecar, image: { ...sidecar.image, reference } },
          { ...shared, hasSize: true, links: sidecar.links ?? (linked ? dependencyLinks(sidecar) : []) },
        );
      }),
    ],
    ...(volumes.length > 0 && { volumes }),
    ...(executionRoleArn !== undefined && { executionRoleArn }),
    ...(taskRoleArn !== undefined && { taskRoleArn }),
    ...taskFields(spec, architecture),
  };
}

function taskFields(
  { task, cluster }: TaskSpec,
  cpuArchitecture: "X86_64" | "ARM64" | undefined,
): Partial<RegisterTaskDefinitionCommandInput> {
  // None for instances, as in the tutorial: it adds no check.
  const compatibilities = task.compatibilities ?? COMPATIBILITIES[cluster.capacity.type];
  return {
    networkMode: task.networkMode,
    ...(compatibilities.length > 0 && { requiresCompatibilities: compatibilities as Compatibility[] }),
    ...(task.cpu !== undefined && { cpu: String(task.cpu) }),
    ...(task.memory !== undefined && { memory: String(task.memory) }),
    ...(cpuArchitecture !== undefined && {
      runtimePlatform: { operatingSystemFamily: "LINUX" as const, cpuArchitecture },
    }),
    ...(task.ephemeralStorage !== undefined && { ephemeralStorage: { sizeInGiB: task.ephemeralStorage } }),
    ...(task.pidMode !== undefined && { pidMode: task.pidMode }),
    ...(task.ipcMode !== undefined && { ipcMode: task.ipcMode }),
    ...(task.placementConstraints.length > 0 && {
      placementConstraints: task.placementConstraints.map((expression) => ({
        type: "memberOf" as const,
        expression,
      })),
    }),
    ...(task.faultInjection !== undefined && { enableFaultInjection: task.faultInjection }),
  };
}

const COMPATIBILITIES: Readonly<Record<CapacityType, readonly string[]>> = Object.freeze({
  ec2: [],
  fargate: ["FARGATE"],
  "managed-instances": ["MANAGED_INSTANCES"],
});

/** The architecture that the image is for: Fargate and Managed Instances have both, and instances have one. */
function architectureOf({ image, task, cluster }: TaskSpec): "X86_64" | "ARM64" | undefined {
  if (task.architecture !== undefined) return task.architecture === "arm64" ? "ARM64" : "X86_64";
  if (cluster.capacity.type === "ec2") return undefined;
  return image.build?.platform === "linux/arm64" ? "ARM64" : "X86_64";
}
