import type { Activity, AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { poll, waitReporter } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";

/**
 * Waits until enough instances of a group run. Auto Scaling tries again by itself after a failed
 * launch; one that fails twice for the same reason will not come, and waiting on would only hide why.
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
  const tell = waitReporter(context, "auto-scaling-group", groupName);
  return poll(
    {
      every: 5_000,
      timeout: 10 * 60_000,
      context,
      what: `${needed} instances of Auto Scaling group ${groupName} to be in service`,
      why: () => lastFailure && `the last launch failed: ${lastFailure}`,
      fix: "Look at the group's activity in the EC2 console: capacity of the instance type, quotas, the launch template.",
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

      const failures = await failuresOf(groupName, context);
      lastFailure = failures[0] ?? lastFailure;
      throwIfHopeless(groupName, failures);
      tell(`${ids.length} of ${needed} instances are in service`);
      return undefined;
    },
  );
}

/** Why launches failed since the run began, newest first. */
async function failuresOf(groupName: string, { aws, startedAt }: AwsContext): Promise<string[]> {
  const { Activities = [] } = await aws.autoScaling.describeScalingActivities({
    AutoScalingGroupName: groupName,
  });
  const failed = ({ StatusCode, StartTime }: Activity) =>
    StatusCode === "Failed" && (StartTime?.getTime() ?? 0) >= startedAt;
  return Activities.filter(failed).map(
    ({ StatusMessage, Description }) => StatusMessage ?? Description ?? "no reason given",
  );
}

function throwIfHopeless(groupName: string, failures: readonly string[]): void {
  const again = failures.find(
    (message, index) =>
      failures.indexOf(message) !== index &&
      // IAM's delay, seen from here: it passes.
      !message.includes("Invalid IAM Instance Profile"),
  );
  if (again === undefined) return;
  throw new QuaysideError(
    "instances-failed",
    `Auto Scaling group ${groupName} cannot start instances: ${again}`,
    {
      facts: { group: groupName, failures },
      fix: fixOf(again),
    },
  );
}

function fixOf(message: string): string {
  if (/vcpu/i.test(message))
    return "Raise the vCPU quota of the account in Service Quotas, or use smaller or fewer instances.";
  if (/capacity/i.test(message))
    return "Choose another instance type, or wait: AWS has none of this one to give.";
  if (/key pair/i.test(message)) return "Create the key pair again, or name another: .ec2({ keyPair: … }).";
  if (/security group/i.test(message))
    return "Run again: the security group is made again, and the group uses the new one.";
  return "Correct what the message names, then run again: it continues from there.";
}
