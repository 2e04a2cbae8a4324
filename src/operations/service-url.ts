import type { Cloud, ListenerAddress } from "../aws/cloud.js";
import type { RouteSpec } from "../spec/route.js";
import type { ListenerSpec } from "../spec/listeners.js";

type Endpoint = Pick<ListenerAddress, "protocol" | "port">;

/**
 * The URL of the service: its load balancer's address and its first path, without the wildcard. HTTPS is
 * preferred over HTTP.
 *
 * @param found - the listener to use, if the chain does not describe the listeners
 */
export function serviceUrl(cloud: Cloud, dnsName: string, route: RouteSpec, found?: Endpoint): string {
  const base = cloud.address({ dnsName, ...endpointOf(route.loadBalancer.listeners, found) });
  const path = (route.path[0] ?? "/").split(/[*?]/)[0]!;
  return path === "/" ? base : `${base}${path}`;
}

export function endpointOf(listeners: readonly ListenerSpec[], found?: Endpoint): Endpoint {
  const serving = listeners.filter(({ redirectTo }) => redirectTo === undefined);
  const listener = found ?? serving.find(({ protocol }) => protocol === "https") ?? serving[0];
  return { protocol: listener?.protocol ?? "http", port: listener?.port ?? 80 };
}
