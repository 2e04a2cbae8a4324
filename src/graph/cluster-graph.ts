import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { actualCapacity, type ActualCapacity } from "../cluster/actual-capacity.js";
import {
  autoScalingGroupKind,
  refreshedGroupKind,
  type AutoScalingGroupState,
} from "../cluster/auto-scaling-group.js";
import type { ClusterCapacityProviderState } from "../cluster/cluster-capacity-provider.js";
import { existingLogGroupKind } from "../cluster/existing-log-group.js";
import { clusterInstancesKind, notInVpc } from "../cluster/cluster-instances.js";
import type { EcsClusterState } from "../cluster/cluster-state.js";
import { ecsClusterKind, existingClusterKind, hasOwnCapacity } from "../cluster/ecs-cluster.js";
import { instanceRefreshKind } from "../cluster/instance-refresh.js";
import { instanceTypeKind, type InstanceTypeState } from "../cluster/instance-type.js";
import type { LaunchTemplateState } from "../cluster/launch-template.js";
import { unmanagedInstances } from "../cluster/unmanaged-instances.js";
import { created, ready, type Graph, type GraphPurpose, type Need, type Ref } from "../engine/graph.js";
import { isUnknown } from "../engine/kind.js";
import { assertReachable } from "../network/egress.js";
import type { NetworkState } from "../network/network-state.js";
import { securityGroupKind } from "../network/security-group.js";
import { existingAlarmKind } from "../scaling/existing-alarm.js";
import { INSTANCE_ENDPOINTS } from "../network/vpc-endpoints.js";
import type { InstancesSpec } from "../cluster/launch-configuration.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { Ec2CapacitySpec } from "../spec/ec2.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import { addNamedCapacityProvider, addCapacity } from "./capacity-provider-graph.js";
import { addManagedInstances } from "./managed-instances-graph.js";
import { addLaunchTemplate } from "./launch-template-graph.js";

/** The nodes of a cluster that its services refer to. */
export interface ClusterRefs {
  readonly cluster: Ref<EcsClusterState>;
  /** The need of instances to run on. Only with EC2 capacity that quayside manages. */
  readonly instances: Need<unknown> | undefined;
  /** Only with EC2 capacity that quayside manages. */
  readonly group: Ref<AutoScalingGroupState> | undefined;
  /** Only if ECS scales or manages the instances: services get them through it. */
  readonly capacityProvider: Ref<Pick<ClusterCapacityProviderState, "capacityProvider">> | undefined;
  /** The security group that the load balancer must reach on EC2. */
  readonly instanceSecurityGroup: Ref<{ readonly groupId: string }> | undefined;
  /** What all instances are to be launched from. Only if this run replaces those that are not. */
  readonly refresh?: RefreshRefs | undefined;
  /** The CPU architecture that images are built for; `undefined` if the cluster does not determine it. */
  readonly architecture: Ref<Pick<InstanceTypeState, "architecture">> | undefined;
}

const NOT_MIXED = { instanceTypes: undefined, spotShare: undefined };

/** The types and the share on Spot; absent where the launch template says them. */
const mixedOf = ({ mixed, instanceTypes }: Ec2CapacitySpec): RefreshRefs["mixed"] =>
  mixed === undefined ? NOT_MIXED : { instanceTypes, spotShare: mixed };

interface RefreshRefs {
  readonly launchTemplate: Ref<LaunchTemplateState>;
  readonly group: Ref<AutoScalingGroupState>;
  readonly bounds: Ref<unknown>;
  readonly types: readonly string[];
  readonly alarms: readonly string[];
  /** The mixed instances policy. */
  readonly mixed: Pick<InstancesSpec, "instanceTypes" | "spotShare">;
}

/**
 * Adds the cluster and, on EC2, everything that its container instances are created from. A cluster that is
 * only named, and that quayside does not manage or that is for Fargate, is used with its own instances.
 */
