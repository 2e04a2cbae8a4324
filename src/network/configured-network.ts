import type { Filter, Subnet } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { paginate } from "../aws/paginate.js";
import { QuaysideError } from "../errors.js";
import type { NetworkDesired, NetworkState } from "./network-state.js";
import { zonesOffering } from "./offered-zones.js";
import { egressOf, type Egress } from "./subnet-routes.js";

/** Looks up the VPC and the subnets that `.network()` names, and says what of them would not work. */
export async function configuredNetwork(desired: NetworkDesired, context: AwsContext): Promise<NetworkState> {
  const { subnetIds, subnetTags, whose = "the cluster", zones: needed } = desired;
  const given = subnetIds === undefined ? undefined : await subnetsById(subnetIds, whose, context);
  // Tags alone say the VPC as well, if only one has such subnets.
  const isByTags = subnetTags !== undefined && desired.vpc === undefined && desired.vpcId === undefined;
  const tagged = isByTags ? await subnetsWith(desired, undefined, context) : undefined;
  if (tagged?.length === 0) throw noSubnets("this region", desired);
  const vpcId = await vpcOf(desired, given ?? tagged, context);
  const wayOut = await egressOf(vpcId, context);
  const found = given ?? chosen(tagged ?? (await subnetsWith(desired, vpcId, context)), desired, wayOut);
  if (found.length === 0) throw noSubnets(vpcId, desired);
  if (desired.access === "internet") checkPublic(found, wayOut, desired);

  const subnets = [...found].sort((a, b) => (zoneOf(a) < zoneOf(b) ? -1 : 1));
  const zones = [...new Set(subnets.map(zoneOf))];
  if (zones.length < needed) throw tooFewZones(zones, desired);
  if (needed > 1 && zones.length < subnets.length) throw sameZone(subnets, desired);
  const offering = await zonesOffering(desired.instanceType, zones, context);
  if (given !== undefined && offering.length < zones.length) {
    throw notOffered(
      subnets.filter((subnet) => !offering.includes(zoneOf(subnet))),
      desired,
    );
  }
  return {
    vpcId,
    zones,
    subnetIds: subnets.map(idOf),
    capacitySubnetIds: subnets.filter((subnet) => offering.includes(zoneOf(subnet))).map(idOf),
    isPublic: subnets.every((subnet) => wayOut(idOf(subnet)) === "internet-gateway"),
  };
}

async function subnetsById(ids: readonly string[], whose: string, { aws }: AwsContext): Promise<Subnet[]> {
  const answer = await aws.ec2.describeSubnets({ SubnetIds: [...ids] }).catch((error: unknown) => {
    if (!hasErrorCode(error, "InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound")) throw error;
    throw refused("no-subnets", whose, `a subnet of ${ids.join(", ")} does not exist in this region`, error);
  });
  return answer.Subnets ?? [];
}

async function vpcOf(
  { vpc, vpcId, whose = "" }: NetworkDesired,
  given: readonly Subnet[] | undefined,
  { aws }: AwsContext,
): Promise<string> {
  const ofSubnets = [...new Set((given ?? []).map(({ VpcId = "" }) => VpcId))];
  if (ofSubnets.length > 1) {
    throw refused("different-vpcs", whose, `its subnets are in several VPCs: ${ofSubnets.join(", ")}`);
  }
  const wanted = vpc ?? vpcId;
  if (wanted === undefined && ofSubnets[0] !== undefined) return ofSubnets[0];
  if (wanted === undefined) throw refused("no-vpc", whose, "no VPC is named");
  const byId = wanted.startsWith("vpc-");
  const Filters = [{ Name: byId ? "vpc-id" : "tag:Name", Values: [wanted] }];
  const { Vpcs = [] } = await aws.ec2.describeVpcs({ Filters });
  const [found, ...more] = Vpcs;
  if (found?.VpcId === undefined) {
    throw refused("no-vpc", whose, `there is no VPC ${byId ? "" : "named "}${wanted} in this region`);
  }
  if (more.length > 0) {
    throw refused(
      "no-vpc",
      whose,
      `${Vpcs.length} VPCs are named ${wanted}: ${Vpcs.map((each) => each.VpcId).join(", ")}`,
    );
  }
  if (ofSubnets[0] !== undefined && ofSubnets[0] !== found.VpcId) {
    throw refused("different-vpcs", whose, `its subnets are in ${ofSubnets[0]}, not in ${found.VpcId}`);
  }
  return found.VpcId;
}

