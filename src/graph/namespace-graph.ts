import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { namespaceKind, type NamespaceState } from "../discovery/namespace.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";

/** The namespaces in which services of a graph have DNS names. */
export const dnsNamespacesOf = (specs: readonly DeploymentSpec[]): ReadonlySet<string> =>
  new Set(specs.flatMap(({ serviceDiscovery }) => serviceDiscovery?.namespace ?? []));

/**
 * The owner of a rule of the instances' group that several namespaces need: the cluster, with which it is deleted. A cluster
 * that is used as it is keeps nothing of quayside's.
 */
export const ownerInInstances = ({ name, claim }: ClusterSpec, namespace: string): string =>
  claim === "existing" ? ownerOf.namespace(namespace) : ownerOf.cluster(name);

/** Adds a namespace, which its users share like a cluster. With DNS names it is of one VPC. */
export function addNamespace(
  graph: Graph<AwsContext>,
  namespaceName: string,
  network: Ref<NetworkState>,
  dnsNamespaces: ReadonlySet<string>,
): Ref<NamespaceState> {
  const hasDns = dnsNamespaces.has(namespaceName);
  return graph.add({
    kind: namespaceKind,
    name: namespaceName,
    owner: ownerOf.namespace(namespaceName),
    claim: "share",
    needs: { network: hasDns ? created(network) : undefined },
    desired: ({ network: known }) => ({
      namespaceName,
      ...(hasDns && { vpcId: known?.vpcId }),
      tags: {},
    }),
  });
}
