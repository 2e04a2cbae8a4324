import type { ContainerDefinition, Volume } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import type { ContainerSettings, Mount, TaskToRun } from "../../../runtime/task-runtime.js";
import { namesFile } from "../registries/names-file.js";
import type { TaskRecord } from "../state.js";

/** What a container that really runs gets beside its process: ports, mounts, limits and settings. */
export function realContainer(
  account: Account,
  task: TaskRecord,
  container: ContainerDefinition,
): Pick<TaskToRun, "ports" | "mounts" | "workingDirectory" | "ulimits" | "settings" | "namesFile"> {
  return {
    ports: (container.portMappings ?? []).flatMap(({ containerPort, protocol = "tcp" }) =>
      containerPort === undefined ? [] : [{ port: containerPort, protocol }],
    ),
    mounts: mountsOf(account, task, container),
    namesFile: namesFile(account, task),
    workingDirectory: container.workingDirectory,
    ulimits: (container.ulimits ?? []).map(({ name = "", softLimit = 0, hardLimit = 0 }) => ({
      name,
      soft: softLimit,
      hard: hardLimit,
    })),
    settings: settingsOf(container),
  };
}

/** Its own mounts, and those of the containers that it takes volumes from. */
function mountsOf(
  account: Account,
  task: TaskRecord,
  { mountPoints = [], volumesFrom = [] }: ContainerDefinition,
): readonly Mount[] {
  const { containerDefinitions = [], volumes = [] } = task.taskDefinition.description;
  const own = mountPoints.map(({ sourceVolume, containerPath = "", readOnly = false }) => ({
    directory: directoryOf(account, task, volumes.find(({ name }) => name === sourceVolume) ?? {}),
    path: containerPath,
    readOnly,
  }));
  const others = volumesFrom.flatMap(({ sourceContainer, readOnly = false }) => {
    const source = containerDefinitions.find(({ name }) => name === sourceContainer);
    const mounts = source === undefined ? [] : mountsOf(account, task, { ...source, volumesFrom: [] });
    return mounts.map((mount) => ({ ...mount, readOnly: readOnly || mount.readOnly }));
  });
  return [...own, ...others];
}

function directoryOf({ volumes }: Account, { description }: TaskRecord, volume: Volume): string {
  const { name = "", host, efsVolumeConfiguration: efs, s3filesVolumeConfiguration: s3 } = volume;
  if (efs !== undefined) {
    const place = efs.authorizationConfig?.accessPointId ?? efs.rootDirectory ?? "/";
    return volumes.shared(efs.fileSystemId ?? "", place);
  }
  if (s3 !== undefined) return volumes.shared("s3files", s3.accessPointArn ?? s3.fileSystemArn ?? "");
  const instance = nameOf(description.containerInstanceArn ?? "");
  if (host?.sourcePath !== undefined) return volumes.shared(instance, host.sourcePath);
  if (volume.dockerVolumeConfiguration?.scope === "shared") return volumes.shared(instance, `docker-${name}`);
  return volumes.ofTask(nameOf(description.taskArn ?? ""), name);
}

const settingsOf = (container: ContainerDefinition): ContainerSettings => {
  const { capabilities, initProcessEnabled, sharedMemorySize, tmpfs = [] } = container.linuxParameters ?? {};
  return {
    user: container.user,
    readOnly: container.readonlyRootFilesystem,
    privileged: container.privileged,
    init: initProcessEnabled,
    tty: container.pseudoTerminal,
    interactive: container.interactive,
    addCapabilities: capabilities?.add,
    dropCapabilities: capabilities?.drop,
    sharedMemory: sharedMemorySize,
    tmpfs: tmpfs.map(({ containerPath = "", size = 0, mountOptions = [] }) => ({
      path: containerPath,
      size,
      options: mountOptions,
    })),
    extraHosts: (container.extraHosts ?? []).map(({ hostname = "", ipAddress = "" }) => ({
      host: hostname,
      address: ipAddress,
    })),
    sysctls: Object.fromEntries(
      (container.systemControls ?? []).map(({ namespace = "", value = "" }) => [namespace, value]),
    ),
    labels: container.dockerLabels ?? {},
  };
};
