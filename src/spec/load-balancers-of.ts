import type { DeploymentSpec } from "./deployment-spec.js";
import { routesOf } from "./further-routes.js";
import type { LoadBalancerSpec } from "./load-balancer.js";
import { networkRoutesOf } from "./network-route.js";

/** The load balancers that a deployment is behind, of all its routes: one may be there several times. */
export const loadBalancersOf = (
  spec: Pick<DeploymentSpec, "route" | "furtherRoutes" | "networkRoutes">,
): readonly LoadBalancerSpec[] => [
  ...routesOf(spec).map(({ loadBalancer }) => loadBalancer),
  ...networkRoutesOf(spec).map(({ loadBalancer }) => loadBalancer),
];

/** The domains whose records and certificates a deployment owns. */
export const domainsOf = ({
  route,
  networkRoutes = [],
}: Pick<DeploymentSpec, "route" | "networkRoutes">): readonly string[] => [
  ...(route?.domains ?? []),
  ...networkRoutes.flatMap(({ domains = [] }) => domains),
];
