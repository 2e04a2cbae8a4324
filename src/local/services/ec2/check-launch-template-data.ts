import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { instanceTypesTable } from "./instance-types-table.js";
import { machineImage } from "./machine-images.js";
import type { LaunchTemplateData } from "./state.js";
import { visibleSecurityGroup } from "./visible-security-group.js";

/**
 * The checks of a launch template at its use, which are not made at its creation: each of its references must
 * exist and be visible to EC2. Auto Scaling makes them for a group's template, EC2 at launch.
 */
export function checkLaunchTemplateData(account: Account, data: LaunchTemplateData): void {
  if (data.ImageId === undefined)
    throw new ServiceError("MissingParameter", "The request must contain the parameter ImageId");
  if (machineImage(account, data.ImageId) === undefined) {
    throw new ServiceError("InvalidAMIID.NotFound", `The image id '[${data.ImageId}]' does not exist`);
  }
  const type = data.InstanceType ?? "m1.small";
  if (!instanceTypesTable.has(type)) {
    throw new ServiceError("InvalidParameterValue", `Invalid value '${type}' for InstanceType.`);
  }
  checkArchitecture(account, type, data.ImageId);
  const interfaceGroups = data.NetworkInterfaces?.flatMap(
    (networkInterface) => networkInterface.Groups ?? [],
  );
  if (interfaceGroups !== undefined && (data.SecurityGroupIds?.length ?? 0) > 0) {
    throw new ServiceError(
      "InvalidParameterCombination",
      "Network interfaces and an instance-level security groups may not be specified on the same request",
    );
  }
  for (const id of interfaceGroups ?? data.SecurityGroupIds ?? []) {
    if (visibleSecurityGroup(account, id) === undefined) {
      throw new ServiceError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
    }
  }
  checkVolumes(account, data);
  checkProfile(account, data);
}

/** The snapshots of the ECS-optimized AMIs have 30 GiB, the data of Bottlerocket's 20. */
function checkVolumes(
  account: Account,
  { ImageId = "", BlockDeviceMappings = [] }: LaunchTemplateData,
): void {
  const isBottlerocket = machineImage(account, ImageId)?.name.startsWith("bottlerocket-") === true;
  const [device, least] = isBottlerocket ? ["/dev/xvdb", 20] : ["/dev/xvda", 30];
  for (const { DeviceName, Ebs } of BlockDeviceMappings) {
    if (Ebs === undefined) continue;
    if (DeviceName === device && Ebs.VolumeSize !== undefined && Ebs.VolumeSize < least)
      throw new ServiceError(
        "InvalidBlockDeviceMapping",
        `Volume of size ${Ebs.VolumeSize}GB is smaller than snapshot 'snap-0a1b2c3d4e5f60718', expect size>= ${least}GB`,
      );
    if ((Ebs.VolumeType === "io1" || Ebs.VolumeType === "io2") && Ebs.Iops === undefined)
      throw new ServiceError("MissingParameter", "The request must contain the parameter iops");
    if (Ebs.Encrypted === false && Ebs.KmsKeyId !== undefined)
      throw new ServiceError(
        "InvalidParameterDependency",
        "The parameter KmsKeyId requires the parameter Encrypted to be set.",
      );
  }
}

function checkArchitecture(account: Account, type: string, imageId: string): void {
  const { architecture } = instanceTypesTable.get(type) ?? {};
  const ofImage = machineImage(account, imageId)?.architecture;
  if (architecture === undefined || ofImage === undefined || architecture === ofImage) return;
  throw new ServiceError(
    "InvalidParameterValue",
    `The architecture '${architecture}' of the specified instance type does not match the architecture '${ofImage}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
  );
}

function checkProfile(account: Account, { IamInstanceProfile: reference }: LaunchTemplateData): void {
  const given = reference?.Name ?? reference?.Arn;
  if (given === undefined) return;
  const profile =
    reference?.Name === undefined
      ? [...account.iam.instanceProfiles.values()].find((one) => one.arn === reference?.Arn)
      : account.iam.instanceProfiles.get(reference.Name.toLowerCase());
  if (profile === undefined || account.clock.now() < profile.usableAt) {
    const [member, kind] = reference?.Name === undefined ? ["arn", "ARN"] : ["name", "name"];
    throw new ServiceError(
      "InvalidParameterValue",
      `Value (${given}) for parameter iamInstanceProfile.${member} is invalid. Invalid IAM Instance Profile ${kind}`,
    );
  }
  if (profile.roleName === undefined) {
    throw new ServiceError(
      "InvalidParameterValue",
      `IAM Instance Profile "${profile.arn}" has no associated IAM Roles`,
    );
  }
}
