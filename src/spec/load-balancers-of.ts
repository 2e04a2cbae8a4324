import type { DeploymentSpec } from "./deployment-spec.js";
import { routesOf } from "./further-routes.js";
import type { LoadBalancerSpec } from "./load-balancer.js";
import type { NetworkRouteSpec } from "./network-route.js";

/** The routes of a deployment's Network Load Balancers: for each listener the last call. */
export const networkRoutesOf = ({
  networkRoutes = [],
}: Pick<DeploymentSpec, "networkRoutes">): readonly NetworkRouteSpec[] => networkRoutes;

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
