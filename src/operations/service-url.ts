import type { ListenerAddress } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import { certificateDomain } from "../load-balancer/certificate-domain.js";
import type { ListenerSpec } from "../spec/listeners.js";
import type { RouteSpec } from "../spec/route.js";

type Endpoint = Pick<ListenerAddress, "protocol" | "port">;

/** Where a service answers. */
export interface ServiceAddress {
  /** As its users call it: with its path, without the wildcard. */
  readonly url: string;
  /** The load balancer's own address: `https://name.elb.amazonaws.com`. */
  readonly loadBalancer: string;
  /** The host name by which the rule or the certificate knows it; `undefined`: the load balancer's. */
  readonly host: string | undefined;
}

/**
 * The address of a service. Its host is the route's first exact one, else, with HTTPS, the certificate's domain (no
 * certificate is for the load balancer's own name), else the load balancer's name. HTTPS is preferred over HTTP.
 *
 * @param found - the listener to use, if the chain does not describe the listeners
 */
export async function serviceAddress(
  dnsName: string,
  route: RouteSpec,
  context: AwsContext,
  found?: Endpoint,
): Promise<ServiceAddress> {
  const described = found === undefined ? listenerOf(route.loadBalancer.listeners) : undefined;
  const { protocol, port } = endpointOf(route.loadBalancer.listeners, found);
  const loadBalancer = context.cloud.address({ dnsName, protocol, port });
  const host =
    route.host.find((pattern) => !/[*?]/.test(pattern)) ??
    (await certificateDomain(described?.certificate, context));
  const known = new URL(loadBalancer);
  // A listener that answers at another address, on this computer, has no name.
  if (host !== undefined && known.hostname === dnsName.toLowerCase()) known.hostname = host;
  const base = known.hostname === dnsName.toLowerCase() ? loadBalancer : known.origin;
  const path = (route.path[0] ?? "/").split(/[*?]/)[0]!;
  return { url: path === "/" ? base : `${base}${path}`, loadBalancer, host };
}

export function endpointOf(listeners: readonly ListenerSpec[], found?: Endpoint): Endpoint {
  const listener = found ?? listenerOf(listeners);
  return { protocol: listener?.protocol ?? "http", port: listener?.port ?? 80 };
}

function listenerOf(listeners: readonly ListenerSpec[]): ListenerSpec | undefined {
  const serving = listeners.filter(({ redirectTo }) => redirectTo === undefined);
  return serving.find(({ protocol }) => protocol === "https") ?? serving[0];
}
