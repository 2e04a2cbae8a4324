import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { ownNatGateways } from "./nat-gateway.js";
import { ofOwner, nameOfPart } from "./parts.js";
import { ownSubnets } from "./subnet.js";
import { ownEndpoints } from "./vpc-endpoint.js";

export interface SubnetFacts {
  readonly id: string;
  readonly zone: string;
  readonly cidr: string;
  /** Public subnets have a route to the internet gateway. */
  readonly access: "public" | "private";
  /** The number of free addresses. */
  readonly free: number;
}

export interface NatGatewayFacts {
  readonly id: string;
  /** `pending`, `available`, `failed` or `deleting`. */
  readonly state: string;
  /** The address that servers outside see; for their allow lists. */
  readonly publicIp: string | undefined;
}

export interface EndpointFacts {
  readonly id: string;
  /** As in AWS: `com.amazonaws.eu-west-1.ecr.api`. */
  readonly service: string;
  readonly state: string;
}

export interface NetworkFacts {
  readonly vpcId: string | undefined;
  readonly cidr: string | undefined;
  readonly subnets: readonly SubnetFacts[];
  readonly natGateways: readonly NatGatewayFacts[];
  readonly endpoints: readonly EndpointFacts[];
}

/** What exists of a network. */
export async function networkFacts(name: string, context: AwsContext): Promise<NetworkFacts> {
  const owner = ownerOf.network(name);
  const [{ Vpcs = [] }, subnets, natGateways, endpoints] = await Promise.all([
    context.aws.ec2.describeVpcs({ Filters: ofOwner(owner) }),
    ownSubnets(owner, context),
    ownNatGateways(owner, context),
    ownEndpoints(owner, context),
  ]);
  const [vpc] = Vpcs;
  return {
    vpcId: vpc?.VpcId,
    cidr: vpc?.CidrBlock,
    subnets: subnets
      .map((subnet) => ({
        id: subnet.SubnetId ?? "",
        zone: subnet.AvailabilityZone ?? "",
        cidr: subnet.CidrBlock ?? "",
        access: nameOfPart(subnet).startsWith(`${name}-public-`) ? ("public" as const) : ("private" as const),
        free: subnet.AvailableIpAddressCount ?? 0,
      }))
      .sort((a, b) => (`${a.access} ${a.zone}` < `${b.access} ${b.zone}` ? 1 : -1)),
    natGateways: natGateways
      .filter(({ State }) => State !== "deleted")
      .map(({ NatGatewayId = "", State = "", NatGatewayAddresses }) => ({
        id: NatGatewayId,
        state: State,
        publicIp: NatGatewayAddresses?.[0]?.PublicIp,
      })),
    endpoints: endpoints
      .map(({ VpcEndpointId = "", ServiceName = "", State = "" }) => ({
        id: VpcEndpointId,
        service: ServiceName,
        state: State.toLowerCase(),
      }))
      .sort((a, b) => (a.service < b.service ? -1 : 1)),
  };
}
