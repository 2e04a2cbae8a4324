import type { ConnectSpec } from "./connect.js";
import type { ContainerSpec } from "./container.js";
import { deriveName } from "./derive-name.js";
import { DISCOVERY_NAME, DNS_NAMESPACE_NAME } from "./names.js";
import { parseCidr } from "./parsing/cidr.js";
import { formatValue, oneOf } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { SidecarSpec } from "./sidecars.js";
import { PORT } from "./task/ports.js";
import type { NetworkMode } from "./task/task-options.js";

/** The DNS name of a service's tasks, in a private DNS namespace of AWS Cloud Map. */
export interface ServiceDiscoveryOptions {
  /**
   * The private DNS namespace: a domain of lower-case letters, digits, hyphens and dots, up to 200 characters. An
   * existing one of the VPC is used as it is; otherwise it is created, and deleted with its last user. Route 53 bills its
   * hosted zone by the month.
   * @defaultValue `"{cluster}.internal"`
   */
  readonly namespace?: string | undefined;
  /**
   * The name in the namespace: `http://catalog.shop.internal:3000` for `"catalog"`. Up to 127 lower-case letters, digits,
   * hyphens, underscores and dots.
   * @defaultValue the deployment's name
   */
  readonly as?: string | undefined;
  /** The TCP port of a container at which clients reach the tasks. @defaultValue the main container's port */
  readonly port?: number | undefined;
  /**
   * The records of the tasks: `"A"`, their addresses; or `"SRV"`, their addresses and ports. Tasks in the network modes
   * `bridge` and `host` have ports of their instances, so that only `"SRV"` leads to them.
   * @defaultValue `"A"` in the network mode `awsvpc`, otherwise `"SRV"`
   */
  readonly records?: "A" | "SRV" | undefined;
  /**
   * The time for which clients may keep an answer. For so long they may still call a task that has been stopped.
   * @defaultValue `"10s"`
   */
  readonly ttl?: string | undefined;
  /**
   * The clients that the tasks' security group admits: CIDR blocks, such as `"10.0.0.0/16"`, and IDs of security groups.
   * An empty list admits no more than other options do.
   * @defaultValue the primary IPv4 block of the VPC
   */
  readonly allow?: readonly string[] | undefined;
}

/** What admits clients: an address block, or a security group. */
export type DiscoveryClient =
  { readonly cidrIpv4: string } | { readonly cidrIpv6: string } | { readonly sourceGroupId: string };

/** The Cloud Map service with which ECS registers the tasks of a deployment. */
export interface ServiceDiscoverySpec {
  readonly namespace: string;
  readonly as: string;
  readonly container: string;
  readonly port: number;
  readonly records: "A" | "SRV";
  /** Seconds. */
  readonly ttl: number;
  /** `undefined`: the VPC. */
  readonly allow: readonly DiscoveryClient[] | undefined;
}

interface DiscoveryContext {
  readonly deployment: string;
  readonly cluster: string;
  readonly networkMode: NetworkMode;
  readonly container: ContainerSpec;
  readonly sidecars: readonly SidecarSpec[];
}

