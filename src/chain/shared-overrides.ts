import { ownerOf } from "../aws/owner.js";
import type { Overrides } from "../aws/overrides.js";
import type { DeploymentInput, JobInput } from "../spec/input.js";
import { OVERRIDABLE } from "../spec/overridable.js";
import { parseOverrides } from "../spec/overrides.js";
import { textOf } from "../spec/parsing/format-value.js";
import type { Issues } from "../spec/parsing/issues.js";

/** The overrides of the cluster and the load balancer that a chain uses, by their owners. */
export function sharedOverrides(
  {
    cluster,
    route,
    furtherRoutes = [],
  }:
    | Pick<DeploymentInput, "cluster" | "route" | "furtherRoutes">
    | (Pick<JobInput, "cluster"> & { readonly route?: undefined; readonly furtherRoutes?: undefined }),
  issues: Issues,
): ReadonlyMap<string, Overrides> {
  const shared = new Map<string, Overrides>();
  const add = (owner: string, overrides: readonly unknown[]): void => {
    if (overrides.length > 0) shared.set(owner, parseOverrides(overrides, OVERRIDABLE, issues));
  };
  if (cluster !== undefined && "described" in cluster)
    add(ownerOf.cluster(textOf(cluster.described.name)), cluster.described.overrides);
  for (const { loadBalancer } of [...(route ? [route] : []), ...furtherRoutes])
    if ("described" in loadBalancer)
      add(ownerOf.loadBalancer(textOf(loadBalancer.described.name)), loadBalancer.described.overrides);
  return shared;
}
