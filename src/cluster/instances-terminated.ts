import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";
import { poll } from "../engine/poll.js";

/** The tag that Auto Scaling gives the instances of a group. */
const GROUP_TAG = "aws:autoscaling:groupName";

/**
 * Waits until the instances of a group are terminated: until then, their network interfaces use the security groups.
 * They are found by their tag, which they have longer than there is a group.
 */
export async function waitUntilTerminated(groupName: string, context: AwsContext): Promise<void> {
  const Filters = [{ Name: `tag:${GROUP_TAG}`, Values: [groupName] }];
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
      const reservations = await paginate(
        "NextToken",
        (next) => context.aws.ec2.describeInstances({ Filters, ...next }),
        (page) => page.Reservations,
      );
      const instances = reservations.flatMap(({ Instances = [] }) => Instances);
      return instances.every((instance) => instance.State?.Name === "terminated") ? true : undefined;
    },
  );
}
