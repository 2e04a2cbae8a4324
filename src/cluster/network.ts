import type { AwsContext } from "../aws/context.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

export interface NetworkDesired extends Tagged {
  /** How many zones are needed: a load balancer wants two. */
  readonly zones: number;
  /** What the instances are; `undefined` where there are none. */
  readonly instanceType?: string | undefined;
}

export interface NetworkState {
  readonly vpcId: string;
  /** One a zone, in the order of `zones`. */
  readonly subnetIds: readonly string[];
  readonly zones: readonly string[];
  /** Of these, the ones in whose zone the instance type is offered. */
  readonly capacitySubnetIds: readonly string[];
}

/** The default VPC with its default subnets: looked up, never made. */
export const networkKind: Kind<NetworkDesired, NetworkState, AwsContext> = {
  kind: "network",
  unknown: { vpcId: UNKNOWN, subnetIds: [UNKNOWN], zones: [UNKNOWN], capacitySubnetIds: [UNKNOWN] },

  async read(desired, context) {
    const vpcs = await context.aws.ec2.describeVpcs({ Filters: [{ Name: "is-default", Values: ["true"] }] });
    const vpcId = vpcs.Vpcs?.[0]?.VpcId;
    if (vpcId === undefined) return undefined;

    const subnetOfZone = await defaultSubnets(vpcId, context);
    const zones = [...subnetOfZone.keys()].sort();
    if (zones.length < desired.zones) throw tooFewZones(vpcId, zones, desired.zones);
    const capacityZones = await zonesOffering(desired.instanceType, zones, context);

    const state: NetworkState = {
      vpcId,
      zones,
      subnetIds: zones.map((zone) => subnetOfZone.get(zone)!),
      capacitySubnetIds: capacityZones.map((zone) => subnetOfZone.get(zone)!),
    };
    return { state, current: desired, tags: {} };
  },

  missing: () =>
    new QuaysideError(
      "no-default-vpc",
      "Nothing was changed: this region of the account has no default VPC",
      {
        fix: "Create it with `aws ec2 create-default-vpc`, or choose a region that has one.",
      },
    ),
};

/** Zone -> its default subnet; every zone of a default VPC has one unless somebody deleted it. */
async function defaultSubnets(vpcId: string, { aws }: AwsContext): Promise<Map<string, string>> {
  const { Subnets = [] } = await aws.ec2.describeSubnets({
    Filters: [
      { Name: "vpc-id", Values: [vpcId] },
      { Name: "default-for-az", Values: ["true"] },
    ],
  });
  const subnets = new Map<string, string>();
  for (const { AvailabilityZone, SubnetId } of Subnets) {
    if (AvailabilityZone !== undefined && SubnetId !== undefined) subnets.set(AvailabilityZone, SubnetId);
  }
  return subnets;
}

/** An Auto Scaling group that spans a zone without the type fails to launch there, again and again. */
async function zonesOffering(
  instanceType: string | undefined,
  zones: readonly string[],
  { aws, region }: AwsContext,
): Promise<readonly string[]> {
  if (instanceType === undefined) return zones;
  const { InstanceTypeOfferings = [] } = await aws.ec2.describeInstanceTypeOfferings({
    LocationType: "availability-zone",
    Filters: [{ Name: "instance-type", Values: [instanceType] }],
  });
  const offered = new Set(InstanceTypeOfferings.map(({ Location }) => Location));
  const usable = zones.filter((zone) => offered.has(zone));
  if (usable.length > 0) return usable;
  throw new QuaysideError(
    "instance-type-not-offered",
    `Nothing was changed: ${instanceType} is not offered in any zone of ${region}`,
    {
      facts: { instanceType, region, zones },
      fix: 'Check the spelling, or choose another type: .ec2({ instanceType: "t3.micro" }), or another region.',
    },
  );
}

function tooFewZones(vpcId: string, zones: readonly string[], needed: number): QuaysideError {
  const found = zones.length === 0 ? "none" : zones.join(", ");
  return new QuaysideError(
    "too-few-zones",
    `Nothing was changed: a default subnet is needed in ${needed} zones, and the default VPC ${vpcId} has them in: ${found}`,
    {
      facts: { vpcId, zones, needed },
      fix: "Create the missing one with `aws ec2 create-default-subnet --availability-zone <zone>`.",
    },
  );
}
