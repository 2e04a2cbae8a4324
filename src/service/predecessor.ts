import type { AwsContext } from "../aws/context.js";
import { poll } from "../engine/poll.js";
import { describeService } from "./describe-services.js";
import type { ServiceDesired } from "./service-desired.js";

/**
 * Returns when the inactive service of that name was created, if there is one, once it has drained. Where the run found
 * none before it changed anything, it does not look again: CreateService is refused while one drains.
 */
export async function predecessorOf(
  desired: ServiceDesired,
  context: AwsContext,
): Promise<number | undefined> {
  const { cluster, serviceName } = desired;
  const planned = context.asPlanned?.();
  if (planned !== undefined && (await describeService(cluster, serviceName, planned)) === undefined)
    return undefined;
  return waitForDraining(desired, context);
}

/**
 * Waits until an earlier service of that name has drained. Returns when the inactive service that is left was
 * created, if there is one.
 */
export async function waitForDraining(
  { cluster, serviceName }: ServiceDesired,
  context: AwsContext,
): Promise<number | undefined> {
  const what = `the earlier service ${serviceName} in ${cluster} to finish draining`;
  const { service } = await poll({ context, every: 10_000, timeout: 20 * 60_000, what }, async () => {
    const found = await describeService(cluster, serviceName, context);
    return found?.status === "DRAINING" ? undefined : { service: found };
  });
  return service?.status === "INACTIVE" ? service.createdAt?.getTime() : undefined;
}
