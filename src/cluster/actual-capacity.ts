import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerOf } from "../aws/owner.js";
import { fromTags } from "../aws/tags.js";
import { isOwnedBy } from "../engine/ownership.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { Ec2CapacitySpec } from "../spec/ec2.js";
import { securityGroupIdsOf } from "./launch-template.js";
import { autoScalingGroupName } from "../spec/derived-names.js";

/** The configuration of a cluster's instances, and their VPC. */
export interface ActualCapacity extends Ec2CapacitySpec {
  /** `undefined`: the VPC of the cluster's description. */
  readonly vpcId?: string | undefined;
}

/**
 * The capacity of a cluster that the chain only names and another one describes: its instances have the
 * security group, role and type of that description, not the defaults for the name.
 */
export async function actualCapacity(
  spec: ClusterSpec,
  capacity: Ec2CapacitySpec,
  { aws }: AwsContext,
): Promise<ActualCapacity> {
  if (spec.claim !== "use-or-create") return capacity;
  const LaunchTemplateNames = [autoScalingGroupName(spec.name)];
  const found = await ignoreNotFound(aws.ec2.describeLaunchTemplates({ LaunchTemplateNames }));
  const template = found?.LaunchTemplates?.[0];
  if (template?.LaunchTemplateId === undefined) return capacity;
  if (!isOwnedBy(fromTags(template.Tags), ownerOf.cluster(spec.name))) return capacity;
  const { LaunchTemplateVersions } = await aws.ec2.describeLaunchTemplateVersions({
    LaunchTemplateId: template.LaunchTemplateId,
    Versions: ["$Latest"],
  });
  const data = LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {};
  // An override may have moved the groups elsewhere. Without an id, EC2 would describe all groups.
  const [groupId] = securityGroupIdsOf(data);
  const groups =
    groupId === undefined
      ? undefined
      : await ignoreNotFound(aws.ec2.describeSecurityGroups({ GroupIds: [groupId] }));
  const group = groups?.SecurityGroups?.[0];
  return {
    ...capacity,
    securityGroup: group?.GroupName ?? capacity.securityGroup,
    instanceRole: data.IamInstanceProfile?.Name ?? capacity.instanceRole,
    instanceType: data.InstanceType ?? capacity.instanceType,
    instanceTypes: [data.InstanceType ?? capacity.instanceType],
    vpcId: group?.VpcId,
  };
}
