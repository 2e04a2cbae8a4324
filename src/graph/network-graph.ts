import type { AwsContext } from "../aws/context.js";
import type { GraphPurpose } from "../engine/graph.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
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
  return graph.add({
    kind: networkKind,
    name: isDefault ? defaultName(graph, instanceType) : `of cluster ${spec.name}`,
    owner: undefined,
    needs: {},
    desired: () => ({
      subject: `cluster ${spec.name}`,
      access: "any" as const,
      reaches: purpose === "deploy" && capacity.type === "fargate" ? FARGATE_ENDPOINTS : undefined,
      ...network,
      // A destroy needs no subnets.
      ...(purpose === "destroy" ? { zones: 0 } : { zones: isDefault ? zones : 1, instanceType }),
      tags: {},
    }),
  });
}

/** The name of the default network: clusters share it if they have the same instance type. */
function defaultName(graph: Graph<AwsContext>, instanceType: string | undefined): string {
  const first = graph.node(`${networkKind.kind}/default`)?.desired({}) as
    { instanceType?: string } | undefined;
  return first === undefined || first.instanceType === instanceType
    ? "default"
    : `default for ${instanceType ?? "Fargate"}`;
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