export async function addCluster(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  network: Ref<NetworkState>,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<ClusterRefs> {
  const hasOthersCapacity =
    spec.claim === "existing" ||
    (spec.claim === "use-or-create" &&
      (await hasOwnCapacity(spec.name, ownerOf.cluster(spec.name), context)));
  const cluster = graph.add({
    kind: spec.claim === "existing" ? existingClusterKind : ecsClusterKind,
    name: spec.name,
    owner: spec.claim === "existing" ? undefined : ownerOf.cluster(spec.name),
    claim: spec.claim === "own" ? "own" : "share",
    needs: { execLogGroup: created(addExecLogGroup(graph, spec)) },
    desired: () => ({
      clusterName: spec.name,
      capacityProviders: spec.capacity.type === "fargate" ? ["FARGATE", "FARGATE_SPOT"] : [],
      ...(spec.insights !== undefined && { insights: spec.insights }),
      ...(spec.execLogging !== undefined && { execLogging: spec.execLogging }),
      tags: spec.tags,
    }),
  });
  if (spec.capacity.type === "fargate")
    return {
      cluster,
      instances: undefined,
      group: undefined,
      capacityProvider: undefined,
      instanceSecurityGroup: undefined,
      architecture: undefined,
    };
  if (spec.capacity.type === "managed-instances") {
    const managed = await addManagedInstances(graph, spec, spec.capacity, context, { cluster, network });
    return { cluster, instances: undefined, group: undefined, architecture: undefined, ...managed };
  }
  if (hasOthersCapacity) {
    const instanceSecurityGroup = graph.add({
      kind: clusterInstancesKind,
      name: spec.name,
      owner: undefined,
      needs: { network: created(network) },
      desired: ({ network: { vpcId } }) => ({ clusterName: spec.name, vpcId, tags: {} }),
    });
    return {
      cluster,
      instances: undefined,
      group: undefined,
      capacityProvider: undefined,
      instanceSecurityGroup,
      architecture: instanceSecurityGroup,
    };
  }
  const capacity = await actualCapacity(spec, spec.capacity, context);
  const added = await addInstances(graph, spec, capacity, cluster, network, context);
  const capacityProvider =
    added.capacityProvider ?? (await addNamedCapacityProvider(graph, spec, cluster, context));
  // ECS places tasks of the capacity provider on its own instances only, not on those that were started before it.
  const unmanaged = capacityProvider && purpose === "deploy" && (await unmanagedInstances(spec, context)) > 0;
  return { cluster, ...added, capacityProvider: unmanaged ? undefined : capacityProvider };
}

/** The log group of ECS Exec, which must exist: ECS does not create it, and sessions would not start. */
function addExecLogGroup(graph: Graph<AwsContext>, { execLogging }: ClusterSpec) {
  const logGroupName = execLogging?.logGroup;
  if (logGroupName === undefined) return undefined;
  return graph.add({
    kind: existingLogGroupKind,
    name: logGroupName,
    owner: undefined,
    needs: {},
    desired: () => ({ logGroupName, tags: {} }),
  });
}

async function addInstances(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  capacity: ActualCapacity,
  cluster: Ref<EcsClusterState>,
  network: Ref<NetworkState>,
  context: AwsContext,
): Promise<Omit<ClusterRefs, "cluster">> {
  const owner = ownerOf.cluster(spec.name);
  const { tags } = spec;
  // Another chain may describe a cluster that is only named here.
  const claim = spec.claim === "own" ? "own" : "use";
  const groupName = autoScalingGroupName(spec.name);

  const instanceSecurityGroup = graph.add({
    kind: securityGroupKind,
    name: capacity.securityGroup,
    owner,
    claim,
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => {
      const { vpcId: actualVpcId = vpcId } = capacity;
      if (actualVpcId !== vpcId && !isUnknown(vpcId))
        throw notInVpc({ clusterName: spec.name, vpcId }, actualVpcId);
      return {
        groupName: capacity.securityGroup,
        description: `Container instances of ${spec.name}`,
        vpcId,
        tags,
      };
    },
  });
  const instanceType = graph.add({
    kind: instanceTypeKind,
    name: capacity.instanceType,
    owner: undefined,
    needs: {},
    desired: () => ({ instanceType: capacity.instanceType, tags: {} }),
  });
  const otherTypes = capacity.instanceTypes.slice(1).map((type) =>
    graph.add({
      kind: instanceTypeKind,
      name: type,
      owner: undefined,
      needs: {},
      desired: () => ({ instanceType: type, tags: {} }),
    }),
  );
  const template = await addLaunchTemplate(graph, spec, capacity, context, {
    network,
    instanceType,
    otherTypes,
    securityGroup: instanceSecurityGroup,
  });
  const isRefreshed = claim === "own" && capacity.refresh === "on-deploy";
  const instances = graph.add({
    kind: isRefreshed ? refreshedGroupKind : autoScalingGroupKind,
    name: groupName,
    owner,
    claim,
    // The ECS agent does not create the cluster that it registers with.
    needs: { ...template, network: created(network), cluster: created(cluster) },
    desired: ({
      launchTemplate: { id, version },
      network: { capacitySubnetIds, isolated, vpcId },
      cluster: { clusterName },
    }) => {
      // Instances of another chain's description, or behind a proxy, may have a way that is not seen here.
      if (capacity.vpcId === undefined && !/https?_proxy/i.test(capacity.userData ?? ""))
        assertReachable(`cluster ${spec.name}`, INSTANCE_ENDPOINTS, isolated, context.region);
      return {
        groupName,
        clusterName,
        min: capacity.min,
        max: capacity.max,
        capacityRebalance: capacity.spot ? (true as const) : undefined,
        // ECS protects instances with tasks only if the group protects new instances from scale-in.
        protectedFromScaleIn: capacity.scaling?.by === "managed" ? true : undefined,
        launchTemplateId: id,
        launchTemplateVersion: version,
        ...mixedOf(capacity),
        vpcId,
        subnetIds: capacitySubnetIds,
        tags,
      };
    },
  });
  const { bounds, capacityProvider } = addCapacity(graph, spec, capacity, instances, cluster);
  return {
    instances: ready(bounds),
    group: instances,
    capacityProvider,
    instanceSecurityGroup,
    architecture: instanceType,
    ...(isRefreshed && {
      refresh: {
        launchTemplate: template.launchTemplate.ref,
        group: instances,
        bounds,
        types: capacity.instanceTypes,
        alarms: capacity.refreshAlarms,
        mixed: mixedOf(capacity),
      },
    }),
  };
}

/**
 * Adds the replacement of all instances that are out of date. It comes last: what the new instances run must be there.
 *
 * @param after - the services of the cluster
 */
export function addInstanceRefresh(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  { refresh }: ClusterRefs,
  after: readonly Ref<unknown>[],
): void {
  if (refresh === undefined) return;
  const groupName = autoScalingGroupName(spec.name);
  const node = graph.add({
    kind: instanceRefreshKind,
    name: groupName,
    owner: ownerOf.cluster(spec.name),
    needs: {
      launchTemplate: created(refresh.launchTemplate),
      group: created(refresh.group),
      bounds: ready(refresh.bounds),
      services: after.map((service) => ready(service)),
      alarms: refresh.alarms.map((alarmName) =>
        created(
          graph.add({
            kind: existingAlarmKind,
            name: alarmName,
            owner: undefined,
            needs: {},
            desired: () => ({ alarmName, use: "refresh" as const, tags: {} }),
          }),
        ),
      ),
    },
    desired: ({ launchTemplate: { id, version } }) => ({
      groupName,
      launchTemplateId: id,
      launchTemplateVersion: version,
      ...refresh.mixed,
      types: refresh.types,
      ...(refresh.alarms.length > 0 && { alarms: refresh.alarms }),
      tags: spec.tags,
    }),
  });
  graph.goal(node);
}
