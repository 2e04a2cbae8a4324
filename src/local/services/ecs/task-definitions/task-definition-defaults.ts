import type {
  ContainerDefinition,
  NetworkMode,
  RegisterTaskDefinitionCommandInput,
  TaskDefinition,
  Volume,
} from "@aws-sdk/client-ecs";
import { cpuUnits, memoryMib } from "./task-size.js";

/** A task definition as AWS returns it, with the defaults filled in. */
export function withDefaults(input: RegisterTaskDefinitionCommandInput): TaskDefinition {
  const { tags: _tags, ...rest } = structuredClone(input);
  return {
    ...rest,
    containerDefinitions: (rest.containerDefinitions ?? []).map((container) =>
      containerWithDefaults(container, rest.networkMode),
    ),
    volumes: (rest.volumes ?? []).map(volumeWithDefaults),
    placementConstraints: rest.placementConstraints ?? [],
    ...(rest.cpu === undefined ? {} : { cpu: String(cpuUnits(rest.cpu)) }),
    ...(rest.memory === undefined ? {} : { memory: String(memoryMib(rest.memory)) }),
    enableFaultInjection: rest.enableFaultInjection ?? false,
    compatibilities: [
      "EC2",
      ...(["FARGATE", "MANAGED_INSTANCES"] as const).filter((each) =>
        rest.requiresCompatibilities?.includes(each),
      ),
    ],
  };
}

function volumeWithDefaults(volume: Volume): Volume {
  const { efsVolumeConfiguration: efs } = volume;
  if (efs !== undefined) return { ...volume, efsVolumeConfiguration: { rootDirectory: "/", ...efs } };
  const isOther =
    volume.dockerVolumeConfiguration ?? volume.s3filesVolumeConfiguration ?? volume.configuredAtLaunch;
  return isOther === undefined ? { host: {}, ...volume } : volume;
}

function containerWithDefaults(
  container: ContainerDefinition,
  networkMode: NetworkMode | undefined,
): ContainerDefinition {
  const { healthCheck } = container;
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    // AWS does not keep the order of the request here.
    environment: [...(container.environment ?? [])].sort((one, other) =>
      (one.name ?? "").localeCompare(other.name ?? ""),
    ),
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    // A log router reads the logs of the others as root.
    ...(container.firelensConfiguration !== undefined && { user: container.user ?? "0" }),
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      ...mapping,
      ...(mapping.containerPortRange === undefined && {
        hostPort:
          mapping.hostPort ||
          (networkMode === "awsvpc" || networkMode === "host" ? mapping.containerPort : 0),
      }),
      protocol: mapping.protocol ?? "tcp",
    })),
    ...(healthCheck === undefined
      ? {}
      : { healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck } }),
  };
}