/** Source: Cloud Map API reference, DnsRecord. */
const TTL = { min: 0, max: 2_147_483_647 };
const DEFAULT_TTL = 10;
/** Source: RFC 1035, 2.3.4. */
const MAX_DOMAIN = 253;
const SECURITY_GROUP = /^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Parses the calls of `.serviceDiscovery()`, which merge: a service has one name. */
export function parseServiceDiscovery(
  calls: readonly unknown[] | undefined,
  context: DiscoveryContext,
  issues: Issues,
): ServiceDiscoverySpec | undefined {
  if (calls === undefined || calls.length === 0) return undefined;
  const { networkMode } = context;
  const options = new OptionsReader<ServiceDiscoveryOptions>(
    mergeOptions(calls, "serviceDiscovery", issues),
    "serviceDiscovery",
    issues,
  );
  if (networkMode === "none")
    issues.add(
      "serviceDiscovery",
      "is not supported with the network mode none, in which tasks have no address: use awsvpc, bridge or host",
    );
  const namespace =
    options.name("namespace", DNS_NAMESPACE_NAME) ??
    deriveName(DNS_NAMESPACE_NAME, context.cluster.toLowerCase(), ".internal");
  const as =
    options.name("as", DISCOVERY_NAME) ?? deriveName(DISCOVERY_NAME, context.deployment.toLowerCase());
  if (`${as}.${namespace}`.length > MAX_DOMAIN)
    options.issue(
      "as",
      `must leave the domain at most ${MAX_DOMAIN} characters; got ${`${as}.${namespace}`.length}`,
    );
  const hasInterface = networkMode === "awsvpc";
  const given = options.oneOf("records", ["A", "SRV"]);
  if (given === "A" && !hasInterface)
    options.issue(
      "records",
      `must be "SRV" with the network mode ${networkMode}, in which clients need the port of the instance, too`,
    );
  const ttl = options.duration("ttl", TTL) ?? DEFAULT_TTL;
  const target = targetOf(options, context);
  const allow = parseAllow(options);
  options.close();
  if (target === undefined) return undefined;
  return { namespace, as, ...target, records: given ?? (hasInterface ? "A" : "SRV"), ttl, allow };
}

/** Reports a name that Service Connect has already, and colors, which one name cannot tell apart. */
export function reportDiscoveryConflicts(
  {
    serviceDiscovery,
    connect,
  }: {
    readonly serviceDiscovery: ServiceDiscoverySpec | undefined;
    readonly connect: ConnectSpec | undefined;
  },
  isBlueGreen: boolean,
  issues: Issues,
): void {
  if (serviceDiscovery === undefined) return;
  if (isBlueGreen)
    issues.add(
      "serviceDiscovery",
      "is not supported with blueGreen: the name would also lead to the tasks of the version that is not live. " +
        "Remove .blueGreen(...), or let others call the service by .connect(...) or its load balancer",
    );
  const { namespace, as } = serviceDiscovery;
  if (connect?.namespace === namespace && connect.endpoints.some((endpoint) => endpoint.as === as))
    issues.add(
      "serviceDiscovery.as",
      `must not be a name of .connect(...) in the same namespace, where AWS Cloud Map has each name once; got ${formatValue(as)}`,
    );
}

function targetOf(
  options: OptionsReader<ServiceDiscoveryOptions>,
  { container, sidecars }: DiscoveryContext,
): Pick<ServiceDiscoverySpec, "container" | "port"> | undefined {
  const port = options.integer("port", PORT);
  const all = [container, ...sidecars].flatMap(({ name, ports }) =>
    ports.flatMap((each) =>
      each.protocol === "tcp" && typeof each.port === "number" ? [{ container: name, port: each.port }] : [],
    ),
  );
  const found = all.find((each) => each.port === (port ?? container.port));
  if (found !== undefined) return found;
  if (port === undefined)
    options.issue("port", "needs a container that listens: call .port(8080), or name a port of a sidecar");
  else
    options.issue(
      "port",
      `must be a TCP port of a container: ${all.length === 0 ? "none has one" : oneOf(all.map((each) => each.port))}; got ${port}`,
    );
  return undefined;
}

function parseAllow(options: OptionsReader<ServiceDiscoveryOptions>): readonly DiscoveryClient[] | undefined {
  const all = options.list("allow", "CIDR blocks and IDs of security groups");
  return all?.flatMap((each): DiscoveryClient[] => {
    if (SECURITY_GROUP.test(each)) return [{ sourceGroupId: each }];
    const cidr = parseCidr(each);
    if (cidr?.isFirst === true)
      return [each.includes(":") ? { cidrIpv6: cidr.canonical } : { cidrIpv4: cidr.canonical }];
    options.issue(
      "allow",
      `must be CIDR blocks such as "10.0.0.0/16", given by their first address, and IDs of security groups; got ${formatValue(each)}`,
    );
    return [];
  });
}
