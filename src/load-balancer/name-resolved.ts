import type { AwsContext } from "../aws/context.js";
import { waitReporter } from "../engine/poll.js";

/** A new name reaches all resolvers within minutes; a negative answer is cached for one. */
const RESOLVES_WITHIN = 3 * 60_000;
const EVERY = 15_000;

/**
 * Waits until the DNS name of a new load balancer resolves, so that what the user calls next reaches it. A computer
 * whose resolver does not know names of AWS ends the wait with a warning: the deployment is complete.
 */
export async function nameResolved(name: string, dnsName: string, context: AwsContext): Promise<void> {
  const { clock, cloud, signal } = context;
  const { resolves } = cloud;
  if (resolves === undefined) return;
  const reportWait = waitReporter(context, "load-balancer", name);
  const began = clock.now();
  while (!(await resolves(dnsName))) {
    if (clock.now() - began >= RESOLVES_WITHIN) {
      const message = `The DNS name of load balancer ${name} does not resolve here yet: ${dnsName}`;
      return context.emit({ type: "warning", at: clock.now(), message });
    }
    reportWait("its DNS name does not resolve yet (up to three minutes)");
    await clock.sleep(EVERY, signal);
  }
}
