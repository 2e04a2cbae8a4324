import { networkLoadBalancerSecurityGroupName } from "./derived-names.js";
import type { NetworkLoadBalancerInput } from "./input.js";
import { parseCertificates, parsePort, type HttpsOptions, type ListenerSpec } from "./listeners.js";
import { parseAllowed, parseSecurityGroup, type LoadBalancerSpec } from "./load-balancer.js";
import { reportSmallNetwork } from "./own-network.js";
import { parseNetworkAttributes } from "./load-balancer-attributes.js";
import { LOAD_BALANCER_NAME, nameProblem } from "./names.js";
import { parseNetwork } from "./network.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseTags } from "./tags.js";

/** A TLS listener. */
export interface TlsOptions {
  /**
   * The certificate's ARN, or a domain whose certificate is looked up in ACM, or several of these: the first one is the
   * listener's default, and TLS chooses among all by the name that the client asks for.
   *
   * @defaultValue those that ACM issues for the `domain` of the route behind it
   */
  readonly certificate?: HttpsOptions["certificate"];
}

const NETWORK_LOAD_BALANCER_ARN =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/net\/([A-Za-z0-9-]+)\/[0-9a-f]+$/;
const ALLOCATION_ID = /^eipalloc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

export function parseNetworkLoadBalancer(
  described: NetworkLoadBalancerInput,
  issues: Issues,
): LoadBalancerSpec {
  const given = described.existing ? (nameFromArn(described.name) ?? described.name) : described.name;
  const problem = nameProblem(LOAD_BALANCER_NAME, given);
  if (problem !== undefined) issues.add("loadBalancer.name", problem);
  const name = problem === undefined ? (given as string) : "load-balancer";
  if (described.existing) reportUnsupported(described, issues);
  const attributes = parseNetworkAttributes(described.attributes, issues);
  const addresses = parseAddresses(described, issues);
  const defaultGroup = networkLoadBalancerSecurityGroupName(name);
  const network = parseNetwork(described.network, "loadBalancer.network", issues);
  reportSmallNetwork(network?.own, name, issues);
  return {
    name,
    type: "network",
    claim: described.existing ? "existing" : "own",
    scheme: described.internal ? "internal" : "internet-facing",
    listeners: parseNetworkListeners(described, issues),
    network,
    securityGroup: parseSecurityGroup(described.securityGroup, defaultGroup, issues),
    allow: parseAllowed(described.allow, issues),
    tags: parseTags(described.tags, "loadBalancer.tags", issues),
    ...(attributes && { attributes }),
    ...(addresses && { addresses }),
  };
}

/** Returns the name in an ARN (`…:loadbalancer/net/tcp/50dc6c495c0c9188`), which is unique in a region. */
const nameFromArn = (value: unknown): string | undefined =>
  typeof value === "string" ? NETWORK_LOAD_BALANCER_ARN.exec(value)?.[1] : undefined;

/** The listeners are the deployments', also behind a load balancer that exists; everything else is not described. */
function reportUnsupported(input: NetworkLoadBalancerInput, issues: Issues): void {
  const described = {
    internal: input.internal,
    allow: input.allow !== undefined,
    securityGroup: input.securityGroup !== undefined,
    addresses: input.addresses !== undefined,
    network: input.network !== undefined,
    attributes: input.attributes !== undefined,
    tags: input.tags.length > 0,
  };
  for (const [method, isDescribed] of Object.entries(described)) {
    if (isDescribed)
      issues.add(
        `loadBalancer.${method}`,
        "is not supported with NetworkLoadBalancer.existing(...), which never changes the load balancer: remove it, or use new NetworkLoadBalancer(...)",
      );
  }
}

function parseNetworkListeners(
  { listeners: calls }: NetworkLoadBalancerInput,
  issues: Issues,
): readonly ListenerSpec[] {
  const listeners = new Map<number, ListenerSpec>();
  for (const { protocol, port: given, options: givenOptions } of calls) {
    const path = `loadBalancer.${protocol}`;
    const port = parsePort(given, path, issues);
    const options = new OptionsReader<TlsOptions>(
      protocol === "tls" ? givenOptions : undefined,
      path,
      issues,
    );
    const [certificate, ...additionalCertificates] = protocol === "tls" ? parseCertificates(options) : [];
    options.close();
    if (port === undefined) continue;
    if (listeners.has(port))
      issues.add(path, `port ${port} is used by another listener: use a different port for each`);
    else listeners.set(port, { protocol, port, certificate, additionalCertificates, redirectTo: undefined });
  }
  return [...listeners.values()];
}

function parseAddresses(
  { addresses: given, internal }: NetworkLoadBalancerInput,
  issues: Issues,
): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const path = "loadBalancer.addresses";
  // ELB API reference, SubnetMapping: "the Elastic IP address for an internet-facing load balancer".
  if (internal)
    issues.add(
      path,
      "is supported for internet-facing load balancers only, which have public addresses: remove .internal(), or the addresses",
    );
  const wrong = given.find((each) => typeof each !== "string" || !ALLOCATION_ID.test(each));
  if (given.length === 0 || wrong !== undefined)
    issues.add(
      path,
      `must be allocation IDs of Elastic IP addresses, one for each subnet, such as "eipalloc-0123456789abcdef0"; got ${formatValue(given.length === 0 ? given : wrong)}`,
    );
  else if (new Set(given).size < given.length) issues.add(path, "must not list an address twice");
  return given.filter((each) => typeof each === "string");
}
