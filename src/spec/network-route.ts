import { isDeepStrictEqual } from "node:util";
import type { CapacityType } from "./capacity-type.js";
import type { ContainerSpec } from "./container.js";
import { deriveName } from "./derive-name.js";
import { parseDomains, type DomainOptions } from "./domains.js";
import type { NetworkRouteInput } from "./input.js";
import { transportOf, type ListenerSpec } from "./listeners.js";
import type { LoadBalancerSpec } from "./load-balancer.js";
import { TARGET_GROUP_NAME } from "./names.js";
import {
  parseNetworkHealthCheck,
  type NetworkHealthCheckOptions,
  type NetworkHealthCheckSpec,
} from "./network-health-check.js";
import { parseNetworkLoadBalancer } from "./network-load-balancer.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { DEREGISTRATION_DELAY, type RouteTarget } from "./route.js";
import type { SidecarSpec } from "./sidecars.js";
import { PORT } from "./task/ports.js";

/** How a Network Load Balancer passes connections on to a service, and checks the health of its tasks. */
export interface NetworkRouteOptions extends DomainOptions {
  /**
   * The port of the listener, one of the load balancer's. Each listener leads to one service: deployments that share a
   * load balancer have listeners of their own. @defaultValue the only one, else the one with the container's port
   */
  readonly listener?: number | undefined;
  /** The container that gets the connections. @defaultValue the main container */
  readonly container?: string | undefined;
  /** The port of the container, one of its TCP ports, for a UDP listener one of its UDP ports. @defaultValue its first one */
  readonly port?: number | undefined;
  /**
   * The load balancer's health check: the path of a request over HTTP, or an object with details. What is sent over UDP is
   * not checked: behind a UDP listener, a TCP port of the task is. @defaultValue the port accepts connections over TCP
   */
  readonly healthCheck?: string | NetworkHealthCheckOptions | undefined;
  /**
   * The target group's name: 1 to 32 letters, digits and hyphens, unique in the region.
   * With `.blueGreen()` there is a second one, with the suffix `-alternate`.
   * @defaultValue `{deployment}-{tcp or udp}-{listener}`, shortened if necessary; on Fargate and Managed Instances with the suffix `-ip`
   */
  readonly targetGroup?: string | undefined;
  /**
   * The time for which a stopping task keeps its connections, up to 1 h: it is stopped afterwards. A Network Load Balancer
   * learns slowly that a task has been deregistered, and sends it new connections until then: a short time loses some.
   * @defaultValue AWS's: `"5m"`
   */
  readonly deregistrationDelay?: string | undefined;
  /** Close the connections that are left after `deregistrationDelay`. @defaultValue AWS's: `false`; the task's stop ends them */
  readonly connectionTermination?: boolean | undefined;
  /**
   * Let tasks see the addresses of the clients as those of the connections. A task cannot then be its own client through
   * the load balancer. Always so with UDP.
   * @defaultValue AWS's: `true` for tasks at ports of their instances (network mode `bridge` or `host`), else `false`
   */
  readonly preserveClientIp?: boolean | undefined;
  /** Begin each connection with a header of proxy protocol version 2, which the process must read. @defaultValue AWS's: `false` */
  readonly proxyProtocol?: boolean | undefined;
}

export interface NetworkRouteSpec extends RouteTarget {
  readonly loadBalancer: LoadBalancerSpec;
  readonly listener: ListenerSpec;
  /** The domains whose records and certificates the deployment owns. @defaultValue none */
  readonly domains?: readonly string[] | undefined;
  readonly targetGroup: string;
  /** The name of the second target group, which ECS's blue/green deployments need. @defaultValue none */
  readonly alternate?: string | undefined;
  readonly healthCheck: NetworkHealthCheckSpec;
  /** Seconds. */
  readonly deregistrationDelay: number;
  readonly connectionTermination: boolean;
  /** `undefined`: AWS's default, which depends on the target type. */
  readonly preserveClientIp: boolean | undefined;
  readonly proxyProtocol: boolean;
}

/** AWS's default, which is long enough for the load balancer to learn of it. */
const DEFAULT_DEREGISTRATION_DELAY = 300;
/** A service has five target groups at most. Source: Amazon ECS Developer Guide, "Registering multiple target groups". */
const MAX_TARGET_GROUPS = 5;

interface Context {
  readonly deployment: string;
  readonly capacity: CapacityType;
  readonly container: ContainerSpec;
  readonly sidecars: readonly SidecarSpec[];
  /** The load balancers of the other routes. */
  readonly others: readonly LoadBalancerSpec[];
}

