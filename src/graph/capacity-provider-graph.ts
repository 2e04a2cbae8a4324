import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { AutoScalingGroupState } from "../cluster/auto-scaling-group.js";
import { capacityProviderKind } from "../cluster/capacity-provider.js";
import {
  clusterCapacityProviderKind,
  nodeName,
  type ClusterCapacityProviderState,
} from "../cluster/cluster-capacity-provider.js";
import type { EcsClusterState } from "../cluster/cluster-state.js";
import {
  instanceBoundsKind,
  usedInstanceBoundsKind,
  type InstanceBoundsState,
} from "../cluster/instance-bounds.js";
import { created, ready, type Graph, type Ref } from "../engine/graph.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { Ec2CapacitySpec } from "../spec/ec2.js";
import { autoScalingGroupName, capacityProviderName } from "../spec/derived-names.js";
import type { InstanceScalingSpec } from "../spec/scaling/cluster-autoscale.js";
import { scheduledBounds } from "../spec/scaling/scheduled-bounds.js";

/**
 * Adds the capacity provider of a group, and then its bounds: ECS must know the group before it has instances. Every
 * group has one, so that instances that AWS replaces (a failed status check, Availability Zone rebalancing, a lower
 * maximum) are drained first.
 */
export function addCapacity(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  capacity: Ec2CapacitySpec,
  instances: Ref<AutoScalingGroupState>,
  cluster: Ref<EcsClusterState>,
): {
  readonly bounds: Ref<InstanceBoundsState>;
  readonly capacityProvider: Ref<ClusterCapacityProviderState> | undefined;
} {
  const { min, max, scaling } = capacity;
  const owner = ownerOf.cluster(spec.name);
  const { tags } = spec;
  const groupName = autoScalingGroupName(spec.name);
  const provider = addCapacityProvider(graph, spec, scaling, instances, cluster);
  const scheduled = scheduledBounds(scaling?.schedule ?? []);
  const bounds = graph.add({
    kind: spec.claim === "own" ? instanceBoundsKind : usedInstanceBoundsKind,
    name: groupName,
    owner,
    claim: claimOf(spec),
    needs: { group: created(instances), provider: ready(provider), cluster: created(cluster) },
    desired: ({ cluster: { clusterName } }) => ({
      groupName,
      clusterName,
      min,
      max,
      ...(scheduled === undefined ? {} : { scheduled }),
      tags,
    }),
  });
  const capacityProvider = scaling?.by === "managed" ? provider : undefined;
  return { bounds, capacityProvider };
}

/** Another chain may describe a cluster that is only named here. */
const claimOf = ({ claim }: ClusterSpec): "own" | "use" => (claim === "own" ? "own" : "use");

/** Lets ECS drain instances before they are terminated, and, with managed scaling, decide on their number. */
function addCapacityProvider(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  scaling: InstanceScalingSpec | undefined,
  instances: Ref<AutoScalingGroupState>,
  cluster: Ref<EcsClusterState>,
): Ref<ClusterCapacityProviderState> {
  const owner = ownerOf.cluster(spec.name);
  const name = capacityProviderName(spec.name);
  const { tags } = spec;
  const targetCapacity = scaling?.by === "managed" ? scaling.targetCapacity : undefined;
  const provider = graph.add({
    kind: capacityProviderKind,
    name,
    owner,
    claim: claimOf(spec),
    needs: { instances: created(instances) },
    desired: ({ instances: { arn } }) => ({
      name,
      groupArn: arn,
      targetCapacity,
      terminationProtection: targetCapacity !== undefined,
      tags,
    }),
  });
  const attached = { clusterName: spec.name, capacityProvider: name };
  return graph.add({
    kind: clusterCapacityProviderKind,
    name: nodeName(attached),
    owner,
    claim: claimOf(spec),
    needs: { provider: ready(provider), cluster: ready(cluster) },
    desired: () => ({ ...attached, tags }),
  });
}

/**
 * Adds the capacity provider of a cluster that is only named here, and that another chain has described with
 * managed scaling: ECS starts instances only for services that use the capacity provider.
 */
export async function addNamedCapacityProvider(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  cluster: Ref<EcsClusterState>,
  context: AwsContext,
): Promise<Ref<ClusterCapacityProviderState> | undefined> {
  if (spec.claim !== "use-or-create") return undefined;
  const owner = ownerOf.cluster(spec.name);
  const name = capacityProviderName(spec.name);
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
