import { formatValue } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import type { NetworkMode } from "./task-options.js";

/** A port of a container. An entry with the number of the container's `port` describes that one. */
export interface PortOptions {
  /** The port that the process listens on, 1 to 65535, or a range such as `"8000-8010"`, in the modes `awsvpc` and `bridge`. */
  readonly port: number | string;
  /** The name for Service Connect: 1 to 64 lower-case letters, digits, `_` and `-`, not beginning with `-`. @defaultValue none */
  readonly name?: string | undefined;
  /** @defaultValue `"tcp"` */
  readonly protocol?: "tcp" | "udp" | undefined;
  /**
   * The port of the instance, in the network mode `bridge`: one instance then runs one such task. In the modes
   * `awsvpc` and `host`, it is always the container's port.
   * @defaultValue a free port of the instance in the mode `bridge`, otherwise the container's port
   */
  readonly hostPort?: number | undefined;
  /** The protocol that Service Connect's proxy speaks on it; only with `name`. @defaultValue TCP */
  readonly appProtocol?: "http" | "http2" | "grpc" | undefined;
}

export interface PortSpec {
  /** A number, or a range `8000-8010`. */
  readonly port: number | string;
  readonly name: string | undefined;
  readonly protocol: "tcp" | "udp";
  /** `undefined`: chosen by ECS. */
  readonly hostPort: number | undefined;
  readonly appProtocol: "http" | "http2" | "grpc" | undefined;
}

/** Source: Amazon ECS API reference, PortMapping. */
export const PORT = { min: 1, max: 65_535 };
const HOST_PORT = { min: 0, max: 65_535 };
const NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
/** Source: Amazon ECS service quotas, ports of a container; the API reference's limit of port ranges. */
const MAX_PORTS = 100;

/** Parses the ports of a container: `port`, if it has one, is the first of them. */
export function parsePorts(
  given: unknown,
  port: number | undefined,
  path: string,
  networkMode: NetworkMode,
  issues: Issues,
): readonly PortSpec[] {
  const main: PortSpec[] = port === undefined ? [] : [plain(port)];
  const more = given === undefined ? [] : listOf(given, path, issues);
  if (more.length > MAX_PORTS)
    issues.add(path, `must be at most ${MAX_PORTS} ports, which is ECS's limit; got ${more.length}`);
  const parsed = more.map((entry, index) => parsePort(entry, `${path}.${index}`, networkMode, issues));
  if (networkMode === "none" && main.length + parsed.length > 0)
    issues.add(
      path,
      "are not supported with the network mode none, in which a container has no network: remove the ports, or use another mode",
    );
  const described = parsed.findIndex((each) => each?.port === port && each?.protocol === "tcp");
  const all = [
    ...(described === -1 ? main : [parsed[described]!]),
    ...parsed.flatMap((each, index) => (each === undefined || index === described ? [] : [each])),
  ];
  reportDuplicates(all, path, networkMode, issues);
  return all;
}

function listOf(given: unknown, path: string, issues: Issues): readonly unknown[] {
  if (Array.isArray(given)) return given;
  issues.add(
    path,
    `must be an array of ports, such as [{ port: 9090, name: "metrics" }]; got ${formatValue(given)}`,
  );
  return [];
}

const plain = (port: number): PortSpec => ({
  port,
  name: undefined,
  protocol: "tcp",
  hostPort: undefined,
  appProtocol: undefined,
});

function parsePort(
  entry: unknown,
  path: string,
  networkMode: NetworkMode,
  issues: Issues,
): PortSpec | undefined {
  const options = new OptionsReader<PortOptions>(
    isPlainObject(entry) ? entry : { port: entry },
    path,
    issues,
  );
  const port = parseNumber(options);
  const name = options.raw("name");
  const isName = typeof name === "string" && NAME.test(name);
  if (name !== undefined && !isName)
    options.issue(
      "name",
      `must be 1 to 64 lower-case letters, digits, _ and -, not beginning with -; got ${formatValue(name)}`,
    );
  const protocol = options.oneOf("protocol", ["tcp", "udp"]) ?? "tcp";
  const hostPort = options.integer("hostPort", HOST_PORT);
  const appProtocol = options.oneOf("appProtocol", ["http", "http2", "grpc"]);
  options.close();
  if (port === undefined) return undefined;
  if (appProtocol !== undefined && name === undefined)
    options.issue("appProtocol", "needs a name, by which Service Connect refers to the port");
  if (typeof port === "string" && networkMode === "host")
    options.issue("port", "must not be a range in the network mode host: list the ports");
  if (typeof port === "string" && hostPort !== undefined)
    options.issue("hostPort", "is not supported with a range, whose host ports ECS chooses: remove it");
  else if (hostPort !== undefined && hostPort !== port && networkMode !== "bridge")
    options.issue(
      "hostPort",
      `must be the container's port, ${port}, in the network mode ${networkMode}: remove it; got ${hostPort}`,
    );
  return {
    port,
    name: isName ? name : undefined,
    protocol,
    // 0 means the same as none.
    hostPort: hostPort === 0 ? undefined : hostPort,
    appProtocol,
  };
}

function parseNumber(options: OptionsReader<PortOptions>): number | string | undefined {
  const port = options.raw("port");
  if (typeof port !== "string") {
    if (port === undefined) options.issue("port", "is required: a port from 1 to 65535");
    return options.integer("port", PORT);
  }
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(port) ?? [];
  if (
    first !== undefined &&
    Number(first) >= PORT.min &&
    Number(last) <= PORT.max &&
    Number(first) <= Number(last)
  )
    return port;
  options.issue(
    "port",
    `must be a port from 1 to 65535, or a range such as "8000-8010"; got ${formatValue(port)}`,
  );
  return undefined;
}

function reportDuplicates(
  ports: readonly PortSpec[],
  path: string,
  networkMode: NetworkMode,
  issues: Issues,
): void {
  const seen = new Set<string>();
  for (const { port, protocol, hostPort } of ports) {
    // In the mode bridge, several ports of the instance may lead to one of the container.
    const key = networkMode === "bridge" ? `${port}/${protocol}/${hostPort ?? 0}` : `${port}/${protocol}`;
    if (seen.has(key)) issues.add(path, `must contain each port once; ${port}/${protocol} is in it twice`);
    seen.add(key);
  }
}
