import type { AwsContext } from "../aws/context.js";
import { OWNER_TAG } from "../aws/tags.js";
import type { PendingDeletions, Tags } from "../engine/kind.js";
import { servicesIn } from "./services-in.js";

/**
 * The services that get their instances through a cluster's own capacity provider: as long as one does,
 * ECS neither takes it off the cluster nor deletes it, and refuses every attempt.
 */
export async function capacityProviderUsers(
  name: string,
  tags: Tags,
  leaving: PendingDeletions,
  context: AwsContext,
): Promise<readonly string[]> {
  const clusterName = /^cluster\/(.+)$/.exec(tags[OWNER_TAG] ?? "")?.[1];
  if (clusterName === undefined) return [];
  return (await servicesIn(clusterName, context))
    .filter(({ capacityProviderStrategy = [] }) =>
      capacityProviderStrategy.some(({ capacityProvider }) => capacityProvider === name),
    )
    .filter(({ serviceName = "" }) => !leaving.has("service", serviceName))
    .map(({ serviceName }) => `service ${serviceName}`);
}
