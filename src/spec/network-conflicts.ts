import { isDeepStrictEqual } from "node:util";
import type { DeploymentSpec } from "./deployment-spec.js";
import { loadBalancersOf } from "./load-balancers-of.js";
import type { OwnNetworkSpec } from "./own-network.js";
import type { Issues } from "./parsing/issues.js";

/** The networks that a deployment describes, by what is in them. */
export function networksOf(
  spec: Pick<DeploymentSpec, "cluster" | "route" | "furtherRoutes" | "networkRoutes">,
): readonly OwnNetworkSpec[] {
  const users = [spec.cluster, ...loadBalancersOf(spec)];
  return users.flatMap(({ network }) => network?.own ?? []);
}

/** Reports a network that a deployment's cluster and its load balancers describe differently. */
export function reportNetworkConflicts(
  spec: Pick<DeploymentSpec, "cluster" | "route" | "furtherRoutes" | "networkRoutes">,
  issues: Issues,
): void {
  const first = new Map<string, OwnNetworkSpec>();
  for (const network of networksOf(spec)) {
    const known = first.get(network.name) ?? network;
    first.set(network.name, known);
    if (!isDeepStrictEqual(known, network))
      issues.add(
        "network",
        `${network.name} has different descriptions at the cluster and at a load balancer: describe it once and pass it to both`,
      );
  }
}
