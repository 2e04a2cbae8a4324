import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { isUnknown } from "../engine/kind.js";

/** The VPC of the group's subnets, which are looked up only if one is not described. */
export async function vpcOfSubnets(
  subnetIds: readonly string[],
  desired: { readonly subnetIds: readonly string[]; readonly vpcId: string },
  { aws }: AwsContext,
): Promise<string> {
  // A destroy describes no subnets, and compares nothing.
  if (desired.subnetIds.length === 0) return desired.vpcId;
  const [other] = subnetIds.filter((id) => !desired.subnetIds.includes(id));
  if (other === undefined || isUnknown(desired.vpcId)) return desired.vpcId;
  const answer = await ignoreNotFound(aws.ec2.describeSubnets({ SubnetIds: [other] }));
  return answer?.Subnets?.[0]?.VpcId ?? desired.vpcId;
}
