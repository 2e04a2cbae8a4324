import type { Subnet } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { isUnknown, UNKNOWN, type Kind } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { configuredNetwork } from "./configured-network.js";
import { egressOf } from "./egress.js";
import type { NetworkDesired, NetworkState } from "./network-state.js";
import { zonesOf, zonesOffering } from "./offered-zones.js";
import { routesOf } from "./subnet-routes.js";

/** A VPC and its subnets, by default the default ones: looked up, never created. */
export const networkKind: Kind<NetworkDesired, NetworkState, AwsContext> = {
  kind: "network",
  unknown: {
    vpcId: UNKNOWN,
    subnetIds: [UNKNOWN],
    zones: [UNKNOWN],
    capacitySubnetIds: [UNKNOWN],
    isPublic: true,
    needsPublicIp: false,
    isolated: undefined,
  },

  async read(desired, context) {
    if (isUnknown(desired.vpcId)) return undefined;
    if (isDescribed(desired)) {
      return { state: await configuredNetwork(desired, context), current: desired, tags: {} };
    }
    const { instanceType } = desired;
    // Asked beside the network: only the type is known so early.
    const offers = instanceType === undefined ? undefined : zonesOf(instanceType, context);
    offers?.catch(() => {});
    const vpcs = await context.aws.ec2.describeVpcs({ Filters: [{ Name: "is-default", Values: ["true"] }] });
    const vpcId = vpcs.Vpcs?.[0]?.VpcId;
    if (vpcId === undefined) return undefined;

    // A destroy needs no subnets.
    if (desired.zones === 0)
      return {
        state: { ...networkKind.unknown, vpcId, subnetIds: [], zones: [], capacitySubnetIds: [] },
        current: desired,
        tags: {},
      };
    const [subnetOfZone, routes] = await Promise.all([
      defaultSubnets(vpcId, context),
      routesOf(vpcId, context),
    ]);
    const zones = [...subnetOfZone.keys()].sort();
    if (zones.length < desired.zones) throw tooFewZones(vpcId, zones, desired.zones);
    const capacityZones = await zonesOffering(instanceType, zones, context, offers);

    const state: NetworkState = {
      vpcId,
      zones,
      subnetIds: zones.map((zone) => subnetOfZone.get(zone)!.SubnetId!),
      capacitySubnetIds: capacityZones.map((zone) => subnetOfZone.get(zone)!.SubnetId!),
      ...(await egressOf([...subnetOfZone.values()], desired, { vpcId, routes }, context)),
    };
    return { state, current: desired, tags: {} };
  },

  notFoundError: () =>
    new QuaysideError(
      "no-default-vpc",
      "Nothing was changed: this region of the account has no default VPC",
      {
        fix: "Set a VPC on the cluster, `.network({ vpc })`, create the default VPC with `aws ec2 create-default-vpc`, or use a region that has one.",
      },
    ),
};

/** Zone -> its default subnet; every zone of a default VPC has one unless it was deleted. */
async function defaultSubnets(vpcId: string, { aws }: AwsContext): Promise<Map<string, Subnet>> {
  const { Subnets = [] } = await aws.ec2.describeSubnets({
    Filters: [
      { Name: "vpc-id", Values: [vpcId] },
      { Name: "default-for-az", Values: ["true"] },
    ],
  });
  const subnets = new Map<string, Subnet>();
  for (const subnet of Subnets) {
    const { AvailabilityZone, SubnetId } = subnet;
    if (AvailabilityZone !== undefined && SubnetId !== undefined) subnets.set(AvailabilityZone, subnet);
  }
  return subnets;
}

const isDescribed = ({ vpc, vpcId, subnetIds, subnetTags }: NetworkDesired): boolean =>
  [vpc, vpcId, subnetIds, subnetTags].some((each) => each !== undefined);

function tooFewZones(vpcId: string, zones: readonly string[], needed: number): QuaysideError {
  const found = zones.length === 0 ? "none" : zones.join(", ");
  return new QuaysideError(
    "too-few-zones",
    `Nothing was changed: default subnets are needed in ${needed} zones, but the default VPC ${vpcId} has them only in: ${found}`,
    {
      facts: { vpcId, zones, needed },
      fix: "Create the missing one with `aws ec2 create-default-subnet --availability-zone <zone>`.",
    },
  );
}
