import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { actualCapacity, type ActualCapacity } from "../cluster/actual-capacity.js";
import { amiKind } from "../cluster/ami.js";
import { autoScalingGroupKind, type AutoScalingGroupState } from "../cluster/auto-scaling-group.js";
import type { ClusterCapacityProviderState } from "../cluster/cluster-capacity-provider.js";
import { clusterInstancesKind, notInVpc } from "../cluster/cluster-instances.js";
import type { EcsClusterState } from "../cluster/cluster-state.js";
import { ecsClusterKind, existingClusterKind, hasOwnCapacity } from "../cluster/ecs-cluster.js";
import { instanceTypeKind, type InstanceTypeState } from "../cluster/instance-type.js";
import { existingKeyPairKind, keyPairKind } from "../cluster/key-pair.js";
import { launchTemplateKind, userData } from "../cluster/launch-template.js";
import { unmanagedInstances } from "../cluster/unmanaged-instances.js";
import { created, ready, type Graph, type Need, type Ref } from "../engine/graph.js";
import { isUnknown } from "../engine/kind.js";
import { iamRoleKind } from "../iam/iam-role.js";
import { instanceProfileKind } from "../iam/instance-profile.js";
import { iamPath, regionalTags } from "../iam/region.js";
import { regionalRoleName } from "../iam/role-name.js";
import type { NetworkState } from "../network/network-state.js";
import { securityGroupKind } from "../network/security-group.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { Ec2CapacitySpec } from "../spec/ec2.js";
import { autoScalingGroupName, instanceRoleName } from "../spec/derived-names.js";
import { addNamedCapacityProvider, addScaledInstances } from "./capacity-provider-graph.js";

/** The nodes of a cluster that its services refer to. */
export interface ClusterRefs {
  readonly cluster: Ref<EcsClusterState>;
  /** The need of instances to run on. Only with EC2 capacity that quayside manages. */
  readonly instances: Need<unknown> | undefined;
  /** Only with EC2 capacity that quayside manages. */
  readonly group: Ref<AutoScalingGroupState> | undefined;
  /** Only if ECS scales the instances: services get them through it. */
  readonly capacityProvider: Ref<ClusterCapacityProviderState> | undefined;
  /** The security group that the load balancer must reach on EC2. */
  readonly instanceSecurityGroup: Ref<{ readonly groupId: string }> | undefined;
  /** The CPU architecture that images are built for; `undefined` if the cluster does not determine it. */
  readonly architecture: Ref<Pick<InstanceTypeState, "architecture">> | undefined;
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
    needs: {},
    desired: () => ({
      clusterName: spec.name,
      capacityProviders: spec.capacity.type === "fargate" ? ["FARGATE", "FARGATE_SPOT"] : [],
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
  const unmanaged = capacityProvider && (await unmanagedInstances(spec, context));
  return { cluster, ...added, capacityProvider: unmanaged ? undefined : capacityProvider };
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
  const ami = graph.add({
    kind: amiKind,
    name: capacity.ami ?? "ECS-optimized Amazon Linux 2023",
    owner: undefined,
    needs: { instanceType: created(instanceType) },
    desired: ({ instanceType: { architecture } }) => ({ ami: capacity.ami, architecture, tags: {} }),
  });
  const iamName =
    capacity.instanceRole ??
    (await regionalRoleName((region) => instanceRoleName(spec.name, region), owner, context));
  const regional = { path: iamPath(owner, context), tags: regionalTags(tags, context) };
  const role = graph.add({
    kind: iamRoleKind,
    name: iamName,
    owner,
    claim,
    needs: {},
    desired: () => ({
      roleName: iamName,
      service: "ec2.amazonaws.com" as const,
      managedPolicies: [
        `arn:${context.partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role`,
      ],
      inlinePolicies: {},
      description: `Container instances of ${spec.name}`,
      ...regional,
    }),
  });
  const profile = graph.add({
    kind: instanceProfileKind,
    name: iamName,
    owner,
    claim,
    needs: { role: created(role) },
    desired: ({ role: { roleName } }) => ({ profileName: iamName, roleName, ...regional }),
  });
  const keyPair = addKeyPair(graph, capacity, owner, spec);
  const launchTemplate = graph.add({
    kind: launchTemplateKind,
    name: groupName,
    owner,
    claim,
    needs: {
      ami: created(ami),
      profile: created(profile),
      securityGroup: created(instanceSecurityGroup),
      // The ECS agent does not create the cluster that it registers with.
      cluster: created(cluster),
      keyPair: created(keyPair),
    },
    desired: ({
      ami: { imageId },
      profile: { profileName },
      securityGroup: { groupId },
      cluster: { clusterName },
    }) => ({
      launchTemplateName: groupName,
      imageId,
      pinImage: capacity.ami !== undefined,
      instanceType: capacity.instanceType,
      keyName: capacity.keyPair?.name,
      securityGroupIds: [groupId],
      profileName,
      userData: userData(clusterName, capacity.userData),
      spot: capacity.spot,
      // Without it, EC2 measures only every five minutes, which is too coarse for the steps' alarms.
      detailedMonitoring: capacity.scaling?.by === "steps",
      tags,
    }),
  });
  const instances = graph.add({
    kind: autoScalingGroupKind,
    name: groupName,
    owner,
    claim,
    needs: { launchTemplate: created(launchTemplate), network: created(network), cluster: created(cluster) },
    desired: ({
      launchTemplate: { id, version },
      network: { capacitySubnetIds },
      cluster: { clusterName },
    }) => ({
      groupName,
      clusterName,
      min: capacity.min,
      max: capacity.max,
      // ECS protects instances with tasks only if the group protects new instances from scale-in.
      protectedFromScaleIn: capacity.scaling?.by === "managed" ? true : undefined,
      startsEmpty: capacity.scaling === undefined ? undefined : true,
      launchTemplateId: id,
      launchTemplateVersion: version,
      subnetIds: capacitySubnetIds,
      tags,
    }),
  });
  const { scaling } = capacity;
  if (scaling === undefined)
    return {
      instances: ready(instances),
      group: instances,
      capacityProvider: undefined,
      instanceSecurityGroup,
      architecture: instanceType,
    };
  const { bounds, capacityProvider } = addScaledInstances(
    graph,
    spec,
    { ...capacity, scaling },
    instances,
    cluster,
  );
  return {
    instances: ready(bounds),
    group: instances,
    capacityProvider,
    instanceSecurityGroup,
    architecture: instanceType,
  };
}

function addKeyPair(
  graph: Graph<AwsContext>,
  { keyPair }: Ec2CapacitySpec,
  owner: string,
  { tags }: ClusterSpec,
) {
  if (keyPair === undefined) return undefined;
  return graph.add({
    // A key pair that is not created must exist, which is checked before anything is changed.
    kind: keyPair.createTo === undefined ? existingKeyPairKind : keyPairKind,
    name: keyPair.name,
    owner,
    claim: "share",
    needs: {},
    desired: () => ({ keyName: keyPair.name, createTo: keyPair.createTo, tags }),
  });
}
