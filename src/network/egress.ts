import type { Subnet } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { QuaysideError } from "../errors.js";
import type { IsolatedSubnets, NetworkDesired, NetworkState } from "./network-state.js";
import type { SubnetRoutes } from "./subnet-routes.js";
import { endpointServices } from "./vpc-endpoints.js";

type Egress = Pick<NetworkState, "isPublic" | "needsPublicIp" | "isolated">;

/**
 * How the resources in subnets reach AWS: by public addresses, NAT, or endpoints of the VPC.
 *
 * @throws QuaysideError `no-egress` if they do not reach what they need
 */
export async function egressOf(
  subnets: readonly Subnet[],
  desired: Pick<NetworkDesired, "zones" | "subject" | "reaches" | "publicAddresses">,
  { vpcId, routes }: { readonly vpcId: string; readonly routes: (subnetId: string) => SubnetRoutes },
  context: AwsContext,
): Promise<Egress> {
  const having = (egress: SubnetRoutes["egress"]) =>
    subnets.filter(({ SubnetId = "" }) => routes(SubnetId).egress === egress);
  const isPublic = having("internet-gateway");
  const unaddressed = isPublic
    .filter(
      ({ MapPublicIpOnLaunch }) =>
        desired.publicAddresses === "none" ||
        (desired.publicAddresses === "by-subnet" && MapPublicIpOnLaunch === false),
    )
    .map(({ SubnetId = "" }) => SubnetId);
  const none = [...having("none").map(({ SubnetId = "" }) => SubnetId), ...unaddressed];
  // A destroy needs no subnets.
  const isolated =
    none.length === 0 || desired.zones === 0
      ? undefined
      : {
          subnetIds: none,
          unaddressed,
          endpoints: await endpointServices(
            vpcId,
            [...new Set(none.map((id) => routes(id).routeTableId))],
            context,
          ),
        };
  if (desired.reaches !== undefined)
    assertReachable(desired.subject ?? "", desired.reaches, isolated, context.region);
  return {
    isPublic: isPublic.length > 0,
    needsPublicIp: isPublic.some(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === false),
    isolated,
  };
}

/** Throws if subnets have no route out of their VPC, and the VPC lacks endpoints for the services. */
export function assertReachable(
  subject: string,
  services: readonly string[],
  isolated: IsolatedSubnets | undefined,
  region: string,
): void {
  const missing = services.filter((service) => isolated?.endpoints.includes(service) === false);
  if (isolated === undefined || missing.length === 0) return;
  const { subnetIds, unaddressed } = isolated;
  const isAddressed = unaddressed.length < subnetIds.length;
  const isOne = missing.length === 1;
  const verb = subnetIds.length === 1 ? "has" : "have";
  const why = isAddressed
    ? `${verb} no route out of the VPC`
    : `${verb} a route to an internet gateway, which serves no instance without a public address`;
  const instead = isAddressed
    ? "Use subnets with a route to a NAT gateway or an internet gateway, .network({ subnets })"
    : "Use subnets with a route to a NAT gateway, .network({ subnets }), let the instances have public addresses";
  throw new QuaysideError(
    "no-egress",
    `Nothing was changed: the network of ${subject} cannot be used: ${subnetIds.join(", ")} ${why}, and the VPC has no ${isOne ? "endpoint" : "endpoints"} for ${missing.join(", ")}`,
    {
      facts: { subnets: subnetIds, missing },
      fix:
        `${instead}, or create the VPC ` +
        `${isOne ? "endpoint" : "endpoints"} ${missing.map((service) => `com.amazonaws.${region}.${service}`).join(", ")} (s3 as a gateway endpoint).`,
    },
  );
}
