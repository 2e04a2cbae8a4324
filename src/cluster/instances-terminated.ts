import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { poll } from "../engine/poll.js";

/** Waits until instances are terminated: until then, their network interfaces use the security groups. */
export async function waitUntilTerminated(
  groupName: string,
  instanceIds: readonly string[],
  context: AwsContext,
): Promise<void> {
  if (instanceIds.length === 0) return;
  await poll(
    {
      every: 5_000,
      // Metal and GPU types need longer than ten minutes.
      timeout: 30 * 60_000,
      context,
      what: `the instances of Auto Scaling group ${groupName} to be terminated`,
      fix: "Run again. Completed steps are kept.",
    },
    async () => {
      const found = await ignoreNotFound(
        context.aws.ec2.describeInstances({ InstanceIds: [...instanceIds] }),
      );
      const instances = (found?.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
      return instances.every((instance) => instance.State?.Name === "terminated") ? true : undefined;
    },
  );
}
