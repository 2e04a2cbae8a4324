import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import type { ClusterSpec } from "../spec/cluster.js";
import { capacityProviderName } from "../spec/derived-names.js";
import { containerInstances } from "./container-instances.js";

/**
 * The number of a cluster's instances that its capacity provider does not manage: those that were launched
 * before it existed. ECS neither drains them nor places the capacity provider's tasks on them.
 */
export async function unmanagedInstances(spec: ClusterSpec, context: AwsContext): Promise<number> {
  const provider = capacityProviderName(spec.name);
  const instances = (await ignoreNotFound(containerInstances(spec.name, context, "ACTIVE"))) ?? [];
  return instances.filter(({ capacityProviderName }) => capacityProviderName !== provider).length;
}
