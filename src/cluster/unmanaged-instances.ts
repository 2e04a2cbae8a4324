import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import type { ClusterSpec } from "../spec/cluster.js";
import { capacityProviderName } from "../spec/derived-names.js";
import { containerInstances } from "./container-instances.js";

/**
 * How many instances of a cluster are not its capacity provider's: those that were started before it had
 * one. ECS neither drains them nor places there what comes through the capacity provider.
 */
export async function unmanagedInstances(spec: ClusterSpec, context: AwsContext): Promise<number> {
  const provider = capacityProviderName(spec.name);
  const instances = (await ignoreNotFound(containerInstances(spec.name, context, "ACTIVE"))) ?? [];
  return instances.filter(({ capacityProviderName }) => capacityProviderName !== provider).length;
}
