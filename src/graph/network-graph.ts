import type { AwsContext } from "../aws/context.js";
import type { GraphPurpose } from "../engine/graph.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { NetworkDesired, NetworkState } from "../network/network-state.js";
import { networkKind } from "../network/network.js";
import { FARGATE_ENDPOINTS } from "../network/vpc-endpoints.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";

/** Adds the VPC and subnets of a cluster's instances and tasks. */
export function addClusterNetwork(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  zones: number,
  purpose: GraphPurpose,
): Ref<NetworkState> {
  const { capacity, network } = spec;
  const instanceType = capacity.type === "ec2" ? capacity.instanceType : undefined;
  const isDefault = network === undefined;
  const addresses = addressesOf(capacity);
  return graph.add({
    kind: networkKind,
    name: isDefault ? defaultName(graph, instanceType, addresses) : `of cluster ${spec.name}`,
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
export function addBalancerNetwork(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  cluster: { readonly spec: ClusterSpec; readonly network: Ref<NetworkState> } | undefined,
  purpose: GraphPurpose,
): Ref<NetworkState> {
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
      ...spec.network,
      vpcId: beside?.vpcId,
      zones: purpose === "destroy" ? 0 : 2,
      tags: {},
    }),
  });
}
