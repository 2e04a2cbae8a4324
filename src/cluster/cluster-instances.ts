import type { AwsContext } from "../aws/context.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { containerInstances } from "./container-instances.js";
import type { Architecture } from "./instance-type.js";

export interface ClusterInstancesDesired extends Tagged {
  readonly clusterName: string;
}

export interface ClusterInstancesState {
  /** The security group that the instances are in. */
  readonly groupId: string;
  /** Of the first of them: what images are built for. */
  readonly architecture: Architecture;
}

/** The container instances of a cluster that is somebody else's: looked up, never changed. */
export const clusterInstancesKind: Kind<ClusterInstancesDesired, ClusterInstancesState, AwsContext> = {
  kind: "cluster-instances",
  unknown: { groupId: UNKNOWN, architecture: UNKNOWN as Architecture },

  async read(desired, context) {
    const instances = await containerInstances(desired.clusterName, context, "ACTIVE");
    const InstanceIds = instances.flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
    if (InstanceIds.length === 0) return undefined;
    const { Reservations = [] } = await context.aws.ec2.describeInstances({ InstanceIds });
    const groups = Reservations.flatMap(({ Instances = [] }) =>
      Instances.map((each) => each.SecurityGroups?.[0]?.GroupId),
    );
    const groupId = groups.find((id) => id !== undefined);
    if (groupId === undefined) return undefined;
    const isArm = Reservations[0]?.Instances?.[0]?.Architecture === "arm64";
    return {
      state: { groupId, architecture: isArm ? "arm64" : "x86_64" },
      current: desired,
      tags: {},
    };
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
