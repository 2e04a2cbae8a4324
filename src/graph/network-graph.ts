import type { AwsContext } from "../aws/context.js";
import type { GraphPurpose } from "../engine/graph.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import { networkKind } from "../network/network.js";
import type { ClusterSpec, LoadBalancerSpec } from "../spec/deployment-spec.js";

/** Where a cluster's instances and tasks stand. */
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
      ...network,
      // What is to go needs no room to stand in.
      ...(purpose === "destroy" ? { zones: 0 } : { zones: isDefault ? zones : 1, instanceType }),
      tags: {},
    }),
  });
}

/** One network for all clusters, as long as they look for the same instances in it. */
function defaultName(graph: Graph<AwsContext>, instanceType: string | undefined): string {
  const first = graph.node(`${networkKind.kind}/default`)?.desired({}) as
    { instanceType?: string } | undefined;
  return first === undefined || first.instanceType === instanceType
    ? "default"
    : `default for ${instanceType ?? "Fargate"}`;
}

/** Where a load balancer stands: where it is told to, else in the VPC of the cluster behind it. */
export function addBalancerNetwork(
  graph: Graph<AwsContext>,
  spec: LoadBalancerSpec,
  cluster: { readonly spec: ClusterSpec; readonly network: Ref<NetworkState> } | undefined,
  purpose: GraphPurpose,
): Ref<NetworkState> {
  if (spec.network === undefined && cluster !== undefined && cluster.spec.network === undefined)
    return cluster.network;
  const needs =
    spec.network === undefined && cluster !== undefined ? { beside: created(cluster.network) } : {};
  return graph.add({
    kind: networkKind,
    name: spec.network === undefined && cluster === undefined ? "default" : `of load balancer ${spec.name}`,
    owner: undefined,
    needs,
    desired: (known) => ({
      subject: `load balancer ${spec.name}`,
      access:
        spec.scheme === "internet-facing" && purpose === "deploy" ? ("internet" as const) : ("any" as const),
      ...spec.network,
      vpcId: (known as { beside?: NetworkState }).beside?.vpcId,
      zones: purpose === "destroy" ? 0 : 2,
      tags: {},
    }),
  });
}