/** Those that carry all of the tags; in one VPC, or in any. */
async function subnetsWith(
  { subnetTags = {} }: NetworkDesired,
  vpcId: string | undefined,
  { aws }: AwsContext,
): Promise<Subnet[]> {
  const Filters: Filter[] = [
    ...(vpcId === undefined ? [] : [{ Name: "vpc-id", Values: [vpcId] }]),
    ...Object.entries(subnetTags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
  ];
  return paginate(
    "NextToken",
    (next) => aws.ec2.describeSubnets({ Filters, ...next }),
    ({ Subnets }) => Subnets,
  );
}

/** One a zone, of the kind that is wanted; always the same one. */
function chosen(
  subnets: readonly Subnet[],
  { access }: NetworkDesired,
  wayOut: (subnetId: string) => Egress,
): Subnet[] {
  const ofKind = (kind: Egress) => subnets.filter((subnet) => wayOut(idOf(subnet)) === kind);
  const isPublic = ofKind("internet-gateway");
  const isPrivate = ofKind("other");
  const preferred = access === "internet" ? isPublic : isPrivate.length > 0 ? isPrivate : isPublic;
  const candidates = preferred.length > 0 ? preferred : subnets;
  const ofZone = new Map<string, Subnet>();
  for (const subnet of [...candidates].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))) {
    if (!ofZone.has(zoneOf(subnet))) ofZone.set(zoneOf(subnet), subnet);
  }
  return [...ofZone.values()];
}

function checkPublic(
  subnets: readonly Subnet[],
  wayOut: (subnetId: string) => Egress,
  { whose = "" }: NetworkDesired,
): void {
  const cutOff = subnets.filter((subnet) => wayOut(idOf(subnet)) !== "internet-gateway");
  if (cutOff.length === 0) return;
  const named = cutOff.map((subnet) => `${idOf(subnet)} (${zoneOf(subnet)})`).join(", ");
  throw refused(
    "no-internet-gateway",
    whose,
    `it faces the internet, and ${named} ${cutOff.length === 1 ? "has" : "have"} no route to an internet gateway`,
    undefined,
    "Add a route 0.0.0.0/0 to an internet gateway to the subnets' route table, name other subnets, or make it .internal().",
  );
}

const noSubnets = (vpcId: string, { whose = "", subnetTags }: NetworkDesired) => {
  const tags = Object.entries(subnetTags ?? {}).map(([key, value]) => `${key}=${value}`);
  const which = tags.length === 0 ? "" : ` tagged ${tags.join(", ")}`;
  return refused("no-subnets", whose, `${vpcId} has no subnets${which}`);
};

const tooFewZones = (zones: readonly string[], { whose = "", zones: needed }: NetworkDesired) =>
  refused(
    "too-few-zones",
    whose,
    `it needs subnets in ${needed} zones, and has them in: ${zones.join(", ")}`,
  );

const sameZone = (subnets: readonly Subnet[], { whose = "" }: NetworkDesired) =>
  refused(
    "same-zone",
    whose,
    `a load balancer takes one subnet a zone, and these are: ${subnets.map((subnet) => `${idOf(subnet)} in ${zoneOf(subnet)}`).join(", ")}`,
  );

const notOffered = (subnets: readonly Subnet[], { whose = "", instanceType }: NetworkDesired) =>
  refused(
    "instance-type-not-offered",
    whose,
    `${instanceType} is not offered in ${subnets.map((subnet) => `${zoneOf(subnet)} (${idOf(subnet)})`).join(", ")}`,
    undefined,
    "Leave these subnets out, or choose another instance type.",
  );

function refused(
  code: string,
  whose: string,
  why: string,
  cause?: unknown,
  fix = "Correct .network({ vpc, subnets }); the VPC console shows ids, zones and tags.",
): QuaysideError {
  return new QuaysideError(code, `Nothing was changed: the network of ${whose} cannot be used: ${why}`, {
    cause,
    fix,
  });
}

const idOf = ({ SubnetId = "" }: Subnet): string => SubnetId;
const zoneOf = ({ AvailabilityZone = "" }: Subnet): string => AvailabilityZone;
