import { isDeepStrictEqual } from "node:util";
import type { CapacityType } from "./capacity-type.js";
import type { ContainerSpec } from "./container.js";
import { deriveName } from "./derive-name.js";
import type { DeploymentInput } from "./input.js";
import { CONNECT_NAME, NAMESPACE_NAME } from "./names.js";
import { formatValue, oneOf } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseConnectTls, type ConnectTlsOptions, type ConnectTlsSpec } from "./connect-tls.js";
import type { SidecarSpec } from "./sidecars.js";
import { PORT, type PortSpec } from "./task/ports.js";
import type { NetworkMode } from "./task/task-options.js";

/** What a service is in an ECS Service Connect namespace: a client, or also the target of a name. */
export interface ConnectOptions {
  /**
   * The AWS Cloud Map namespace, up to 200 letters, digits and `._-`. Deployments of one namespace reach each other, in
   * all clusters of the VPC. An existing one is used as it is; otherwise it is created, and deleted with its last user.
   * @defaultValue the cluster's name
   */
  readonly namespace?: string | undefined;
  /**
   * The name by which others reach the service: `http://talk:8080` for `"talk"`. 1 to 64 lower-case letters, digits, `_`
   * and `-`, unique in the namespace.
   * @defaultValue the deployment's name with `port`, otherwise none: the service is a client only
   */
  readonly as?: string | undefined;
  /** The port at which others reach the service. @defaultValue the main container's port with `as` */
  readonly port?: number | undefined;
  /** The TCP port of a container that gets the connections. @defaultValue `port` if a container has it, otherwise the main container's */
  readonly containerPort?: number | undefined;
  /**
   * The protocol that the proxies speak. With `"http"`, `"http2"` and `"grpc"` they divide requests, not connections, over
   * the tasks, try a request again if a task does not accept it, and measure requests.
   * @defaultValue the route's protocol if it has the port, otherwise `"http"`
   */
  readonly protocol?: "http" | "http2" | "grpc" | "tcp" | undefined;
  /**
   * The time for a whole response, up to 1 h, `"0s"` for no limit; not with the protocol `"tcp"`.
   * @defaultValue `"15s"`, ECS's default
   */
  readonly requestTimeout?: string | undefined;
  /** The time after which an idle connection is closed, up to 1 d, `"0s"` for never. @defaultValue ECS's: `"5m"`, and `"1h"` for `"tcp"` */
  readonly idleTimeout?: string | undefined;
  /** The port at which the task's proxy listens, in place of the container's. @defaultValue ECS's: the container's port, in the mode `bridge` a free one */
  readonly ingressPort?: number | undefined;
  /** Encrypts the traffic between the proxies with certificates of an AWS Private CA, which AWS bills by the month. @defaultValue not encrypted */
  readonly tls?: ConnectTlsOptions | undefined;
  /** False if the proxies do not log to the deployment's log group. @defaultValue `true` with the log driver `awslogs` */
  readonly logs?: boolean | undefined;
  /** The format in which the proxies log each request, to the deployment's log group. @defaultValue requests are not logged */
  readonly accessLogs?: "text" | "json" | undefined;
}

/** A name of a service in its namespace. */
export interface ConnectEndpointSpec {
  readonly as: string;
  readonly port: number;
  readonly container: string;
  readonly containerPort: number;
  /** The name of the container's port, by which the service refers to it. */
  readonly portName: string;
  readonly protocol: "http" | "http2" | "grpc" | "tcp";
  /** Seconds; `undefined`: ECS's default. */
  readonly requestTimeout: number | undefined;
  readonly idleTimeout: number | undefined;
  readonly ingressPort: number | undefined;
  readonly tls: ConnectTlsSpec | undefined;
}

export interface ConnectSpec {
  readonly namespace: string;
  /** Empty: a client only. */
  readonly endpoints: readonly ConnectEndpointSpec[];
  /** True if the proxies log to the deployment's log group. */
  readonly logs: boolean;
  readonly accessLogs: "text" | "json" | undefined;
}

interface ConnectContext {
  readonly deployment: string;
  readonly cluster: string;
  readonly capacity: CapacityType;
  readonly networkMode: NetworkMode;
  readonly container: ContainerSpec;
  readonly sidecars: readonly SidecarSpec[];
  /** True if the containers log with the driver `awslogs`. */
  readonly logsToGroup: boolean;
  /** The protocol of the load balancer's route to the main container's port. */
  readonly routeProtocol: "http2" | "grpc" | undefined;
}

