import type { ServiceVolumeConfiguration, TaskVolumeConfiguration } from "@aws-sdk/client-ecs";
import { invalidParameter } from "../service-errors.js";
import type { TaskDefinitionRecord } from "../state.js";

/** The EBS volumes of a service or of one-off tasks must be those that the task definition leaves to the launch. */
export function checkVolumeConfigurations(
  configurations: readonly (ServiceVolumeConfiguration | TaskVolumeConfiguration)[],
  { description }: TaskDefinitionRecord,
): void {
  const atLaunch = (description.volumes ?? []).flatMap(({ name, configuredAtLaunch }) =>
    configuredAtLaunch === true ? [name ?? ""] : [],
  );
  if (configurations.length > 1) throw invalidParameter("Only one volume configuration can be specified.");
  for (const { name = "", managedEBSVolume: volume } of configurations) {
    if (!atLaunch.includes(name))
      throw invalidParameter(
        `The volume name '${name}' in your request does not have a matching volume in your Task Definition.`,
      );
    if (volume?.roleArn === undefined || !/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(volume.roleArn))
      throw invalidParameter("managedEBSVolume.roleArn must be the ARN of the ECS infrastructure role.");
    if (volume.sizeInGiB === undefined && volume.snapshotId === undefined)
      throw invalidParameter("Either sizeInGiB or snapshotId must be specified for a managed EBS volume.");
    if ((volume.volumeType === "io1" || volume.volumeType === "io2") && volume.iops === undefined)
      throw invalidParameter(`iops is required for the volume type ${volume.volumeType}.`);
    if (volume.throughput !== undefined && (volume.volumeType ?? "gp3") !== "gp3")
      throw invalidParameter("throughput is only supported for the volume type gp3.");
  }
  const missing = atLaunch.find((name) => !configurations.some((each) => each.name === name));
  if (missing !== undefined)
    throw invalidParameter(
      `The volume '${missing}' is configured at launch in your Task Definition and must have a volume configuration.`,
    );
}
