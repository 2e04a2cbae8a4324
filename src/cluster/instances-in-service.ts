import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { failedLaunches, permanentFailure } from "../aws/launch-failures.js";
import { poll, waitReporter } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";

/**
 * Waits until enough instances of a group are in service. Auto Scaling retries a failed launch by itself: only
 * a failure that will not pass ends the wait.
 *
 * @returns the ids of the instances in service.
 */
export async function waitUntilInService(
  groupName: string,
  needed: number,
  describe: () => Promise<AutoScalingGroup | undefined>,
  context: AwsContext,
): Promise<readonly string[]> {
  let lastFailure: string | undefined;
  const reportWait = waitReporter(context, "auto-scaling-group", groupName);
  return poll(
    {
      every: 5_000,
      timeout: 10 * 60_000,
      context,
      what: `${needed} instances of Auto Scaling group ${groupName} to be in service`,
      why: () => lastFailure && `the last launch failed: ${lastFailure}`,
      fix: "Check the group's activity in the EC2 console: capacity of the instance type, quotas, the launch template.",
    },
    async () => {
      const instances = (await describe())?.Instances ?? [];
      const ids = instances
        .filter(
          ({ LifecycleState, HealthStatus }) =>
            LifecycleState === "InService" && HealthStatus !== "Unhealthy",
        )
        .map(({ InstanceId }) => InstanceId!);
      if (ids.length >= needed) return ids;

      const { Activities = [] } = await context.aws.autoScaling.describeScalingActivities({
        AutoScalingGroupName: groupName,
      });
      const failures = failedLaunches(Activities, context.isOfThisRun);
      const permanent = permanentFailure(failures);
      if (permanent !== undefined) throw cannotLaunch(groupName, permanent, failures);
      lastFailure = failures[0]?.message;
      const failed = lastFailure === undefined ? "" : `; the last launch failed: ${lastFailure}`;
      reportWait(`${ids.length} of ${needed} instances are in service${failed}`);
      return undefined;
    },
  );
}

const cannotLaunch = (
  groupName: string,
  { message, fix }: { readonly message: string; readonly fix: string },
  failures: readonly { readonly message: string }[],
): QuaysideError =>
  new QuaysideError(
    "instances-failed",
    `Auto Scaling group ${groupName} cannot launch instances: ${message}`,
    {
      facts: { group: groupName, failures: failures.map((each) => each.message) },
      fix,
    },
  );
