import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { poll, waitReporter } from "../../engine/poll.js";

/** Network interfaces are deleted later than their resources: a load balancer's after up to 15 minutes. */
const RELEASE_TIMEOUT = 15 * 60_000;

/** Deletes a part of a network as soon as AWS no longer finds that others depend on it. */
export async function deleteReleased(
  resource: string,
  name: string,
  context: AwsContext,
  remove: () => Promise<unknown>,
): Promise<void> {
  const reportWait = waitReporter(context, resource, name);
  const why = "network interfaces or other resources still use it";
  await poll(
    {
      context,
      every: 5_000,
      timeout: RELEASE_TIMEOUT,
      what: `${resource} ${name} to be released`,
      why: () => why,
      fix: "Delete what is still in the network (the VPC console shows it), then run again.",
    },
    async () => {
      try {
        await ignoreNotFound(remove());
        return true;
      } catch (error) {
        if (!hasErrorCode(error, "DependencyViolation")) throw error;
        reportWait(why);
        return undefined;
      }
    },
  );
}
