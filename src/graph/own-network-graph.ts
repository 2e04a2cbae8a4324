import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, ready, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import { zonesOffering } from "../network/offered-zones.js";
import { elasticIpKind } from "../network/own/elastic-ip.js";
import { internetGatewayKind } from "../network/own/internet-gateway.js";
import { networkLayout, type ZoneLayout } from "../network/own/layout.js";
import { natGatewayKind, type NatGatewayState } from "../network/own/nat-gateway.js";
import { ownNetworkKind } from "../network/own/own-network.js";
import { partTags } from "../network/own/parts.js";
import { routeTableKind, type RouteTableState } from "../network/own/route-table.js";
import { subnetKind, type SubnetState } from "../network/own/subnet.js";
import { vpcKind, type VpcState } from "../network/own/vpc.js";
import type { VpcEndpointState } from "../network/own/vpc-endpoint.js";
import type { OwnNetworkSpec } from "../spec/own-network.js";
import { addEndpoints } from "./vpc-endpoints-graph.js";

/** Who uses a network that quayside creates, and which subnets: for the load balancer on the internet, the public ones. */
export interface NetworkUse {
  /** `of cluster web`. */
  readonly name: string;
  readonly subnets: "public" | "private";
  /** The type of the instances; `undefined` if there are none. */
  readonly instanceType?: string | undefined;
  /** The AWS services that it must reach, also without a NAT gateway. */
  readonly reaches: readonly string[];
}

/** The nodes of a network. */
export interface OwnNetworkRefs {
  readonly vpc: Ref<VpcState>;
  readonly zones: readonly string[];
  readonly publicSubnets: readonly Ref<SubnetState>[];
  readonly privateSubnets: readonly Ref<SubnetState>[];
  readonly publicTable: Ref<RouteTableState> | undefined;
  readonly privateTables: readonly Ref<RouteTableState>[];
  readonly natGateways: readonly Ref<NatGatewayState>[];
  readonly endpoints: readonly Ref<VpcEndpointState>[];
}

