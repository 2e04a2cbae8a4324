import type { ContainerDefinition, LinuxParameters, ResourceRequirement } from "@aws-sdk/client-ecs";
import type { ContainerSettingsSpec } from "../../spec/task/container-settings.js";

/** The fields of a container definition for its files, limits, hosts and restarts. */
export function containerSettings(spec: ContainerSettingsSpec, exec: boolean): Partial<ContainerDefinition> {
  const linuxParameters = linuxOf(spec, exec);
  const extraHosts = Object.entries(spec.extraHosts).flatMap(([hostname, addresses]) =>
    addresses.map((ipAddress) => ({ hostname, ipAddress })),
  );
  const systemControls = Object.entries(spec.systemControls).map(([namespace, value]) => ({
    namespace,
    value,
  }));
  return withoutUnset({
    mountPoints: spec.mounts.map(({ path, volume, readOnly }) => ({
      sourceVolume: volume,
      containerPath: path,
      readOnly,
    })),
    volumesFrom: spec.volumesFrom.map(({ container, readOnly }) => ({
      sourceContainer: container,
      readOnly,
    })),
    workingDirectory: spec.workingDirectory,
    readonlyRootFilesystem: spec.readonlyRootFilesystem,
    privileged: spec.privileged,
    pseudoTerminal: spec.tty,
    interactive: spec.interactive,
    dockerLabels: Object.keys(spec.labels).length > 0 ? { ...spec.labels } : undefined,
    environmentFiles: spec.environmentFiles.map((value) => ({ value, type: "s3" as const })),
    extraHosts,
    hostname: spec.hostname,
    dnsServers: [...spec.dnsServers],
    dnsSearchDomains: [...spec.dnsSearchDomains],
    disableNetworking: spec.disableNetworking,
    dockerSecurityOptions: [...spec.dockerSecurityOptions],
    credentialSpecs: [...spec.credentialSpecs],
    restartPolicy: spec.restart && {
      enabled: spec.restart.enabled,
      ...withoutUnset({
        ignoredExitCodes: [...spec.restart.ignoredExitCodes],
        restartAttemptPeriod: spec.restart.attemptPeriod,
      }),
    },
    startTimeout: spec.startTimeout,
    versionConsistency: spec.versionConsistency,
    ulimits: spec.ulimits.map(({ name, soft, hard }) => ({ name, softLimit: soft, hardLimit: hard })),
    systemControls,
    resourceRequirements: spec.gpus === undefined ? undefined : [gpuRequirement(spec.gpus)],
    linuxParameters: Object.keys(linuxParameters).length > 0 ? linuxParameters : undefined,
    firelensConfiguration: spec.firelens && {
      type: spec.firelens.type,
      ...(Object.keys(spec.firelens.options).length > 0 && { options: { ...spec.firelens.options } }),
    },
  });
}

function gpuRequirement(gpus: NonNullable<ContainerSettingsSpec["gpus"]>): ResourceRequirement {
  if (typeof gpus !== "object") return { type: "GPU", value: gpus === "all" ? "ALL" : String(gpus) };
  const { memory, computePercent } = gpus;
  return {
    type: "GPU",
    sharingStrategy: {
      nvidiaMps: {
        memory,
        ...(computePercent !== undefined && { maxComputePercent: computePercent }),
      },
    },
  };
}

function linuxOf(spec: ContainerSettingsSpec, exec: boolean): LinuxParameters {
  const { add, drop } = spec.capabilities;
  return withoutUnset({
    capabilities: add.length + drop.length > 0 ? withoutUnset({ add: [...add], drop: [...drop] }) : undefined,
    devices: spec.devices.map(({ hostPath, containerPath, permissions }) => ({
      hostPath,
      ...withoutUnset({ containerPath, permissions: [...permissions] }),
    })),
    // An init process reaps the processes that a session leaves behind.
    initProcessEnabled: exec ? true : spec.init,
    sharedMemorySize: spec.sharedMemory,
    tmpfs: spec.tmpfs.map(({ path, size, mountOptions }) => ({
      containerPath: path,
      size,
      ...withoutUnset({ mountOptions: [...mountOptions] }),
    })),
    maxSwap: spec.maxSwap,
    swappiness: spec.swappiness,
  });
}

/** Without members that are undefined or an empty list. */
export const withoutUnset = <T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
