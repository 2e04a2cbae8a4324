import type { Volume } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { roleAllows } from "../../iam/role-allows.js";
import { unassumableRole } from "../../iam/passed-roles.js";
import type { TaskRecord } from "../state.js";

/** Why a volume of the task cannot be attached or mounted, in ECS's words; `undefined` if all can. */
export function unavailableVolume(account: Account, task: TaskRecord): string | undefined {
  for (const volume of task.taskDefinition.description.volumes ?? []) {
    const problem =
      volume.efsVolumeConfiguration === undefined
        ? undefined
        : efsProblem(account, task, volume.efsVolumeConfiguration);
    if (problem !== undefined) return problem;
  }
  return ebsProblem(account, task);
}

const EFS_FAILED =
  "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr:";

function efsProblem(
  account: Account,
  task: TaskRecord,
  { fileSystemId: id = "", authorizationConfig = {} }: NonNullable<Volume["efsVolumeConfiguration"]>,
): string | undefined {
  const { partition, region, accountId, fileSystems } = account;
  const known = fileSystems?.get(id);
  const { accessPointId, iam } = authorizationConfig;
  const zone = task.description.availabilityZone ?? "";
  const hasTarget =
    fileSystems === undefined || (known !== undefined && (known.zones?.includes(zone) ?? true));
  if (!hasTarget)
    return `${EFS_FAILED} Failed to resolve "${id}.efs.${region}.amazonaws.com" - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID. See https://docs.aws.amazon.com/console/efs/mount-dns-name for more detail. Attempting to lookup mount target ip address using botocore. Failed to import necessary dependency botocore, please install botocore first. : unsuccessful EFS utils command execution; code: 1`;
  if (accessPointId !== undefined && known?.accessPoints?.includes(accessPointId) === false)
    return `${EFS_FAILED} b'mount.nfs4: mounting failed, reason given by server: No such file or directory' : unsuccessful EFS utils command execution; code: 32`;
  if (iam !== "ENABLED") return undefined;
  const { taskRoleArn } = task.taskDefinition.description;
  const resource = `arn:${partition}:elasticfilesystem:${region}:${accountId}:file-system/${id}`;
  const conditions: Record<string, string> =
    accessPointId === undefined
      ? {}
      : {
          "elasticfilesystem:AccessPointArn": `arn:${partition}:elasticfilesystem:${region}:${accountId}:access-point/${accessPointId}`,
        };
  return roleAllows(account, taskRoleArn, "elasticfilesystem:ClientMount", resource, conditions)
    ? undefined
    : `${EFS_FAILED} b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32`;
}

function ebsProblem(account: Account, task: TaskRecord): string | undefined {
  for (const { managedEBSVolume } of task.volumeConfigurations ?? []) {
    const { roleArn = "" } = managedEBSVolume ?? {};
    const why = unassumableRole(account, { taskRoleArn: roleArn });
    if (why !== undefined)
      return `ResourceInitializationError: EBS volume attachment failed: ECS was unable to assume the role '${roleArn}' that was provided for this task.`;
    const volumes = `arn:${account.partition}:ec2:${account.region}:${account.accountId}:volume/*`;
    if (!roleAllows(account, roleArn, "ec2:CreateVolume", volumes))
      return "ResourceInitializationError: EBS volume attachment failed: The ECS infrastructure role is not authorized to perform: ec2:CreateVolume.";
  }
  return undefined;
}
