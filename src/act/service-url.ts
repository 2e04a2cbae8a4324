import type { Cloud } from "../aws/cloud.js";
import type { RouteSpec } from "../spec/deployment-spec.js";

/** Where a person can try the service: its load balancer's address and its first path, without the wildcard. */
export function serviceUrl(cloud: Cloud, dnsName: string, route: RouteSpec): string {
  const [listener] = route.loadBalancer.listeners;
  const { protocol, port } = listener ?? { protocol: "http" as const, port: 80 };
  const base = cloud.address({ dnsName, protocol, port });
  const path = (route.path[0] ?? "/").split(/[*?]/)[0]!;
  return path === "/" ? base : `${base}${path}`;
}
