import type { ListenerAddress } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import { certificateDomain } from "../load-balancer/certificate-domain.js";
import type { PresentRoute } from "../load-balancer/rules/present-routes.js";
import type { CertificateSource, ListenerSpec } from "../spec/listeners.js";
import type { NetworkRouteSpec } from "../spec/network-route.js";
import type { RouteSpec } from "../spec/route.js";

/** A listener that forwards requests to a service. */
type Endpoint = Pick<ListenerAddress, "protocol" | "port"> & {
  readonly certificate?: CertificateSource | undefined;
};

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
 * certificate is for the load balancer's own name), else the load balancer's name.
 */
export async function serviceAddress(
  dnsName: string,
  route: Pick<RouteSpec, "host" | "path">,
  { protocol, port, certificate }: Endpoint,
  context: AwsContext,
): Promise<ServiceAddress> {
  const { cloud } = context;
  const listener = { dnsName, protocol, port };
  const loadBalancer = cloud.address(listener);
  const host =
    route.host.find((pattern) => !/[*?]/.test(pattern))?.toLowerCase() ??
    (await certificateDomain(certificate, context));
  const known = new URL(loadBalancer);
  // Only the hosts of HTTP are written in lower case.
  const isNamed = known.hostname.toLowerCase() === dnsName.toLowerCase();
  if (host !== undefined && isNamed) known.hostname = host;
  // A listener that answers on this computer has no name, but a port of its own for each host.
  const own = host === undefined || isNamed ? known : new URL(cloud.address({ ...listener, host }));
  const path = pathOf(route.path);
  const base = host === undefined && isNamed ? loadBalancer : `${own.protocol}//${own.host}`;
  return { url: path === "/" ? base : `${base}${path}`, loadBalancer, host };
}

/** The address of a service behind a Network Load Balancer: `tcp://name:5432`, with a domain that leads to it if there is one. */
export async function networkAddress(
  dnsName: string,
  { domains = [], listener }: Pick<NetworkRouteSpec, "domains"> & { readonly listener: Endpoint },
  context: AwsContext,
): Promise<ServiceAddress> {
  const host = domains.find((domain) => !domain.startsWith("*"));
  return serviceAddress(dnsName, { host: host === undefined ? [] : [host], path: ["/"] }, listener, context);
}

/** The first path that a rule matches as it is, up to its wildcard. */
function pathOf(patterns: readonly string[]): string {
  const plain = patterns.find((pattern) => /^[^*?]*\*?$/.test(pattern)) ?? patterns[0] ?? "/";
  return plain.split(/[*?]/)[0] || "/";
}

/** The listener of a service's URL: HTTPS is preferred over HTTP. */
export function endpointOf(listeners: readonly ListenerSpec[], found?: Endpoint): Endpoint {
  const serving = listeners.filter(({ redirectTo }) => redirectTo === undefined);
  const listener = found ?? serving.find(({ protocol }) => protocol === "https") ?? serving[0];
  return listener ?? { protocol: "http", port: 80 };
}

/** The address of a service by the rules that forward to it; `undefined` if there is none. */
export async function presentAddress(
  dnsName: string,
  routes: readonly PresentRoute[],
  context: AwsContext,
): Promise<ServiceAddress | undefined> {
  const route = routes.find(({ protocol }) => protocol === "https") ?? routes[0];
  return route && serviceAddress(dnsName, route, route, context);
}
