import { ownerOf } from "../aws/owner.js";
import type { Overrides } from "../aws/overrides.js";
import type { DeploymentInput, JobInput, NetworkUseInput } from "../spec/input.js";
import { OVERRIDABLE } from "../spec/overridable.js";
import { parseOverrides } from "../spec/overrides.js";
import { textOf } from "../spec/parsing/format-value.js";
import type { Issues } from "../spec/parsing/issues.js";
import { networkOverrides } from "./networked-chain.js";

/** The overrides of the cluster, the load balancers and the networks that a chain uses, by their owners. */
export function sharedOverrides(
  {
    cluster,
    route,
    furtherRoutes = [],
    networkRoutes = [],
  }:
    | Pick<DeploymentInput, "cluster" | "route" | "furtherRoutes" | "networkRoutes">
    | (Pick<JobInput, "cluster"> & {
        readonly route?: undefined;
        readonly furtherRoutes?: undefined;
        readonly networkRoutes?: undefined;
      }),
  issues: Issues,
): ReadonlyMap<string, Overrides> {
  const shared = new Map<string, Overrides>();
  const add = (owner: string, overrides: readonly unknown[]): void => {
    if (overrides.length > 0) shared.set(owner, parseOverrides(overrides, OVERRIDABLE, issues));
  };
  const addNetwork = (network: NetworkUseInput | undefined): void => {
    for (const [owner, overrides] of networkOverrides(network)) add(owner, overrides);
  };
  if (cluster !== undefined && "described" in cluster) {
    add(ownerOf.cluster(textOf(cluster.described.name)), cluster.described.overrides);
    addNetwork(cluster.described.network);
  }
  for (const { loadBalancer } of [...(route ? [route] : []), ...furtherRoutes, ...networkRoutes])
    if (loadBalancer !== undefined && "described" in loadBalancer) {
      add(ownerOf.loadBalancer(textOf(loadBalancer.described.name)), loadBalancer.described.overrides);
      addNetwork(loadBalancer.described.network);
    }
  return shared;
}
