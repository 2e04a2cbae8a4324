import type { AwsContext } from "../aws/context.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { containerInstances } from "./container-instances.js";
import type { Architecture } from "./instance-type.js";

export interface ClusterInstancesDesired extends Tagged {
  readonly clusterName: string;
  /** The VPC that they have to be in. */
  readonly vpcId: string;
}

export interface ClusterInstancesState {
  /** The security group that the instances are in. */
  readonly groupId: string;
  /** The first instance's architecture, which images are built for. */
  readonly architecture: Architecture;
}

/** The container instances of a cluster that is not managed by quayside: looked up, never changed. */
export const clusterInstancesKind: Kind<ClusterInstancesDesired, ClusterInstancesState, AwsContext> = {
  kind: "cluster-instances",
  unknown: { groupId: UNKNOWN, architecture: UNKNOWN as Architecture },

  async read(desired, context) {
    const registered = await containerInstances(desired.clusterName, context, "ACTIVE");
    const InstanceIds = registered.flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
    if (InstanceIds.length === 0) return undefined;
    const { Reservations = [] } = await context.aws.ec2.describeInstances({ InstanceIds });
    // ECS places no other tasks on its Managed Instances than those of their capacity provider.
    const instances = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ Operator }) => Operator?.Managed !== true,
    );
    const groupId = instances.map((each) => each.SecurityGroups?.[0]?.GroupId).find((id) => id !== undefined);
    const otherVpc = instances.find(({ VpcId }) => VpcId !== undefined && VpcId !== desired.vpcId)?.VpcId;
    if (otherVpc !== undefined && !isUnknown(desired.vpcId)) throw notInVpc(desired, otherVpc);
    if (groupId === undefined) return undefined;
    const isArm = instances[0]?.Architecture === "arm64";
    return {
      state: { groupId, architecture: isArm ? "arm64" : "x86_64" },
      current: desired,
      tags: {},
    };
  },

  notFoundError: ({ clusterName }) =>
    new QuaysideError(
      "no-container-instances",
      `Nothing was changed: cluster ${clusterName} has no container instances`,
      {
        fix:
          `If its tasks run on Fargate, use new Cluster("${clusterName}").fargate(); if on Managed Instances, .managedInstances(). Otherwise add instances to it, use another ` +
          `cluster, or let quayside create them: new Cluster("${clusterName}").ec2(), with { adopt: true } if the cluster is not managed by quayside.`,
      },
    ),
};

export const notInVpc = (
  { clusterName, vpcId }: Pick<ClusterInstancesDesired, "clusterName" | "vpcId">,
  found: string,
): QuaysideError =>
  new QuaysideError(
    "different-vpcs",
    `Nothing was changed: the instances of cluster ${clusterName} are in ${found}, not in ${vpcId}`,
    {
      facts: { cluster: clusterName, found },
      fix: `Set the VPC on the cluster: .network({ vpc: "${found}" }).`,
    },
  );