/** What the chain describes, and its containers with the names of the ports that it serves. */
export interface ParsedConnect<Container extends ContainerSpec> {
  readonly connect: ConnectSpec | undefined;
  readonly container: Container;
  readonly sidecars: readonly SidecarSpec[];
}

/* Source of the ranges: ECS API reference, TimeoutConfiguration; CloudFormation, AWS::ECS::Service TimeoutConfiguration. */
const REQUEST_TIMEOUT = { min: 0, max: 3600 };
const IDLE_TIMEOUT = { min: 0, max: 86_400 };

/** Parses the calls of `.connect()`: each one with `as` or `port` adds a name. */
export function parseConnect<Container extends ContainerSpec>(
  calls: DeploymentInput["connect"],
  context: ConnectContext & { readonly container: Container },
  issues: Issues,
): ParsedConnect<Container> {
  const { container, sidecars } = context;
  if (calls === undefined || calls.length === 0) return { connect: undefined, container, sidecars };
  if (context.networkMode !== "awsvpc" && context.networkMode !== "bridge")
    issues.add(
      "connect",
      `is not supported with the network mode ${context.networkMode}, in which a task has no room for Service Connect's proxy: use awsvpc or bridge`,
    );
  const endpoints = new Map<string, ConnectEndpointSpec>();
  let namespace: string | undefined;
  let logs: boolean | undefined;
  let accessLogs: "text" | "json" | undefined;
  for (const call of calls) {
    const options = new OptionsReader<ConnectOptions>(call, "connect", issues);
    const named = options.name("namespace", NAMESPACE_NAME);
    if (named !== undefined && namespace !== undefined && named !== namespace)
      options.issue(
        "namespace",
        `must be the same in all calls, because a service is in one namespace; got "${namespace}" and "${named}"`,
      );
    namespace = named ?? namespace;
    logs = options.boolean("logs") ?? logs;
    accessLogs = options.oneOf("accessLogs", ["text", "json"]) ?? accessLogs;
    const endpoint = parseEndpoint(options, context);
    options.close();
    if (endpoint === undefined) continue;
    const other = endpoints.get(endpoint.as);
    if (other !== undefined && !isDeepStrictEqual(other, endpoint))
      options.issue(
        "as",
        `must be another name in each call, because each further call adds a name; got "${endpoint.as}" in two calls with different options`,
      );
    endpoints.set(endpoint.as, endpoint);
  }
  const logsToGroup = logs ?? context.logsToGroup;
  if (logsToGroup && !context.logsToGroup)
    issues.add("connect.logs", "needs the log driver awslogs, whose log group the proxies log to: remove it");
  if (accessLogs !== undefined && !logsToGroup)
    issues.add("connect.accessLogs", "needs the logs of the proxies: remove logs: false");
  const spec = {
    namespace: namespace ?? deriveName(NAMESPACE_NAME, context.cluster),
    endpoints: withPortNames([...endpoints.values()], context),
    logs: logsToGroup,
    accessLogs,
  };
  return { connect: spec, ...withNamedPorts(spec.endpoints, container, sidecars, issues) };
}

function parseEndpoint(
  options: OptionsReader<ConnectOptions>,
  context: ConnectContext,
): ConnectEndpointSpec | undefined {
  const as = options.name("as", CONNECT_NAME);
  const port = options.integer("port", PORT);
  const wanted = options.integer("containerPort", PORT);
  const given = options.oneOf("protocol", ["http", "http2", "grpc", "tcp"]);
  const requestTimeout = options.duration("requestTimeout", REQUEST_TIMEOUT);
  const idleTimeout = options.duration("idleTimeout", IDLE_TIMEOUT);
  const ingressPort = options.integer("ingressPort", PORT);
  const tls = parseConnectTls(options);
  if (options.raw("as") === undefined && options.raw("port") === undefined) {
    for (const key of [
      "containerPort",
      "protocol",
      "requestTimeout",
      "idleTimeout",
      "ingressPort",
      "tls",
    ] as const)
      if (options.raw(key) !== undefined)
        options.issue(key, "needs a name at which others reach the service: add as, or port");
    return undefined;
  }
  const found = portOf(options, wanted, port, context);
  if (found === undefined) return undefined;
  const protocol = given ?? found.port.appProtocol ?? protocolOf(found.port, context);
  if (found.port.appProtocol !== undefined && given !== undefined && given !== found.port.appProtocol)
    options.issue(
      "protocol",
      `must be the port's appProtocol, "${found.port.appProtocol}", or be left out; got "${given}"`,
    );
  if (protocol === "tcp" && requestTimeout !== undefined)
    options.issue("requestTimeout", 'is not supported with the protocol "tcp", which has no requests');
  const { port: containerPort } = found.port as { readonly port: number };
  return {
    as: as ?? deriveName(CONNECT_NAME, context.deployment.toLowerCase()),
    port: port ?? containerPort,
    container: found.container,
    containerPort,
    portName: found.port.name ?? "",
    protocol,
    requestTimeout,
    idleTimeout,
    ingressPort,
    tls,
  };
}

