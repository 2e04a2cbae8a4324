import type { LocalCloud } from "../../src/local/index.js";

/** Before, a cluster without scaling had no capacity provider, and its instances belonged to none. */
export async function asAnOlderVersionLeftIt(cloud: LocalCloud, name: string): Promise<void> {
  const cluster = cloud.account.ecs.clusters.get(name)!;
  await cloud.ports.ecs.putClusterCapacityProviders({
    cluster: name,
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  });
  await cloud.clock.sleep(60_000);
  await cloud.ports.ecs.deleteCapacityProvider({ capacityProvider: `${name}-capacity` });
  await cloud.clock.sleep(60_000);
  for (const [arn, instance] of cluster.containerInstances)
    cluster.containerInstances.set(arn, { ...instance, capacityProvider: undefined });
}
