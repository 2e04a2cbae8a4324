import type { AwsSettings } from "../aws-options.js";

interface Target {
  /** `https:`. */
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable in lower or upper case; lower case wins, as with most tools. */
const variable = (env: Environment, name: string): string | undefined =>
  env[name.toLowerCase()] || env[name.toUpperCase()] || undefined;

/** The URL of the proxy for a request; `undefined` for a direct connection. */
export function proxyFor(target: Target, proxy: AwsSettings["proxy"], env: Environment): string | undefined {
  if (proxy === false || isExempt(target, variable(env, "no_proxy") ?? "")) return undefined;
  const url = proxy ?? variable(env, target.protocol === "http:" ? "http_proxy" : "https_proxy");
  return url === undefined || url.includes("://") ? url : `http://${url}`;
}

/**
 * `NO_PROXY`, a list of hosts with or without a port: a name exempts its subdomains, too, and `*` everything.
 */
function isExempt({ protocol, hostname, port }: Target, list: string): boolean {
  const usual = protocol === "http:" ? 80 : 443;
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    const [, name = "", only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (name === "" || (only !== undefined && Number(only) !== (port ?? usual))) return false;
    const host = hostname.toLowerCase();
    return host === name.toLowerCase() || host.endsWith(`.${name.toLowerCase()}`);
  });
}
