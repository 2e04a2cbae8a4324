import type { ServiceManagedEBSVolumeConfiguration, Volume } from "@aws-sdk/client-ecs";
import type { VolumeSpec } from "../../spec/task/volumes.js";
import { withoutUnset } from "./container-settings.js";

/** A volume as the task definition describes it. */
export function volumeDefinition(volume: VolumeSpec): Volume {
  const { name } = volume;
  switch (volume.type) {
    case "empty":
      return { name };
    case "host":
      return { name, host: { sourcePath: volume.path } };
    case "ebs":
      return { name, configuredAtLaunch: true };
    case "docker":
      return {
        name,
        dockerVolumeConfiguration: withoutUnset({
          scope: volume.scope,
          autoprovision: volume.autoprovision,
          driver: volume.driver,
          driverOpts: volume.driverOptions && { ...volume.driverOptions },
          labels: volume.labels && { ...volume.labels },
        }),
      };
    case "efs": {
      const { fileSystem, accessPoint, rootDirectory, iam, transitEncryption, transitEncryptionPort } =
        volume;
      const authorizationConfig = withoutUnset({
        accessPointId: accessPoint,
        iam: iam ? ("ENABLED" as const) : undefined,
      });
      return {
        name,
        efsVolumeConfiguration: {
          fileSystemId: fileSystem,
          ...withoutUnset({ rootDirectory, transitEncryptionPort }),
          transitEncryption: transitEncryption ? "ENABLED" : "DISABLED",
          ...(Object.keys(authorizationConfig).length > 0 && { authorizationConfig }),
        },
      };
    }
    case "s3files":
      return {
        name,
        s3filesVolumeConfiguration: {
          fileSystemArn: volume.fileSystem,
          ...withoutUnset({
            rootDirectory: volume.rootDirectory,
            transitEncryptionPort: volume.transitEncryptionPort,
            accessPointArn: volume.accessPoint,
          }),
        },
      };
  }
}

/** The EBS volume that ECS creates for each task. */
export interface EbsVolume {
  readonly name: string;
  readonly managedEBSVolume: ServiceManagedEBSVolumeConfiguration;
}

/** The EBS volumes of a task, which it is launched with. */
export const ebsVolumes = (
  volumes: readonly VolumeSpec[],
  infrastructureRole: string | undefined,
  tags: Readonly<Record<string, string>>,
): EbsVolume[] =>
  volumes.flatMap((volume) =>
    volume.type === "ebs"
      ? [
          {
            name: volume.name,
            managedEBSVolume: {
              roleArn: volume.role ?? infrastructureRole ?? "",
              encrypted: volume.encrypted,
              volumeType: volume.volumeType,
              ...withoutUnset({
                kmsKeyId: volume.kmsKey,
                sizeInGiB: volume.size,
                snapshotId: volume.snapshot,
                volumeInitializationRate: volume.initializationRate,
                iops: volume.iops,
                throughput: volume.throughput,
              }),
              filesystemType: volume.filesystem,
              ...(Object.keys(tags).length > 0 && {
                tagSpecifications: [
                  {
                    resourceType: "volume" as const,
                    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
                  },
                ],
              }),
            },
          },
        ]
      : [],
  );