export function parseNetworkRoutes(
  calls: readonly NetworkRouteInput[] = [],
  context: Context,
  issues: Issues,
): readonly NetworkRouteSpec[] | undefined {
  if (calls.length === 0) return undefined;
  const routes = new Map<string, NetworkRouteSpec>();
  const balancers = new Map(context.others.map((other) => [other.name, other]));
  for (const call of calls) {
    const parsed = parseNetworkRoute(call, context, issues);
    if (parsed === undefined) continue;
    const { loadBalancer, listener } = parsed;
    const key = `${loadBalancer.name}:${listener.port}`;
    const others = [...routes].flatMap(([other, { targetGroup }]) => (other === key ? [] : [targetGroup]));
    const route = withOwnGroup(parsed, others, call, context, issues);
    const known = balancers.get(loadBalancer.name) ?? loadBalancer;
    balancers.set(loadBalancer.name, known);
    if (known.type === undefined)
      issues.add(
        "behindNlb",
        `must not be the load balancer of .behindAlb(...), ${known.name}: an Application and a Network Load Balancer have different names in a region`,
      );
    else if (!isDeepStrictEqual(known, loadBalancer))
      issues.add(
        "behindNlb",
        `${known.name} has different descriptions: describe the load balancer once and pass it to each call`,
      );
    routes.set(key, route);
  }
  const count = routes.size + context.others.length;
  if (count > MAX_TARGET_GROUPS)
    issues.add(
      "behindNlb",
      `must have ${MAX_TARGET_GROUPS} routes at most, together with those of .behindAlb(...), which a service of ECS has; got ${count}`,
    );
  return [...routes.values()];
}

/** A target group's type (instance or ip) cannot be changed: each capacity type has its own target group. */
const groupSuffix = (protocol: string, port: number | undefined, { capacity }: Context): string =>
  `-${protocol}-${port ?? 0}${capacity === "ec2" ? "" : "-ip"}`;

/** A target group is of one load balancer: where two have the same listener, the later one's name is in that of its group. */
function withOwnGroup(
  route: NetworkRouteSpec,
  others: readonly string[],
  { options }: NetworkRouteInput,
  context: Context,
  issues: Issues,
): NetworkRouteSpec {
  const { loadBalancer, listener, targetGroup } = route;
  if (!others.includes(targetGroup)) return route;
  if (isPlainObject(options) && options["targetGroup"] !== undefined)
    issues.add(
      "behindNlb.targetGroup",
      `must be another one for each route; "${targetGroup}" is the target group of several`,
    );
  const suffix = groupSuffix(transportOf(listener.protocol), listener.port, context);
  const base = `${context.deployment}-${loadBalancer.name}`;
  return { ...route, targetGroup: deriveName(TARGET_GROUP_NAME, base, suffix) };
}

function parseNetworkRoute(
  { loadBalancer: described, options: given }: NetworkRouteInput,
  context: Context,
  issues: Issues,
): NetworkRouteSpec | undefined {
  const options = new OptionsReader<NetworkRouteOptions>(given, "behindNlb", issues);
  if (described === undefined) {
    issues.add(
      "behindNlb",
      'must be a NetworkLoadBalancer with its listeners, such as new NetworkLoadBalancer("tcp").tcp(5432)',
    );
    return undefined;
  }
  const loadBalancer = parseNetworkLoadBalancer(described.described, issues);
  const wanted = options.integer("port", PORT);
  const listener = listenerOf(loadBalancer, options.integer("listener", PORT), wanted, options);
  const target = targetIn(context, listener, options.raw("container"), wanted, options);
  const domains = parseDomains(options);
  const healthCheck = parseNetworkHealthCheck(options.raw("healthCheck"), issues);
  const protocol = transportOf(listener?.protocol ?? "tcp");
  const targetGroup =
    options.name("targetGroup", TARGET_GROUP_NAME) ??
    deriveName(TARGET_GROUP_NAME, context.deployment, groupSuffix(protocol, listener?.port, context));
  const deregistrationDelay =
    options.duration("deregistrationDelay", DEREGISTRATION_DELAY) ?? DEFAULT_DEREGISTRATION_DELAY;
  const connectionTermination = options.boolean("connectionTermination") ?? false;
  const preserveClientIp = options.boolean("preserveClientIp");
  const proxyProtocol = options.boolean("proxyProtocol") ?? false;
  options.close();
  // ELB User Guide, "Client IP preservation": it cannot be disabled for UDP.
  if (protocol === "udp" && preserveClientIp === false)
    options.issue(
      "preserveClientIp",
      "must not be false behind a UDP listener, where AWS always preserves it",
    );
  if (listener === undefined || target === undefined) return undefined;
  if (domains.length === 0 && listener.protocol === "tls" && listener.certificate === undefined)
    options.issue(
      "domain",
      `is required for the TLS listener on port ${listener.port}, which has no certificate: name the domain, or a certificate, .tls(${listener.port}, { certificate })`,
    );
  reportCheckedPort(context, target, healthCheck.port ?? target.port, protocol, options);
  return {
    loadBalancer,
    listener,
    ...target,
    ...(domains.length > 0 && { domains }),
    targetGroup,
    healthCheck,
    deregistrationDelay,
    connectionTermination,
    preserveClientIp,
    proxyProtocol,
  };
}

