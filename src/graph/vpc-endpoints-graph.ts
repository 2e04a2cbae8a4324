import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import { partTags } from "../network/own/parts.js";
import type { RouteTableState } from "../network/own/route-table.js";
import type { SubnetState } from "../network/own/subnet.js";
import type { VpcState } from "../network/own/vpc.js";
import { vpcEndpointKind, type VpcEndpointState } from "../network/own/vpc-endpoint.js";
import {
  securityGroupRuleKind,
  securityGroupRuleName,
  type SecurityGroupRuleState,
} from "../network/security-group-rule.js";
import { securityGroupKind, type SecurityGroupState } from "../network/security-group.js";
import { isGatewayService } from "../network/vpc-endpoints.js";
import { endpointSecurityGroupName } from "../spec/derived-names.js";
import type { OwnNetworkSpec } from "../spec/own-network.js";

interface PrivateParts {
  readonly vpc: Ref<VpcState>;
  readonly subnets: readonly Ref<SubnetState>[];
  readonly tables: readonly Ref<RouteTableState>[];
  readonly zones: readonly string[];
}

/**
 * Adds the endpoints of a network: those that are described, and without a NAT gateway also those that its users need.
 * S3's is free of charge, and image layers do not pass the NAT gateway then.
 */
export function addEndpoints(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  reaches: readonly string[],
  { region }: Pick<AwsContext, "region">,
  { vpc, subnets, tables, zones }: PrivateParts,
): readonly Ref<VpcEndpointState>[] {
  const owner = ownerOf.network(spec.name);
  const services = [...new Set(["s3", ...spec.endpoints, ...(spec.nat === "none" ? reaches : [])])].sort();
  const isPrivate = services.some((service) => !isGatewayService(service));
  const door = isPrivate ? addEndpointSecurityGroup(graph, spec, vpc) : undefined;
  return services.map((service) => {
    const name = `${spec.name}-${service}`;
    const isGateway = isGatewayService(service);
    return graph.add({
      kind: vpcEndpointKind,
      name,
      owner,
      needs: {
        vpc: created(vpc),
        subnets: isGateway ? [] : subnets.map((subnet) => created(subnet)),
        tables: isGateway ? tables.map((table) => created(table)) : [],
        securityGroup: isGateway ? undefined : created(door?.securityGroup),
        rule: isGateway ? undefined : created(door?.rule),
      },
      desired: (known) => ({
        name,
        vpcId: known.vpc.vpcId,
        service: `com.amazonaws.${region}.${service}`,
        type: isGateway ? ("Gateway" as const) : ("Interface" as const),
        zones,
        subnetIds: known.subnets.map(({ subnetId }) => subnetId),
        securityGroupIds: known.securityGroup === undefined ? [] : [known.securityGroup.groupId],
        routeTableIds: known.tables.map(({ routeTableId }) => routeTableId),
        tags: partTags(spec, name),
      }),
    });
  });
}

/** Adds the security group of the interface endpoints, which lets HTTPS in from the VPC. */
function addEndpointSecurityGroup(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  vpc: Ref<VpcState>,
): { readonly securityGroup: Ref<SecurityGroupState>; readonly rule: Ref<SecurityGroupRuleState> } {
  const owner = ownerOf.network(spec.name);
  const groupName = endpointSecurityGroupName(spec.name);
  const securityGroup = graph.add({
    kind: securityGroupKind,
    name: groupName,
    owner,
    needs: { vpc: created(vpc) },
    desired: ({ vpc: { vpcId } }) => ({
      groupName,
      description: `VPC endpoints of ${spec.name}`,
      vpcId,
      tags: spec.tags,
    }),
  });
  const rule = graph.add({
    kind: securityGroupRuleKind,
    name: securityGroupRuleName(groupName, 443, 443, spec.cidr),
    owner,
    needs: { group: created(securityGroup) },
    desired: ({ group: { groupId } }) => ({
      groupId,
      protocol: "tcp" as const,
      fromPort: 443,
      toPort: 443,
      source: { cidrIpv4: spec.cidr },
      description: `HTTPS from ${spec.name}`,
      tags: spec.tags,
    }),
  });
  return { securityGroup, rule };
}
