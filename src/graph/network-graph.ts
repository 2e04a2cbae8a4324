import type { AwsContext } from "../aws/context.js";
import type { GraphPurpose } from "../engine/graph.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { NetworkDesired, NetworkState } from "../network/network-state.js";
import { networkKind } from "../network/network.js";
import { QuaysideError } from "../errors.js";
import { FARGATE_ENDPOINTS } from "../network/vpc-endpoints.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { endpointNeeds, type TaskInNetwork } from "./endpoint-needs.js";
import { addUsedNetwork } from "./own-network-graph.js";

/** Adds the VPC and subnets of a cluster's instances and tasks. */
export async function addClusterNetwork(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  zones: number,
  context: AwsContext,
  purpose: GraphPurpose,
  tasks: readonly TaskInNetwork[] = [],
): Promise<Ref<NetworkState>> {
  const { capacity } = spec;
  const instanceType = capacity.type === "ec2" ? capacity.instanceType : undefined;
  const name = `of cluster ${spec.name}`;
  if (spec.network?.own !== undefined)
    return addUsedNetwork(
      graph,
      spec.network.own,
      { name, subnets: "private", instanceType, reaches: endpointNeeds(spec, tasks, context) },
      context,
      purpose,
    );
  const { own: _own, ...network } = spec.network ?? {};
  const isDefault = spec.network === undefined;
  const addresses = addressesOf(capacity);
  return graph.add({
    kind: networkKind,
    name: isDefault ? defaultName(graph, instanceType, addresses) : name,
    owner: undefined,
    needs: {},
    desired: () => ({
      subject: `cluster ${spec.name}`,
      access: "any" as const,
      reaches: purpose === "deploy" && capacity.type === "fargate" ? FARGATE_ENDPOINTS : undefined,
      ...(addresses !== "asked" && { publicAddresses: addresses }),
      ...network,
      // A destroy needs no subnets.
      ...(purpose === "destroy" ? { zones: 0 } : { zones: isDefault ? zones : 1, instanceType }),
      tags: {},
    }),
  });
}

type Addresses = NonNullable<NetworkDesired["publicAddresses"]>;

/** ECS asks for no public addresses of its Managed Instances: they have what their subnets assign. */
function addressesOf(capacity: ClusterSpec["capacity"]): Addresses {
  if (capacity.type === "managed-instances") return "by-subnet";
  return capacity.type === "ec2" && capacity.publicIp === false ? "none" : "asked";
}

/** The name of the default network: clusters share it if they have the same instance type and kind of addresses. */
function defaultName(
  graph: Graph<AwsContext>,
  instanceType: string | undefined,
  addresses: Addresses,
): string {
  const first = graph.node(`${networkKind.kind}/default`)?.desired({}) as
    Pick<NetworkDesired, "instanceType" | "publicAddresses"> | undefined;
  const isSame = first?.instanceType === instanceType && (first?.publicAddresses ?? "asked") === addresses;
  if (first === undefined || isSame) return "default";
  if (addresses === "by-subnet") return "default for Managed Instances";
  return `default for ${instanceType ?? "Fargate"}${addresses === "none" ? " without public addresses" : ""}`;
}

/** Adds the VPC and subnets of a load balancer: those that it is given, else those of the VPC of the cluster behind it. */
export async function addBalancerNetwork(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  cluster: { readonly spec: ClusterSpec; readonly network: Ref<NetworkState> } | undefined,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<Ref<NetworkState>> {
  const own = spec.network === undefined ? cluster?.spec.network?.own : spec.network.own;
  if (own !== undefined) {
    if (own.zones < 2 && spec.type !== "network" && purpose === "deploy")
      throw tooFewZones(spec.name, own.name);
    const subnets = spec.scheme === "internet-facing" ? "public" : "private";
    const use = { name: `of load balancer ${spec.name}`, subnets, reaches: [] } as const;
    return addUsedNetwork(graph, own, use, context, purpose);
  }
  const { own: _own, ...network } = spec.network ?? {};
  if (spec.network === undefined && cluster !== undefined && cluster.spec.network === undefined)
    return cluster.network;
  return graph.add({
    kind: networkKind,
    name: spec.network === undefined && cluster === undefined ? "default" : `of load balancer ${spec.name}`,
    owner: undefined,
    needs: { beside: spec.network === undefined ? created(cluster?.network) : undefined },
    desired: ({ beside }) => ({
      subject: `load balancer ${spec.name}`,
      access:
        spec.scheme === "internet-facing" && purpose === "deploy" ? ("internet" as const) : ("any" as const),
      ...network,
      vpcId: beside?.vpcId,
      zones: purpose === "destroy" ? 0 : spec.type === "network" ? 1 : 2,
      tags: {},
    }),
  });
}

/** Source: Elastic Load Balancing User Guide, "Application Load Balancers": subnets in at least two zones. */
const tooFewZones = (balancer: string, network: string): QuaysideError =>
  new QuaysideError(
    "too-few-zones",
    `Nothing was changed: load balancer ${balancer} needs subnets in 2 Availability Zones, and network ${network} has one`,
    {
      facts: { loadBalancer: balancer, network, needed: 2 },
      fix: `Describe two zones or more: new Network("${network}").zones(2).`,
    },
  );
