import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { ServiceError } from "../../core/service-error.js";
import { findSubnet, findVpc } from "./network-changes.js";
import { attachNetworkInterface, detachNetworkInterface } from "./network-interfaces.js";
import { requireEc2, specifiedTags } from "./request.js";
import { findTable } from "./route-table-changes.js";
import type { Vpc, VpcEndpoint } from "./state.js";
import { visibleSecurityGroup } from "./visible-security-group.js";
import { GATEWAY_SERVICES, INTERFACE_SERVICES, serviceNotFound } from "./vpc-endpoint-services.js";
import { describeEndpoint, endpointNotFound, serviceName } from "./vpc-endpoints.js";

const MAX_INTERFACE_ENDPOINTS = 50;

const invalid = (message: string): ServiceError => new ServiceError("InvalidParameter", message);

/** Gateway and interface endpoints of VPCs. */
export function vpcEndpointChanges(
  account: Account,
): Pick<Ec2Api, "createVpcEndpoint" | "modifyVpcEndpoint" | "deleteVpcEndpoints"> {
  const { ec2 } = account;
  return {
    async createVpcEndpoint(input) {
      requireEc2(input, ["VpcId", "ServiceName"]);
      const same = [...ec2.vpcEndpoints.values()].find(
        ({ token }) => token !== undefined && token === input.ClientToken,
      );
      if (same !== undefined) return { VpcEndpoint: describeEndpoint(account, same) };
      const vpc = findVpc(account, input.VpcId);
      const { VpcEndpointType: type = "Gateway" } = input;
      const service = serviceOf(account, input.ServiceName ?? "", type);
      const tags = specifiedTags(input.TagSpecifications, "vpc-endpoint");
      const endpoint: VpcEndpoint = {
        id: `vpce-${account.hex(17)}`,
        vpcId: vpc.id,
        service,
        type: type as VpcEndpoint["type"],
        createdAt: new Date(account.clock.now()),
        state: type === "Gateway" ? "available" : "pending",
        routeTableIds: new Set(),
        networkInterfaces: new Map(),
        groupIds: new Set(),
        hasPrivateDns: type === "Interface" && input.PrivateDnsEnabled !== false,
        policy: input.PolicyDocument ?? FULL_ACCESS,
        token: input.ClientToken,
        tags,
      };
      if (type === "Gateway") createGateway(endpoint, vpc, input);
      else createInterface(endpoint, vpc, input);
      ec2.vpcEndpoints.set(endpoint.id, endpoint);
      return { VpcEndpoint: describeEndpoint(account, endpoint), ClientToken: input.ClientToken };
    },

    async modifyVpcEndpoint(input) {
      requireEc2(input, ["VpcEndpointId"]);
      const endpoint = ec2.vpcEndpoints.get(input.VpcEndpointId ?? "");
      if (endpoint === undefined) throw endpointNotFound(input.VpcEndpointId ?? "");
      if (endpoint.state !== "available")
        throw new ServiceError(
          "IncorrectState",
          `The VPC endpoint ${endpoint.id} is in the state ${endpoint.state} and cannot be modified`,
        );
      addTables(endpoint, input.AddRouteTableIds ?? []);
      for (const id of input.RemoveRouteTableIds ?? []) endpoint.routeTableIds.delete(id);
      addGroups(endpoint, input.AddSecurityGroupIds ?? []);
      for (const id of input.RemoveSecurityGroupIds ?? []) endpoint.groupIds.delete(id);
      addInterfaces(endpoint, input.AddSubnetIds ?? []);
      for (const id of input.RemoveSubnetIds ?? []) {
        detachNetworkInterface(account, endpoint.networkInterfaces.get(id) ?? "");
        endpoint.networkInterfaces.delete(id);
      }
      for (const id of endpoint.networkInterfaces.values()) {
        const groups = ec2.networkInterfaces.get(id)?.groupIds;
        groups?.splice(0, groups.length, ...endpoint.groupIds);
      }
      endpoint.hasPrivateDns = input.PrivateDnsEnabled ?? endpoint.hasPrivateDns;
      endpoint.policy = input.ResetPolicy === true ? FULL_ACCESS : (input.PolicyDocument ?? endpoint.policy);
      return { Return: true };
    },

    async deleteVpcEndpoints(input) {
      requireEc2(input, ["VpcEndpointIds"]);
      const unsuccessful: Ec2.UnsuccessfulItem[] = [];
      for (const id of input.VpcEndpointIds ?? []) {
        const endpoint = ec2.vpcEndpoints.get(id);
        if (endpoint === undefined) {
          const { name: Code, message: Message } = endpointNotFound(id);
          unsuccessful.push({ ResourceId: id, Error: { Code, Message } });
        } else if (endpoint.type === "Gateway") ec2.vpcEndpoints.delete(id);
        else if (endpoint.state !== "deleting") {
          endpoint.state = "deleting";
          account.clock.schedule(durations.vpcEndpointDeletion, () => {
            for (const card of endpoint.networkInterfaces.values()) detachNetworkInterface(account, card);
            ec2.vpcEndpoints.delete(id);
          });
        }
      }
      return { Unsuccessful: unsuccessful };
    },
  };

  function createGateway(endpoint: VpcEndpoint, vpc: Vpc, input: Ec2.CreateVpcEndpointCommandInput): void {
    if ((input.SubnetIds ?? input.SecurityGroupIds) !== undefined)
      throw invalid("Subnets and security groups are only supported for Interface type VPC Endpoints.");
    if (input.PrivateDnsEnabled === true)
      throw invalid("Private DNS can't be enabled because the service does not support it.");
    const tables = input.RouteTableIds ?? [];
    for (const id of tables)
      if (findTable(account, id).vpcId !== vpc.id)
        throw invalid(`Route table ${id} belongs to a different VPC than ${vpc.id}`);
    addTables(endpoint, tables);
  }

  function createInterface(endpoint: VpcEndpoint, vpc: Vpc, input: Ec2.CreateVpcEndpointCommandInput): void {
    if (input.RouteTableIds !== undefined)
      throw invalid("Route tables are only supported for Gateway type VPC Endpoints.");
    const { isDefault, dnsHostnames = isDefault, dnsSupport = true } = vpc;
    if (endpoint.hasPrivateDns && !(dnsHostnames && dnsSupport))
      throw invalid(
        `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.id}`,
      );
    const others = [...ec2.vpcEndpoints.values()].filter(
      ({ type, vpcId }) => type === "Interface" && vpcId === vpc.id,
    );
    if (
      endpoint.hasPrivateDns &&
      others.some((each) => each.service === endpoint.service && each.hasPrivateDns)
    )
      throw invalid(
        `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${endpoint.service}.${account.region}.amazonaws.com in the VPC ${vpc.id}`,
      );
    if (others.length >= MAX_INTERFACE_ENDPOINTS)
      throw new ServiceError(
        "VpcEndpointLimitExceeded",
        "The maximum number of VPC endpoints has been reached.",
      );
    const fallback = [...ec2.securityGroups.values()].find(
      ({ name, vpcId }) => name === "default" && vpcId === vpc.id,
    );
    addGroups(endpoint, input.SecurityGroupIds ?? [fallback?.id ?? ""]);
    addInterfaces(endpoint, input.SubnetIds ?? []);
    account.clock.schedule(durations.vpcEndpointCreation, () => {
      if (endpoint.state === "pending") endpoint.state = "available";
    });
  }

  function addTables(endpoint: VpcEndpoint, ids: readonly string[]): void {
    for (const id of ids) {
      findTable(account, id);
      const isRouted = [...ec2.vpcEndpoints.values()].some(
        (other) => other !== endpoint && other.service === endpoint.service && other.routeTableIds.has(id),
      );
      if (isRouted)
        throw new ServiceError(
          "RouteAlreadyExists",
          `route table ${id} already has a route with destination-prefix-list-id pl-6da54004`,
        );
    }
    for (const id of ids) endpoint.routeTableIds.add(id);
  }

  function addGroups(endpoint: VpcEndpoint, ids: readonly string[]): void {
    for (const id of ids)
      if (visibleSecurityGroup(account, id)?.vpcId !== endpoint.vpcId)
        throw new ServiceError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
    for (const id of ids) endpoint.groupIds.add(id);
  }

  function addInterfaces(endpoint: VpcEndpoint, ids: readonly string[]): void {
    const subnets = ids.map((id) => findSubnet(account, id));
    const zones = new Set([...endpoint.networkInterfaces.keys()].map((id) => ec2.subnets.get(id)?.zone));
    for (const { id, vpcId, zone } of subnets) {
      if (vpcId !== endpoint.vpcId)
        throw invalid(`Subnet ${id} belongs to a different VPC than ${endpoint.vpcId}`);
      if (zones.has(zone))
        throw new ServiceError(
          "DuplicateSubnetsInSameZone",
          `Found another VPC endpoint subnet in the availability zone of ${id}. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.`,
        );
      zones.add(zone);
    }
    for (const { id } of subnets) {
      const { id: card } = attachNetworkInterface(account, {
        description: `VPC Endpoint Interface ${endpoint.id}`,
        subnetId: id,
        groupIds: [...endpoint.groupIds],
        requester: "amazon-vpc",
        type: "vpc_endpoint",
      });
      endpoint.networkInterfaces.set(id, card);
    }
  }
}

function serviceOf(account: Account, given: string, type: string): string {
  const service = given.startsWith(serviceName(account, ""))
    ? given.slice(serviceName(account, "").length)
    : "";
  const known = type === "Gateway" ? GATEWAY_SERVICES.includes(service) : INTERFACE_SERVICES.has(service);
  if (known) return service;
  if (INTERFACE_SERVICES.has(service))
    throw invalid(`Endpoint type (${type}) does not match available service types ([Interface]).`);
  throw serviceNotFound(given);
}

const FULL_ACCESS = JSON.stringify({
  Version: "2008-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
});
