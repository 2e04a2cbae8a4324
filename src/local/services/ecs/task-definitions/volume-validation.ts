import type { RegisterTaskDefinitionCommandInput, Volume } from "@aws-sdk/client-ecs";
import { clientException } from "../service-errors.js";

const kinds = [
  "host",
  "dockerVolumeConfiguration",
  "efsVolumeConfiguration",
  "fsxWindowsFileServerVolumeConfiguration",
  "s3filesVolumeConfiguration",
] as const;

export function checkVolumes({ volumes = [] }: RegisterTaskDefinitionCommandInput): void {
  const names = volumes.map(({ name }) => name ?? "");
  for (const [index, volume] of volumes.entries()) {
    const { name = "" } = volume;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw clientException(`Invalid volume name '${name}'.`);
    if (names.indexOf(name) !== index) throw clientException(`Duplicate volume name '${name}'.`);
    checkVolume(name, volume);
  }
  if (volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1)
    throw clientException("Only one volume can be configured at launch in a task definition.");
}

function checkVolume(name: string, volume: Volume): void {
  const given = kinds.filter((kind) => Object.keys(volume[kind] ?? {}).length > 0);
  if (given.length > 1)
    throw clientException(`Volume '${name}' has several configurations: ${given.join(", ")}.`);
  if (volume.configuredAtLaunch === true && given.length > 0)
    throw clientException(`Volume '${name}' is configured at launch and cannot have ${given[0]}.`);
  const docker = volume.dockerVolumeConfiguration;
  if (docker?.autoprovision === true && docker.scope !== "shared")
    throw clientException(`Volume '${name}': autoprovision can only be used with scope shared.`);
  const efs = volume.efsVolumeConfiguration;
  if (efs === undefined) return;
  if (!/^fs-[0-9a-f]{8,40}$/.test(efs.fileSystemId ?? ""))
    throw clientException(`Invalid EFS file system ID '${efs.fileSystemId}' for volume '${name}'.`);
  const { accessPointId, iam } = efs.authorizationConfig ?? {};
  const isEncrypted = efs.transitEncryption === "ENABLED";
  if (accessPointId !== undefined && efs.rootDirectory !== undefined && efs.rootDirectory !== "/")
    throw clientException(
      "EFS root directory must be omitted or set to '/' when an access point is specified in authorizationConfig.",
    );
  if ((accessPointId !== undefined || iam === "ENABLED") && !isEncrypted)
    throw clientException(
      "EFS volume transit encryption must be enabled when using EFS access points or IAM authorization.",
    );
  if (efs.transitEncryptionPort !== undefined && !isEncrypted)
    throw clientException("EFS transitEncryptionPort can only be set when transit encryption is enabled.");
}