/** The route with the second target group of ECS's blue/green deployments. */
export const withAlternate = (route: NetworkRouteSpec): NetworkRouteSpec => ({
  ...route,
  alternate: deriveName(TARGET_GROUP_NAME, route.targetGroup, "-alternate"),
});

type Options = OptionsReader<NetworkRouteOptions>;

function listenerOf(
  { name, listeners }: LoadBalancerSpec,
  wanted: number | undefined,
  port: number | undefined,
  options: Options,
): ListenerSpec | undefined {
  const described = listeners.map((each) => each.port).join(", ");
  const [only] = listeners;
  if (only === undefined) {
    options.issue(
      "listener",
      `needs a listener of the load balancer ${name}: call .tcp(port), .tls(port) or .udp(port) on it`,
    );
    return undefined;
  }
  const found =
    wanted === undefined
      ? listeners.length === 1
        ? only
        : listeners.find((each) => each.port === port)
      : listeners.find((each) => each.port === wanted);
  if (found === undefined)
    options.issue(
      "listener",
      wanted === undefined
        ? `is required: load balancer ${name} has the listeners ${described}, and none of them has the container's port`
        : `must be a listener of load balancer ${name}: ${described}; got ${wanted}`,
    );
  return found;
}

function targetIn(
  { container: main, sidecars }: Context,
  listener: ListenerSpec | undefined,
  given: unknown,
  wanted: number | undefined,
  options: Options,
): RouteTarget | undefined {
  const name = given === undefined ? main.name : given;
  const all = [main, ...sidecars];
  const container = all.find((each) => each.name === name);
  if (container === undefined) {
    options.issue(
      "container",
      `must be a container of the task: ${all.map((each) => each.name).join(", ")}; got ${String(name)}`,
    );
    return undefined;
  }
  const protocol = transportOf(listener?.protocol ?? "tcp");
  const ports = portsOf(container, protocol);
  const port = wanted ?? ports.find((each) => each === listener?.port) ?? ports[0];
  if (port !== undefined && ports.includes(port)) return { container: container.name, port };
  const example = protocol === "udp" ? `{ port, protocol: "udp" }` : "{ port }";
  options.issue(
    "port",
    `must be a ${protocol.toUpperCase()} port of container ${container.name}: ${ports.length === 0 ? `it has none, see .container({ ports: [${example}] })` : ports.join(", ")}; got ${String(wanted)}`,
  );
  return undefined;
}

const portsOf = ({ ports }: Pick<ContainerSpec, "ports">, protocol: "tcp" | "udp"): readonly number[] =>
  ports.flatMap((each) => (each.protocol === protocol && typeof each.port === "number" ? [each.port] : []));

/** The check is over TCP, also behind a UDP listener. */
function reportCheckedPort(
  { container, sidecars }: Context,
  target: RouteTarget,
  checked: number,
  protocol: "tcp" | "udp",
  options: Options,
): void {
  if (protocol === "tcp" && checked === target.port) return;
  const all = [container, ...sidecars].flatMap((each) => portsOf(each, "tcp"));
  if (all.includes(checked)) return;
  options.issue(
    "healthCheck",
    protocol === "udp" && checked === target.port
      ? `needs a TCP port of the task, because AWS does not check what is sent over UDP: .container({ ports: [{ port: 8080 }] }), healthCheck: { port: 8080 }`
      : `must check a TCP port of a container: ${all.join(", ") || "there is none"}; got ${checked}`,
  );
}
