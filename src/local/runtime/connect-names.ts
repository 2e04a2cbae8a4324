/*
 * How a process of this computer finds what Service Connect would let it find. In ECS the names are in the container's
 * /etc/hosts, and its proxy listens at their ports; a process has neither. Node.js gets a module that sends connections
 * to `orders:8080` to the port of this computer where the proxy listens, so that http://orders:8080 works as it stands.
 * Every process gets the addresses in its environment, as Kubernetes names them.
 */

/**
 * Runs in the process: connections to a name and its port go to the proxy; those to a private DNS name, or to an address of
 * a task, to one of the tasks that the name leads to at the moment.
 */
const HOOK = `
import { readFileSync } from "node:fs";
import net from "node:net";
const names = JSON.parse(process.env.QUAYSIDE_CONNECT_NAMES ?? "{}");
const { connect } = net.Socket.prototype;
const file = process.env.QUAYSIDE_DNS_NAMES;
const resolved = (host, port) => {
  if (file === undefined || !host.includes(".")) return undefined;
  try {
    const ports = JSON.parse(readFileSync(file, "utf8"))[host.replace(/\\.$/, "")]?.[port] ?? [];
    return ports[Math.floor(Math.random() * ports.length)];
  } catch {
    return undefined;
  }
};
const replaced = (host, port) => {
  const name = String(host ?? "").toLowerCase();
  return names[name + ":" + port] ?? resolved(name, port);
};
net.Socket.prototype.connect = function (...args) {
  const list = Array.isArray(args[0]) ? args[0] : args;
  const [first, second] = list;
  if (typeof first === "object" && first !== null && first.port !== undefined) {
    const port = replaced(first.host, first.port);
    if (port !== undefined) list[0] = { ...first, host: "127.0.0.1", port };
  } else if (typeof second === "string") {
    const port = replaced(second, first);
    if (port !== undefined) [list[0], list[1]] = [port, "127.0.0.1"];
  }
  return connect.apply(this, args);
};
`;

const MODULE = `data:text/javascript;base64,${Buffer.from(HOOK).toString("base64")}`;

/** The variables for the names that a task knows: `orders:8080` -> the port of this computer. */
export function connectVariables(
  names: ReadonlyMap<string, number> | undefined,
  host: string,
): Record<string, string> {
  const addresses = [...(names ?? [])].flatMap(([name, port]) => {
    const variable = name
      .replace(/:\d+$/, "")
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, "_");
    return [
      [`${variable}_SERVICE_HOST`, host],
      [`${variable}_SERVICE_PORT`, String(port)],
    ];
  });
  return Object.fromEntries(addresses) as Record<string, string>;
}

/** The variables by which a process of Node.js finds the names. */
export function nodeVariables(
  names: ReadonlyMap<string, number> | undefined,
  options: string | undefined,
  namesFile?: string,
): Record<string, string> {
  const hasNames = names !== undefined && names.size > 0;
  if (!hasNames && namesFile === undefined) return {};
  return {
    ...(hasNames && { QUAYSIDE_CONNECT_NAMES: JSON.stringify(Object.fromEntries(names)) }),
    ...(namesFile !== undefined && { QUAYSIDE_DNS_NAMES: namesFile }),
    NODE_OPTIONS: [options, `--import=${MODULE}`].filter((each) => each !== undefined).join(" "),
  };
}
