import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { EcsClusterState } from "../cluster/cluster-state.js";
import {
  existingManagedInstancesKind,
  managedInstancesKind,
  type ManagedInstancesState,
} from "../cluster/managed-instances.js";
import { created, ready, type Graph, type Ref } from "../engine/graph.js";
import type { IamRoleState } from "../iam/iam-role.js";
import { instanceProfileKind } from "../iam/instance-profile.js";
import { iamPathBelow, regionalTags } from "../iam/region.js";
import { assertReachable } from "../network/egress.js";
import type { NetworkState } from "../network/network-state.js";
import { securityGroupKind, type SecurityGroupState } from "../network/security-group.js";
import { INSTANCE_ENDPOINTS } from "../network/vpc-endpoints.js";
import type { ClusterSpec } from "../spec/cluster.js";
import {
  managedInfrastructureRoleName,
  managedInstanceRoleName,
  managedInstancesName,
} from "../spec/derived-names.js";
import type { ManagedInstancesCapacitySpec } from "../spec/managed-instances.js";
import { addRole } from "./iam-role-graph.js";

interface ManagedInstancesRefs {
  readonly capacityProvider: Ref<ManagedInstancesState>;
  readonly instanceSecurityGroup: Ref<SecurityGroupState> | undefined;
}

/** Adds the capacity provider of a cluster's Managed Instances, and the roles and the security group that it needs. */
export async function addManagedInstances(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  capacity: ManagedInstancesCapacitySpec,
  context: AwsContext,
  { cluster, network }: { readonly cluster: Ref<EcsClusterState>; readonly network: Ref<NetworkState> },
): Promise<ManagedInstancesRefs> {
  const { name: clusterName, tags } = spec;
  if (spec.claim === "existing") {
    const capacityProvider = graph.add({
      kind: existingManagedInstancesKind,
      name: clusterName,
      owner: undefined,
      needs: { cluster: created(cluster) },
      desired: () => ({ clusterName, tags: {} }),
    });
    return { capacityProvider, instanceSecurityGroup: undefined };
  }
  const owner = ownerOf.cluster(clusterName);
  const instanceSecurityGroup = graph.add({
    kind: securityGroupKind,
    name: capacity.securityGroup,
    owner,
    needs: { network: created(network) },
    desired: ({ network: { vpcId } }) => ({
      groupName: capacity.securityGroup,
      description: `Managed Instances of ${clusterName}`,
      vpcId,
      tags,
    }),
  });
  const { infrastructureRole, profile } = await addRoles(graph, spec, capacity, owner, context);
  const name = managedInstancesName(clusterName, capacity.spot);
  const capacityProvider = graph.add({
    kind: managedInstancesKind,
    name,
    owner,
    needs: {
      cluster: ready(cluster),
      network: created(network),
      securityGroup: created(instanceSecurityGroup),
      infrastructureRole: created(infrastructureRole),
      profile: created(profile),
    },
    desired: (known) => {
      const { capacitySubnetIds, isolated } = known.network;
      assertReachable(`cluster ${clusterName}`, INSTANCE_ENDPOINTS, isolated, context.region);
      const { requirements, storage, scaleInAfter, autoRepair } = capacity;
      return {
        name,
        clusterName,
        infrastructureRoleArn: known.infrastructureRole?.arn ?? capacity.infrastructureRole!,
        instanceProfileArn: known.profile.arn,
        subnetIds: capacitySubnetIds,
        securityGroupIds: [known.securityGroup.groupId],
        capacityOption: capacity.spot ? ("SPOT" as const) : ("ON_DEMAND" as const),
        monitoring: capacity.monitoring === "detailed" ? ("DETAILED" as const) : ("BASIC" as const),
        ...(requirements !== undefined && { requirements }),
        ...(storage !== undefined && { storage }),
        ...(scaleInAfter !== undefined && { scaleInAfter }),
        ...(autoRepair !== undefined && {
          autoRepair: autoRepair ? ("ENABLED" as const) : ("DISABLED" as const),
        }),
        tags,
      };
    },
  });
  return { capacityProvider, instanceSecurityGroup };
}

async function addRoles(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  capacity: ManagedInstancesCapacitySpec,
  owner: string,
  context: AwsContext,
) {
  const awsPolicy = (name: string) => `arn:${context.partition}:iam::aws:policy/${name}`;
  const role = await addRole(graph, spec, owner, context, {
    roleName: (region) => managedInstanceRoleName(spec.name, region),
    service: "ec2.amazonaws.com",
    description: `Managed Instances of ${spec.name}`,
    needs: {},
    policies: () => ({
      managed: [
        awsPolicy("AmazonECSInstanceRolePolicyForManagedInstances"),
        ...capacity.instanceRolePolicies,
      ],
    }),
  });
  const profileName = role.id.slice(role.id.indexOf("/") + 1);
  const profile = graph.add({
    kind: instanceProfileKind,
    name: profileName,
    owner,
    needs: { role: created(role) },
    desired: ({ role: { roleName } }) => ({
      profileName,
      roleName,
      path: iamPathBelow(spec.iam?.path ?? "/", owner, context),
      tags: regionalTags(spec.tags, context),
    }),
  });
  const infrastructureRole =
    capacity.infrastructureRole === undefined
      ? await addInfrastructureRole(graph, spec, owner, context, role)
      : undefined;
  return { profile, infrastructureRole };
}

/**
 * AWS's policy lets ECS pass roles whose names begin with `ecsInstanceRole`: any other needs a permission of its own.
 * Source: ECS Developer Guide, "Amazon ECS Managed Instances instance profile".
 */
const addInfrastructureRole = (
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  owner: string,
  context: AwsContext,
  instanceRole: Ref<IamRoleState>,
) =>
  addRole(graph, spec, owner, context, {
    roleName: (region) => managedInfrastructureRoleName(spec.name, region),
    service: "ecs.amazonaws.com",
    description: `Infrastructure role of cluster ${spec.name}`,
    needs: { instanceRole: created(instanceRole) },
    policies: ({ instanceRole: { arn } }) => ({
      managed: [
        `arn:${context.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances`,
      ],
      inline: {
        "pass-instance-role": {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: arn,
              Condition: { StringLike: { "iam:PassedToService": "ec2.*" } },
            },
          ],
        },
      },
    }),
  });
