import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { OWNER_TAG } from "../aws/tags.js";
import { amiKind } from "../cluster/ami.js";
import type { Architecture, InstanceTypeState } from "../cluster/instance-type.js";
import { existingKeyPairKind, keyPairKind } from "../cluster/key-pair.js";
import { launchTemplateKind, type LaunchTemplateState } from "../cluster/launch-template.js";
import { volumeDevice } from "../cluster/host-volume-mapping.js";
import { userData, type HostSystem } from "../cluster/user-data.js";
import { created, type Graph, type Need, type Ref } from "../engine/graph.js";
import { isUnknown } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { iamRoleKind } from "../iam/iam-role.js";
import { instanceProfileKind, type InstanceProfileState } from "../iam/instance-profile.js";
import { iamPathBelow, regionalTags } from "../iam/region.js";
import { regionalRoleName } from "../iam/role-name.js";
import type { NetworkState } from "../network/network-state.js";
import type { SecurityGroupState } from "../network/security-group.js";
import type { ClusterSpec } from "../spec/cluster.js";
import { autoScalingGroupName, instanceRoleName } from "../spec/derived-names.js";
import type { Ec2CapacitySpec } from "../spec/ec2.js";

interface TemplateInputs {
  readonly network: Ref<NetworkState>;
  readonly instanceType: Ref<InstanceTypeState>;
  /** The types besides the first. */
  readonly otherTypes: readonly Ref<InstanceTypeState>[];
  readonly securityGroup: Ref<SecurityGroupState>;
}

/** Adds the launch template of a cluster's instances, and what it refers to: AMI, role, profile and key pair. */
export async function addLaunchTemplate(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  capacity: Ec2CapacitySpec,
  context: AwsContext,
  { network, instanceType, otherTypes, securityGroup }: TemplateInputs,
): Promise<{
  readonly launchTemplate: Need<LaunchTemplateState>;
  readonly profile: Need<InstanceProfileState>;
}> {
  const owner = ownerOf.cluster(spec.name);
  const { tags } = spec;
  // Another chain may describe a cluster that is only named here.
  const claim = spec.claim === "own" ? "own" : "use";
  const groupName = autoScalingGroupName(spec.name);
  const ami = graph.add({
    kind: amiKind,
    name: `of ${groupName}`,
    owner: undefined,
    needs: { instanceType: created(instanceType), others: otherTypes.map((type) => created(type)) },
    desired: ({ instanceType: { architecture, accelerator }, others }) => ({
      ...oneArchitecture(spec.name, capacity, architecture, others),
      ami: capacity.ami,
      instanceType: capacity.instanceType,
      architecture,
      accelerator,
      os: capacity.os,
      isFollowed: capacity.refresh === "on-deploy",
      launchTemplateName: groupName,
      tags: {},
    }),
  });
  const iamName =
    capacity.instanceRole ??
    (await regionalRoleName((region) => instanceRoleName(spec.name, region), owner, context));
  const { permissionsBoundary, path: prefix = "/" } = spec.iam ?? {};
  const regional = { path: iamPathBelow(prefix, owner, context), tags: regionalTags(tags, context) };
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
        ...(capacity.sessionManager
          ? [`arn:${context.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`]
          : []),
        ...capacity.instanceRolePolicies,
      ],
      inlinePolicies: {},
      description: `Container instances of ${spec.name}`,
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
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
      securityGroup: created(securityGroup),
      network: created(network),
      keyPair: created(keyPair),
    },
    desired: ({ ami: { imageId, system }, securityGroup: { groupId }, network: { needsPublicIp } }) => ({
      launchTemplateName: groupName,
      imageId,
      instanceType: capacity.instanceType,
      keyName: capacity.keyPair?.name,
      securityGroupIds: [groupId],
      publicIp: capacity.publicIp ?? (needsPublicIp ? true : undefined),
      volume: capacity.volume && { ...capacity.volume, device: volumeDevice(system) },
      metadataHopLimit: capacity.metadataHopLimit,
      // Of the profile and the cluster it has only the names: the group's instances need them.
      profileName: iamName,
      userData: userData({
        clusterName: spec.name,
        system: supported(system, spec.name, capacity),
        spot: capacity.spot,
        agent: capacity.agent,
        commands: capacity.userData,
      }),
      // Of a mixed instances policy, the policy says it.
      spot: capacity.spot && capacity.mixed === undefined,
      // Without it, EC2 measures only every five minutes, which is too coarse for the steps' alarms.
      detailedMonitoring: capacity.scaling?.by === "steps",
      instanceTags: { Name: groupName, ...tags, [OWNER_TAG]: owner },
      tags,
    }),
  });
  return { launchTemplate: created(launchTemplate), profile: created(profile) };
}

/** All instances of a group boot from one AMI. */
function oneArchitecture(
  cluster: string,
  { instanceTypes }: Ec2CapacitySpec,
  architecture: Architecture,
  others: readonly InstanceTypeState[],
): object {
  const index = others.findIndex(
    (other) => !isUnknown(other.architecture) && other.architecture !== architecture,
  );
  if (index === -1) return {};
  const [type, other] = [instanceTypes[0]!, instanceTypes[index + 1]!];
  throw new QuaysideError(
    "different-architectures",
    `Nothing was changed: the instance types of cluster ${cluster} have different architectures: ${type} is ${architecture}, ${other} is ${others[index]!.architecture}`,
    {
      facts: { cluster, instanceTypes },
      fix: "Describe types of one architecture: all instances of a cluster boot from one AMI.",
    },
  );
}

/** Bottlerocket has no shell, and reads only settings at its first boot. */
function supported(
  system: HostSystem,
  cluster: string,
  { ami, userData: commands }: Ec2CapacitySpec,
): HostSystem {
  if (system !== "bottlerocket" || commands === undefined) return system;
  throw new QuaysideError(
    "user-data-not-supported",
    `Nothing was changed: the instances of cluster ${cluster} cannot run the commands of userData: their AMI is Bottlerocket, which has no shell`,
    {
      facts: { cluster, ami },
      fix: "Remove userData, or use an ECS-optimized Amazon Linux AMI.",
    },
  );
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
    owner: keyPair.createTo === undefined ? undefined : owner,
    claim: "share",
    needs: {},
    desired: () => ({ keyName: keyPair.name, createTo: keyPair.createTo, tags }),
  });
}
