import type { AwsContext } from "../../aws/context.js";
import { failedLaunches, permanentFailure } from "../../aws/launch-failures.js";
import { ownerOf } from "../../aws/owner.js";
import { OWNER_TAG } from "../../aws/tags.js";
import type { ClusterEvidence } from "../../errors.js";

const JOIN_TIMEOUT = 10 * 60_000;

/**
 * The reasons why a cluster may lack capacity, from its Auto Scaling group and its agents. `undefined` if
 * quayside does not manage its group.
 */
export async function clusterEvidence(
  cluster: string,
  { aws, awsTime, isOfThisRun }: AwsContext,
): Promise<ClusterEvidence | undefined> {
  const { AutoScalingGroups = [] } = await aws.autoScaling.describeAutoScalingGroups({
    Filters: [{ Name: `tag:${OWNER_TAG}`, Values: [ownerOf.cluster(cluster)] }],
  });
  if (AutoScalingGroups.length === 0) return undefined;
  const listed = await aws.ecs.listContainerInstances({ cluster, status: "ACTIVE" });
  const containerInstances = listed.containerInstanceArns ?? [];
  const described =
    containerInstances.length === 0
      ? undefined
      : await aws.ecs.describeContainerInstances({ cluster, containerInstances });
  const connected = (described?.containerInstances ?? []).filter(({ agentConnected }) => agentConnected);
  const registered = connected.map(({ ec2InstanceId }) => ec2InstanceId);
  const members = AutoScalingGroups.flatMap(({ Instances = [] }) => Instances).filter(
    ({ LifecycleState = "" }) => /^(Pending|InService)/.test(LifecycleState),
  );
  const absent = members.flatMap(({ InstanceId }) =>
    InstanceId === undefined || registered.includes(InstanceId) ? [] : [InstanceId],
  );
  const activities = await Promise.all(
    AutoScalingGroups.map(({ AutoScalingGroupName }) =>
      aws.autoScaling.describeScalingActivities({ AutoScalingGroupName }),
    ),
  );
  const failures = activities.map(({ Activities = [] }) => failedLaunches(Activities, isOfThisRun));
  const all = activities.flatMap(({ Activities = [] }) => Activities);
  const launchedRecently = (id: string) =>
    all.some(
      ({ Description = "", StartTime }) =>
        Description.includes(id) && (StartTime?.getTime() ?? 0) > awsTime() - JOIN_TIMEOUT,
    );
  return {
    connected: connected.length,
    unregistered: absent.length,
    joining: absent.filter(launchedRecently).length,
    isFull: AutoScalingGroups.every(({ DesiredCapacity = 0, MaxSize = 0 }) => DesiredCapacity >= MaxSize),
    failedLaunches: failures.flat().map(({ message }) => message),
    launchesFail: failures.some((ofGroup) => permanentFailure(ofGroup) !== undefined),
  };
}
