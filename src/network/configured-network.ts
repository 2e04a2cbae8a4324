import type { Filter, Subnet } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { paginate } from "../aws/paginate.js";
import type { ErrorCode } from "../error-codes.js";
import { QuaysideError } from "../errors.js";
import type { NetworkDesired, NetworkState } from "./network-state.js";
import { zonesOffering } from "./offered-zones.js";
import { egressOf } from "./egress.js";
import { routesOf, type Egress } from "./subnet-routes.js";

/** Looks up the VPC and the subnets that `.network()` names, and throws if they cannot be used. */
export async function configuredNetwork(desired: NetworkDesired, context: AwsContext): Promise<NetworkState> {
  const { subnetIds, subnetTags, subject = "the cluster", zones: needed } = desired;
  const given = subnetIds === undefined ? undefined : await subnetsById(subnetIds, subject, context);
  // Tags alone identify the VPC, too, if only one VPC has such subnets.
  const isByTags = subnetTags !== undefined && desired.vpc === undefined && desired.vpcId === undefined;
  const tagged = isByTags ? await subnetsWith(desired, undefined, context) : undefined;
  if (tagged?.length === 0) throw noSubnets("this region", desired);
  const vpcId = await vpcOf(desired, given ?? tagged, context);
  const routes = await routesOf(vpcId, context);
  const egress = (subnetId: string) => routes(subnetId).egress;
  const found =
    given ?? chooseSubnets(tagged ?? (await subnetsWith(desired, vpcId, context)), desired, egress);
  if (found.length === 0) throw noSubnets(vpcId, desired);
  if (desired.access === "internet") checkPublic(found, egress, desired);

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
    ...(await egressOf(subnets, desired, { vpcId, routes }, context)),
  };
}

async function subnetsById(ids: readonly string[], subject: string, { aws }: AwsContext): Promise<Subnet[]> {
  const answer = await aws.ec2.describeSubnets({ SubnetIds: [...ids] }).catch((error: unknown) => {
    if (!hasErrorCode(error, "InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound")) throw error;
    throw networkError(
      "no-subnets",
      subject,
      `one of its subnets does not exist in this region: ${ids.join(", ")}`,
      error,
    );
  });
  return answer.Subnets ?? [];
}

async function vpcOf(
  { vpc, vpcId, subject = "" }: NetworkDesired,
  given: readonly Subnet[] | undefined,
  { aws }: AwsContext,
): Promise<string> {
  const ofSubnets = [...new Set((given ?? []).map(({ VpcId = "" }) => VpcId))];
  if (ofSubnets.length > 1) {
    throw networkError("different-vpcs", subject, `its subnets are in several VPCs: ${ofSubnets.join(", ")}`);
  }
  const wanted = vpc ?? vpcId;
  if (wanted === undefined && ofSubnets[0] !== undefined) return ofSubnets[0];
  if (wanted === undefined) throw networkError("no-vpc", subject, "no VPC is configured");
  const byId = wanted.startsWith("vpc-");
  const Filters = [{ Name: byId ? "vpc-id" : "tag:Name", Values: [wanted] }];
  const { Vpcs = [] } = await aws.ec2.describeVpcs({ Filters });
  const [found, ...more] = Vpcs;
  if (found?.VpcId === undefined) {
    throw networkError(
      "no-vpc",
      subject,
      `no VPC ${byId ? "" : "named "}${wanted} was found in this region`,
      undefined,
      byId ? undefined : SHARED_FIX,
    );
  }
  if (more.length > 0) {
    throw networkError(
      "no-vpc",
      subject,
      `${Vpcs.length} VPCs are named ${wanted}: ${Vpcs.map((each) => each.VpcId).join(", ")}`,
    );
  }
  if (ofSubnets[0] !== undefined && ofSubnets[0] !== found.VpcId) {
    throw networkError(
      "different-vpcs",
      subject,
      `its subnets are in ${ofSubnets[0]}, not in ${found.VpcId}`,
    );
  }
  return found.VpcId;
}

/** The subnets with all of the tags, in one VPC or in any. */
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

/** Chooses one subnet per zone, of the wanted kind, and always the same one. */
function chooseSubnets(
  subnets: readonly Subnet[],
  { access }: NetworkDesired,
  egress: (subnetId: string) => Egress,
): Subnet[] {
  const ofKind = (kind: Egress) => subnets.filter((subnet) => egress(idOf(subnet)) === kind);
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
  egress: (subnetId: string) => Egress,
  { subject = "" }: NetworkDesired,
): void {
  const withoutGateway = subnets.filter((subnet) => egress(idOf(subnet)) !== "internet-gateway");
  if (withoutGateway.length === 0) return;
  const named = withoutGateway.map((subnet) => `${idOf(subnet)} (${zoneOf(subnet)})`).join(", ");
  throw networkError(
    "no-internet-gateway",
    subject,
    `it is internet-facing, but ${named} ${withoutGateway.length === 1 ? "has" : "have"} no route to an internet gateway`,
    undefined,
    "Add a route 0.0.0.0/0 to an internet gateway to the subnets' route table, use other subnets, or make it .internal().",
  );
}

const noSubnets = (vpcId: string, { subject = "", subnetTags }: NetworkDesired) => {
  const tags = Object.entries(subnetTags ?? {}).map(([key, value]) => `${key}=${value}`);
  const which = tags.length === 0 ? "" : ` tagged ${tags.join(", ")}`;
  return networkError(
    "no-subnets",
    subject,
    `${vpcId} has no subnets${which}`,
    undefined,
    tags.length === 0 ? undefined : SHARED_FIX,
  );
};

const tooFewZones = (zones: readonly string[], { subject = "", zones: needed }: NetworkDesired) =>
  networkError(
    "too-few-zones",
    subject,
    `it needs subnets in ${needed} zones, but has them only in: ${zones.join(", ")}`,
  );

const sameZone = (subnets: readonly Subnet[], { subject = "" }: NetworkDesired) =>
  networkError(
    "same-zone",
    subject,
    `a load balancer accepts only one subnet per zone, and its subnets are: ${subnets.map((subnet) => `${idOf(subnet)} in ${zoneOf(subnet)}`).join(", ")}`,
  );

const notOffered = (subnets: readonly Subnet[], { subject = "", instanceType }: NetworkDesired) =>
  networkError(
    "instance-type-not-offered",
    subject,
    `${instanceType} is not offered in ${subnets.map((subnet) => `${zoneOf(subnet)} (${idOf(subnet)})`).join(", ")}`,
    undefined,
    "Remove these subnets, or choose another instance type.",
  );

/** VPC guide, "Share your VPC subnets with other accounts": a participant does not see the owner's tags. */
const SHARED_FIX =
  "Correct .network({ vpc, subnets }); the VPC console shows ids, zones and tags. The names and tags of a VPC that another account shares are not visible in this account: use the ids of the VPC and of its subnets.";

function networkError(
  code: ErrorCode,
  subject: string,
  why: string,
  cause?: unknown,
  fix = "Correct .network({ vpc, subnets }); the VPC console shows ids, zones and tags.",
): QuaysideError {
  return new QuaysideError(code, `Nothing was changed: the network of ${subject} cannot be used: ${why}`, {
    cause,
    fix,
  });
}

const idOf = ({ SubnetId = "" }: Subnet): string => SubnetId;
const zoneOf = ({ AvailabilityZone = "" }: Subnet): string => AvailabilityZone;
