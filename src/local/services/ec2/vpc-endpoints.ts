import type { State, VpcEndpoint as Description } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import type { VpcEndpoint } from "./state.js";

export function vpcEndpoints(account: Account): Pick<Ec2Api, "describeVpcEndpoints"> {
  return {
    async describeVpcEndpoints(input) {
      const known = byIds(account.ec2.vpcEndpoints, input.VpcEndpointIds, endpointNotFound);
      const found = applyFilters(
        known,
        input.Filters,
        {
          "vpc-id": ({ vpcId }) => [vpcId],
          "vpc-endpoint-id": ({ id }) => [id],
          "service-name": (each) => [serviceName(account, each.service)],
          "vpc-endpoint-state": ({ state }) => [state],
          "vpc-endpoint-type": ({ type }) => [type],
        },
        ({ tags }) => tags,
      );
      const { items, nextToken } = ec2Page(found, input, { min: 1, max: 1000 });
      return { VpcEndpoints: items.map((each) => describeEndpoint(account, each)), NextToken: nextToken };
    },
  };
}

export const endpointNotFound = (id: string): ServiceError =>
  new ServiceError("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${id}' does not exist`);

export const serviceName = ({ region }: Account, service: string): string =>
  `com.amazonaws.${region}.${service}`;

export const describeEndpoint = (account: Account, endpoint: VpcEndpoint): Description => ({
  VpcEndpointId: endpoint.id,
  VpcEndpointType: endpoint.type,
  VpcId: endpoint.vpcId,
  ServiceName: serviceName(account, endpoint.service),
  // As EC2 writes it; its API model says "Available".
  State: endpoint.state as State,
  PolicyDocument: endpoint.policy,
  PrivateDnsEnabled: endpoint.hasPrivateDns,
  RequesterManaged: false,
  RouteTableIds: [...endpoint.routeTableIds],
  SubnetIds: [...endpoint.networkInterfaces.keys()],
  Groups: [...endpoint.groupIds].map((GroupId) => ({
    GroupId,
    GroupName: account.ec2.securityGroups.get(GroupId)?.name,
  })),
  NetworkInterfaceIds: [...endpoint.networkInterfaces.values()],
  CreationTimestamp: endpoint.createdAt,
  OwnerId: account.accountId,
  Tags: tagList(endpoint.tags),
});