/** Adds a network that quayside creates, and the subnets of it that something uses. */
export async function addUsedNetwork(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  use: NetworkUse,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<Ref<NetworkState>> {
  const network = await addOwnNetwork(graph, spec, use, context, purpose);
  const { zones } = network;
  const isPublic = use.subnets === "public";
  const offering =
    zones.length === 0 ? zones : await zonesOffering(isPublic ? undefined : use.instanceType, zones, context);
  const tables = isPublic ? [network.publicTable] : network.privateTables;
  return graph.add({
    kind: ownNetworkKind,
    name: use.name,
    owner: undefined,
    needs: {
      vpc: created(network.vpc),
      subnets: (isPublic ? network.publicSubnets : network.privateSubnets).map((each) => created(each)),
      tables: tables.flatMap((table) => created(table) ?? []),
      endpoints: isPublic ? [] : network.endpoints.map((each) => ready(each)),
    },
    desired: ({ vpc: { vpcId }, subnets }) => {
      const subnetIds = subnets.map(({ subnetId }) => subnetId);
      return {
        vpcId,
        zones,
        subnetIds,
        capacitySubnetIds: subnetIds.filter((_, index) => offering.includes(zones[index]!)),
        isPublic,
        needsPublicIp: false,
        isolated:
          isPublic || spec.nat !== "none" || purpose === "destroy"
            ? undefined
            : { subnetIds, unaddressed: [], endpoints: [...new Set([...use.reaches, ...spec.endpoints])] },
        tags: {},
      };
    },
  });
}

/** Adds the parts of a network. A destroy finds all but the VPC by their tags. */
export async function addOwnNetwork(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  { instanceType, reaches }: Pick<NetworkUse, "instanceType" | "reaches">,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<OwnNetworkRefs> {
  const { name, cidr } = spec;
  const vpc = graph.add({
    kind: vpcKind,
    name,
    owner: ownerOf.network(name),
    needs: {},
    desired: () => ({ name, cidr, dnsHostnames: true as const, tags: partTags(spec, name) }),
  });
  const layout = purpose === "destroy" ? [] : await networkLayout(spec, instanceType, context);
  if (layout.length === 0)
    return {
      vpc,
      zones: [],
      publicSubnets: [],
      privateSubnets: [],
      publicTable: undefined,
      privateTables: [],
      natGateways: [],
      endpoints: [],
    };
  const { subnets: publicSubnets, table: publicTable } = addPublicSubnets(graph, spec, vpc, layout);
  const natGateways = addNatGateways(graph, spec, publicTable, publicSubnets, layout);
  const privateParts = layout.map(({ zone, privateCidr }, index) =>
    addPrivateSubnet(graph, spec, vpc, {
      zone,
      cidr: privateCidr,
      natGateway: natGateways[index] ?? natGateways[0],
    }),
  );
  const privateSubnets = privateParts.map(({ subnet }) => subnet);
  const privateTables = privateParts.map(({ table }) => table);
  const zones = layout.map(({ zone }) => zone);
  const endpoints = addEndpoints(graph, spec, reaches, context, {
    vpc,
    subnets: privateSubnets,
    tables: privateTables,
    zones,
  });
  return { vpc, zones, publicSubnets, privateSubnets, publicTable, privateTables, natGateways, endpoints };
}

function addSubnet(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  vpc: Ref<VpcState>,
  { name, zone, cidr }: { readonly name: string; readonly zone: string; readonly cidr: string },
): Ref<SubnetState> {
  return graph.add({
    kind: subnetKind,
    name,
    owner: ownerOf.network(spec.name),
    needs: { vpc: created(vpc) },
    desired: ({ vpc: { vpcId } }) => ({ name, vpcId, zone, cidr, tags: partTags(spec, name) }),
  });
}

function addPublicSubnets(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  vpc: Ref<VpcState>,
  layout: readonly ZoneLayout[],
): { readonly subnets: readonly Ref<SubnetState>[]; readonly table: Ref<RouteTableState> } {
  const owner = ownerOf.network(spec.name);
  const gateway = graph.add({
    kind: internetGatewayKind,
    name: spec.name,
    owner,
    needs: { vpc: created(vpc) },
    desired: ({ vpc: { vpcId } }) => ({ name: spec.name, vpcId, tags: partTags(spec, spec.name) }),
  });
  const subnets = layout.map(({ zone, publicCidr }) =>
    addSubnet(graph, spec, vpc, { name: `${spec.name}-public-${zone}`, zone, cidr: publicCidr }),
  );
  const name = `${spec.name}-public`;
  const table = graph.add({
    kind: routeTableKind,
    name,
    owner,
    needs: {
      vpc: created(vpc),
      gateway: created(gateway),
      subnets: subnets.map((subnet) => created(subnet)),
    },
    desired: (known) => ({
      name,
      vpcId: known.vpc.vpcId,
      subnetIds: known.subnets.map(({ subnetId }) => subnetId),
      defaultRoute: known.gateway.gatewayId,
      tags: partTags(spec, name),
    }),
  });
  return { subnets, table };
}

/** Adds a NAT gateway in the first zone or in each, with its Elastic IP address. */
function addNatGateways(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  publicTable: Ref<RouteTableState>,
  publicSubnets: readonly Ref<SubnetState>[],
  layout: readonly ZoneLayout[],
): readonly Ref<NatGatewayState>[] {
  const owner = ownerOf.network(spec.name);
  const count = { one: 1, each: layout.length, none: 0 }[spec.nat];
  return layout.slice(0, count).map(({ zone }, index) => {
    const name = `${spec.name}-nat-${zone}`;
    const tags = partTags(spec, name);
    const address = graph.add({
      kind: elasticIpKind,
      name,
      owner,
      needs: {},
      desired: () => ({ name, tags }),
    });
    return graph.add({
      kind: natGatewayKind,
      name,
      owner,
      needs: {
        subnet: created(publicSubnets[index]!),
        address: created(address),
        // Without a way to the internet, it would fail.
        table: created(publicTable),
      },
      desired: ({ subnet: { subnetId }, address: { allocationId } }) => ({
        name,
        subnetId,
        allocationId,
        tags,
      }),
    });
  });
}

function addPrivateSubnet(
  graph: Graph<AwsContext>,
  spec: OwnNetworkSpec,
  vpc: Ref<VpcState>,
  {
    zone,
    cidr,
    natGateway,
  }: { readonly zone: string; readonly cidr: string; readonly natGateway: Ref<NatGatewayState> | undefined },
): { readonly subnet: Ref<SubnetState>; readonly table: Ref<RouteTableState> } {
  const name = `${spec.name}-private-${zone}`;
  const subnet = addSubnet(graph, spec, vpc, { name, zone, cidr });
  const table = graph.add({
    kind: routeTableKind,
    name,
    owner: ownerOf.network(spec.name),
    needs: { vpc: created(vpc), subnet: created(subnet), natGateway: ready(natGateway) },
    desired: (known) => ({
      name,
      vpcId: known.vpc.vpcId,
      subnetIds: [known.subnet.subnetId],
      defaultRoute: known.natGateway?.natGatewayId,
      tags: partTags(spec, name),
    }),
  });
  return { subnet, table };
}
