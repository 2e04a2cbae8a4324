import type { AwsContext } from "../aws/context.js";
import { ownerName } from "../aws/owner.js";
import { OWNER_TAG } from "../aws/tags.js";
import type { PendingDeletions, Tags } from "../engine/kind.js";
import { servicesIn } from "./services-in.js";

/**
 * The services that use a cluster's own capacity provider: while there is one, ECS rejects both its deletion
 * and its removal from the cluster.
 */
export async function capacityProviderUsers(
  name: string,
  tags: Tags,
  leaving: PendingDeletions,
  context: AwsContext,
): Promise<readonly string[]> {
  const clusterName = ownerName(tags[OWNER_TAG], "cluster");
  if (clusterName === undefined) return [];
  return (await servicesIn(clusterName, context))
    .filter(({ capacityProviderStrategy = [] }) =>
      capacityProviderStrategy.some(({ capacityProvider }) => capacityProvider === name),
    )
    .filter(({ serviceName = "" }) => !leaving.has("service", serviceName))
    .map(({ serviceName }) => `service ${serviceName}`);
}
