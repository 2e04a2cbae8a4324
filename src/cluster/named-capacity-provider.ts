import type { AwsContext } from "../aws/context.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import type { ClusterSpec } from "../spec/deployment-spec.js";
import { capacityProviderKind, capacityProviderOf } from "./capacity-provider.js";
import {
  clusterCapacityProviderKind,
  nodeName,
  type ClusterCapacityProviderState,
} from "./cluster-capacity-provider.js";
import { clusterOwner } from "./cluster-owner.js";
import type { EcsClusterState } from "./ecs-cluster.js";

/**
 * Where ECS scales the instances of a cluster that is only named, as another deployment describes it:
 * services that did not ask its capacity provider for instances would get none beyond those that run.
 */
export async function addNamedCapacityProvider(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  cluster: Ref<EcsClusterState>,
  context: AwsContext,
): Promise<Ref<ClusterCapacityProviderState> | undefined> {
  if (spec.claim !== "use-or-create") return undefined;
  const owner = clusterOwner(spec);
  const name = capacityProviderOf(owner)!;
  const { tags } = spec;
  const attached = { clusterName: spec.name, capacityProvider: name, tags };
  if ((await clusterCapacityProviderKind.read(attached, context)) === undefined) return undefined;
  const wanted = { name, groupArn: "", targetCapacity: undefined, terminationProtection: false, tags };
  const provider = await capacityProviderKind.read(wanted, context);
  if (provider?.current.targetCapacity === undefined) return undefined;
  return graph.add({
    kind: clusterCapacityProviderKind,
    name: nodeName(attached),
    owner,
    claim: "use",
    needs: { cluster: created(cluster) },
    desired: () => attached,
  });
}
