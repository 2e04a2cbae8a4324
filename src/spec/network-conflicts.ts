import { isDeepStrictEqual } from "node:util";
import type { DeploymentSpec } from "./deployment-spec.js";
import { loadBalancersOf } from "./load-balancers-of.js";
import { reportSmallNetwork, type OwnNetworkSpec } from "./own-network.js";
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
  for (const { name, network, claim } of loadBalancersOf(spec)) {
    reportOtherNetwork(spec.cluster, name, network?.own, issues);
    // Without a network of its own, it is in the cluster's.
    if (network === undefined && claim !== "existing")
      reportSmallNetwork(spec.cluster.network?.own, name, issues);
  }
}

/** Reports a load balancer in a network that is not the one of the cluster. */
function reportOtherNetwork(
  cluster: DeploymentSpec["cluster"],
  loadBalancer: string,
  own: OwnNetworkSpec | undefined,
  issues: Issues,
): void {
  // An existing VPC can be that of the network.
  const isOther = cluster.network === undefined || cluster.network.own !== undefined;
  if (own === undefined || !isOther || cluster.network?.own?.name === own.name) return;
  const where =
    cluster.network?.own === undefined ? "the default VPC" : `network ${cluster.network.own.name}`;
  issues.add(
    "loadBalancer.network",
    `must be that of the cluster, because a load balancer reaches only targets in its own VPC: load balancer ${loadBalancer} is in network ${own.name}, and cluster ${cluster.name} is in ${where}. Pass one Network to both: .network(new Network("${own.name}")) on the cluster`,
  );
}
