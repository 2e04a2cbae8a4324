import type { State, VpcEndpoint } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { applyFilters } from "./filters.js";
import { ec2Page } from "./request.js";
import type { Vpc } from "./state.js";

const noTags: ReadonlyMap<string, string> = new Map();

export function vpcEndpoints(account: Account): Pick<Ec2Api, "describeVpcEndpoints"> {
  return {
    async describeVpcEndpoints(input) {
      const all = [...account.ec2.vpcs.values()].flatMap((vpc) =>
        vpc.endpoints.map((service) => description(account, vpc, service)),
      );
      const found = applyFilters(
        all,
        input.Filters,
        {
          "vpc-id": ({ VpcId }) => [VpcId],
          "service-name": ({ ServiceName }) => [ServiceName],
          "vpc-endpoint-state": ({ State }) => [State],
          "vpc-endpoint-type": ({ VpcEndpointType }) => [VpcEndpointType],
        },
        () => noTags,
      );
      const { items, nextToken } = ec2Page(found, input, { min: 1, max: 1000 });
      return { VpcEndpoints: items, NextToken: nextToken };
    },
  };
}

/** The id is derived from the VPC's, so that no random number is drawn. */
export const endpointId = (vpcId: string, service: string): string =>
  `vpce-${vpcId.slice("vpc-".length, -4)}${Buffer.from(service).toString("hex").slice(-4)}`;

function description(account: Account, { id }: Vpc, service: string): VpcEndpoint {
  const isGateway = service === "s3";
  const tables = [...account.ec2.routeTables.values()].filter(({ vpcId }) => vpcId === id);
  return {
    VpcEndpointId: endpointId(id, service),
    VpcEndpointType: isGateway ? "Gateway" : "Interface",
    VpcId: id,
    ServiceName: `com.amazonaws.${account.region}.${service}`,
    // As EC2 writes it; its API model says "Available".
    State: "available" as State,
    PrivateDnsEnabled: !isGateway,
    RouteTableIds: isGateway ? tables.map((table) => table.id) : [],
    OwnerId: account.accountId,
    Tags: [],
  };
}

/**
 * True if a network interface reaches the services: over the internet with a public address or a NAT gateway,
 * else through endpoints of its VPC.
 */
export function reachesServices(
  account: Account,
  networkInterfaceId: string | undefined,
  services: readonly string[],
): boolean {
  const card = account.ec2.networkInterfaces.get(networkInterfaceId ?? "");
  if (card === undefined) return true;
  const tables = [...account.ec2.routeTables.values()].filter(({ vpcId }) => vpcId === card.vpcId);
  const table =
    tables.find(({ subnetIds }) => subnetIds.includes(card.subnetId)) ?? tables.find(({ isMain }) => isMain);
  if (table?.egress === "nat" || (table?.egress === "internet" && card.isPublic)) return true;
  const endpoints = account.ec2.vpcs.get(card.vpcId)?.endpoints ?? [];
  return services.every((service) => endpoints.includes(service));
}
