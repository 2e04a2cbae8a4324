import type { Activity, AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { poll, waitReporter } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";

/**
 * Waits until enough instances of a group are in service. Auto Scaling retries a failed launch by itself; one
 * that fails twice for the same reason will not succeed, and waiting longer would only hide the reason.
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

      const failures = await failuresOf(groupName, context);
      lastFailure = failures[0] ?? lastFailure;
      throwIfRepeated(groupName, failures);
      reportWait(`${ids.length} of ${needed} instances are in service`);
      return undefined;
    },
  );
}

/** The reasons of failed launches since the run began, newest first. */
async function failuresOf(groupName: string, { aws, startedAt }: AwsContext): Promise<string[]> {
  const { Activities = [] } = await aws.autoScaling.describeScalingActivities({
    AutoScalingGroupName: groupName,
  });
  // "Cancelled": the launch succeeded, and the instance terminated before it was in service.
  const failed = ({ StatusCode, StatusMessage, StartTime }: Activity) =>
    (StatusCode === "Failed" || (StatusCode === "Cancelled" && StatusMessage !== undefined)) &&
    (StartTime?.getTime() ?? 0) >= startedAt;
  return Activities.filter(failed).map(
    ({ StatusMessage, Description }) => StatusMessage ?? Description ?? "no reason given",
  );
}

function throwIfRepeated(groupName: string, failures: readonly string[]): void {
  const repeated = failures.find(
    (message, index) =>
      failures.indexOf(message) !== index &&
      // IAM is eventually consistent: this error passes.
      !message.includes("Invalid IAM Instance Profile"),
  );
  if (repeated === undefined) return;
  throw new QuaysideError(
    "instances-failed",
    `Auto Scaling group ${groupName} cannot launch instances: ${repeated}`,
    {
      facts: { group: groupName, failures },
      fix: fixOf(repeated),
    },
  );
}

function fixOf(message: string): string {
  // Source: "Required AWS KMS key policy for use with encrypted volumes", Amazon EC2 Auto Scaling guide.
  if (/Client\.InternalError|KMS/.test(message))
    return "Let AWSServiceRoleForAutoScaling use the KMS key that encrypts the instances' volumes (the account may encrypt all of them by default): its key policy must allow kms:Decrypt, kms:GenerateDataKey* and kms:CreateGrant.";
  if (/vcpu/i.test(message))
    return "Request a higher vCPU quota in Service Quotas, or use smaller or fewer instances.";
  if (/capacity/i.test(message))
    return "Choose another instance type, or wait: AWS has no capacity for this one at the moment.";
  if (/key pair/i.test(message))
    return "Create the key pair again, or use another one: .ec2({ keyPair: … }).";
  if (/security group/i.test(message))
    return "Run again: the security group is created again, and the Auto Scaling group uses the new one.";
  return "Fix the reason that Auto Scaling reports, then run again. Completed steps are kept.";
}
