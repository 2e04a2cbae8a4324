import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import type { ClusterSpec } from "../spec/cluster.js";
import { capacityProviderName } from "../spec/derived-names.js";
import { describeAttached } from "./cluster-capacity-provider.js";
import { containerInstances } from "./container-instances.js";

/**
 * The number of a cluster's instances that its capacity provider does not manage: those that were launched
 * before it existed. ECS neither drains them nor places the capacity provider's tasks on them.
 */
export async function unmanagedInstances(spec: ClusterSpec, context: AwsContext): Promise<number> {
  // A run that plans has asked for the cluster.
  if (context.isLooking() && (await describeAttached(spec.name, context)) === undefined) return 0;
  const provider = capacityProviderName(spec.name);
  const instances = (await ignoreNotFound(containerInstances(spec.name, context, "ACTIVE"))) ?? [];
  return instances.filter(({ capacityProviderName }) => capacityProviderName !== provider).length;
}
