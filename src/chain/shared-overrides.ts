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
  }:
    Pick<DeploymentInput, "cluster" | "route"> | (Pick<JobInput, "cluster"> & { readonly route?: undefined }),
  issues: Issues,
): ReadonlyMap<string, Overrides> {
  const balancer = route?.loadBalancer;
  const shared = new Map<string, Overrides>();
  const add = (owner: string, overrides: readonly unknown[]): void => {
    if (overrides.length > 0) shared.set(owner, parseOverrides(overrides, OVERRIDABLE, issues));
  };
  if (cluster !== undefined && "described" in cluster)
    add(ownerOf.cluster(textOf(cluster.described.name)), cluster.described.overrides);
  if (balancer !== undefined && "described" in balancer)
    add(ownerOf.loadBalancer(textOf(balancer.described.name)), balancer.described.overrides);
  return shared;
}