const protocolOf = (
  { port }: PortSpec,
  { container, routeProtocol }: ConnectContext,
): ConnectEndpointSpec["protocol"] => (port === container.port ? routeProtocol : undefined) ?? "http";

/** The port of a container that gets the connections. */
function portOf(
  options: OptionsReader<ConnectOptions>,
  wanted: number | undefined,
  port: number | undefined,
  { container, sidecars }: ConnectContext,
): { readonly container: string; readonly port: PortSpec } | undefined {
  const all = [container, ...sidecars].flatMap(({ name, ports }) =>
    ports
      .filter((each) => each.protocol === "tcp" && typeof each.port === "number")
      .map((each) => ({ container: name, port: each })),
  );
  const at = (number: number | undefined) => all.find((each) => each.port.port === number);
  const found = wanted === undefined ? (at(port) ?? at(container.port)) : at(wanted);
  if (found !== undefined) return found;
  const ports = all.map((each) => each.port.port);
  if (wanted !== undefined)
    options.issue(
      "containerPort",
      `must be a TCP port of a container: ${ports.length === 0 ? "none has one" : oneOf(ports)}; got ${wanted}`,
    );
  else
    options.issue(
      options.raw("port") === undefined ? "as" : "port",
      "needs a container that listens: call .port(8080), or name a port of a sidecar as containerPort",
    );
  return undefined;
}

/** The names of ports are unique in a task: those without one get that of their endpoint. */
function withPortNames(
  endpoints: readonly ConnectEndpointSpec[],
  { container, sidecars }: ConnectContext,
): readonly ConnectEndpointSpec[] {
  const taken = new Set(
    [container, ...sidecars].flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? [])),
  );
  const byPort = new Map<string, string>();
  return endpoints.map((endpoint) => {
    if (endpoint.portName !== "") return endpoint;
    const key = `${endpoint.container} ${endpoint.containerPort}`;
    const free = taken.has(endpoint.as) ? `${endpoint.as}-${endpoint.containerPort}` : endpoint.as;
    const portName = byPort.get(key) ?? free.slice(0, 64);
    byPort.set(key, portName);
    taken.add(portName);
    return { ...endpoint, portName };
  });
}

function withNamedPorts<Container extends ContainerSpec>(
  endpoints: readonly ConnectEndpointSpec[],
  container: Container,
  sidecars: readonly SidecarSpec[],
  issues: Issues,
): { readonly container: Container; readonly sidecars: readonly SidecarSpec[] } {
  const named = <Each extends ContainerSpec>(one: Each): Each => {
    const own = endpoints.filter((each) => each.container === one.name);
    if (own.length === 0) return one;
    const ports = one.ports.map((port): PortSpec => {
      const [endpoint, ...others] = own.filter((each) => each.containerPort === port.port);
      if (endpoint === undefined || port.protocol !== "tcp") return port;
      if (others.some(({ protocol }) => protocol !== endpoint.protocol))
        issues.add(
          "connect.protocol",
          `must be the same for all names of port ${port.port}; got ${formatValue(others.map(({ protocol }) => protocol).join(", "))}`,
        );
      return {
        ...port,
        name: endpoint.portName,
        appProtocol: endpoint.protocol === "tcp" ? undefined : endpoint.protocol,
      };
    });
    return { ...one, ports };
  };
  return { container: named(container), sidecars: sidecars.map(named) };
}
