import type { AwsContext } from "../aws/context.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { containerInstances } from "./container-instances.js";

export interface ClusterInstancesDesired extends Tagged {
  readonly clusterName: string;
}

export interface ClusterInstancesState {
  /** The security group that the instances are in. */
  readonly groupId: string;
}

/** The container instances of a cluster that is somebody else's: looked up, never changed. */
export const clusterInstancesKind: Kind<ClusterInstancesDesired, ClusterInstancesState, AwsContext> = {
  kind: "cluster-instances",
  unknown: { groupId: UNKNOWN },

  async read(desired, context) {
    const instances = await containerInstances(desired.clusterName, context, "ACTIVE");
    const InstanceIds = instances.flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
    if (InstanceIds.length === 0) return undefined;
    const { Reservations = [] } = await context.aws.ec2.describeInstances({ InstanceIds });
    const groups = Reservations.flatMap(({ Instances = [] }) =>
      Instances.map((each) => each.SecurityGroups?.[0]?.GroupId),
    );
    const groupId = groups.find((id) => id !== undefined);
    return groupId === undefined ? undefined : { state: { groupId }, current: desired, tags: {} };
  },

  missing: ({ clusterName }) =>
    new QuaysideError(
      "no-container-instances",
      `Nothing was changed: cluster ${clusterName} exists, is not quayside's, and has no container instances to run on`,
      {
        fix: `Add instances to it, name another cluster, or let quayside take it over: new Cluster("${clusterName}").ec2() or .fargate(), with { adopt: true }.`,
      },
    ),
};
