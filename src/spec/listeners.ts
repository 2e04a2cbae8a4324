import { PORT } from "./task/ports.js";
import type { LoadBalancerInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** An HTTPS listener. */
export interface HttpsOptions {
  /**
   * The certificate's ARN, or a domain whose certificate is looked up in ACM. An exact match precedes a
   * wildcard; among several, the one that is valid longest is used. With several, the first one is the listener's
   * default, and TLS chooses among all by the name that the client asks for (25 besides the default ones for a load
   * balancer, ELB quotas). Certificates that others add to the listener stay, and one that is no longer listed stays,
   * too.
   *
   * @defaultValue those that ACM issues for the `domain` of the routes behind it
   *
   * @example
   * new LoadBalancer("alb").https(443, { certificate: ["talk.example.com", "speaker.example.org"] })
   */
  readonly certificate?: string | readonly string[] | undefined;
  /**
   * The port of an additional HTTP listener that redirects all requests to HTTPS (301); `true` is port 80.
   * @defaultValue `false`
   */
  readonly redirectHttp?: boolean | number | undefined;
}

export interface ListenerSpec {
  /** The last three: of a Network Load Balancer. */
  readonly protocol: "http" | "https" | "tcp" | "tls" | "udp";
  readonly port: number;
  /** Only for HTTPS and TLS: the default certificate. `undefined`: that of the routes' domains. */
  readonly certificate: CertificateSource | undefined;
  readonly additionalCertificates: readonly CertificateSource[];
  /** The HTTPS port that this listener redirects all requests to. */
  readonly redirectTo: number | undefined;
}

export type CertificateSource =
  { readonly from: "arn"; readonly arn: string } | { readonly from: "acm"; readonly domain: string };

const DEFAULT_PORT = 80;
const DEFAULT_HTTPS_PORT = 443;
/** A certificate in ACM, or a server certificate in IAM. */
const CERTIFICATE =
  /^arn:aws[a-z-]*:(?:acm:[a-z0-9-]+:\d{12}:certificate\/|iam::\d{12}:server-certificate\/)\S+$/;
const DOMAIN = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** Parses listeners in the order of the calls; a redirect follows the listener that it redirects to. */
export function parseListeners(input: LoadBalancerInput, issues: Issues): readonly ListenerSpec[] {
  const listeners = new Map<number, ListenerSpec>();
  const add = (path: string, listener: ListenerSpec): void => {
    const { port } = listener;
    if (listeners.has(port))
      issues.add(path, `port ${port} is used by another listener: use a different port for each`);
    else listeners.set(port, listener);
  };
  // An existing load balancer keeps its listeners.
  const http = input.http.length + input.https.length === 0 && !input.existing ? [DEFAULT_PORT] : input.http;
  for (const port of http) {
    const parsed = parsePort(port, "loadBalancer.http", issues);
    if (parsed !== undefined) {
      add("loadBalancer.http", {
        protocol: "http",
        port: parsed,
        certificate: undefined,
        additionalCertificates: [],
        redirectTo: undefined,
      });
    }
  }
  for (const call of input.https) parseHttps(call, input, add, issues);
  return [...listeners.values()];
}

function parseHttps(
  call: LoadBalancerInput["https"][number],
  { existing }: LoadBalancerInput,
  add: (path: string, listener: ListenerSpec) => void,
  issues: Issues,
): void {
  const path = "loadBalancer.https";
  const port = parsePort(call.port ?? DEFAULT_HTTPS_PORT, path, issues);
  const options = new OptionsReader<HttpsOptions>(call.options, path, issues);
  const [certificate, ...additionalCertificates] = parseCertificates(options, existing);
  const redirect = options.raw("redirectHttp") ?? false;
  const from = redirect === true ? DEFAULT_PORT : redirect;
  options.close();
  if (existing && redirect !== false) {
    options.issue(
      "redirectHttp",
      "is not supported with LoadBalancer.existing(...), which never changes the load balancer: remove it",
    );
  }
  if (port === undefined) return;
  add(path, { protocol: "https", port, certificate, additionalCertificates, redirectTo: undefined });
  if (from === false) return;
  const redirectPort = parsePort(from, `${path}.redirectHttp`, issues, "true, false or ");
  if (redirectPort !== undefined) {
    add(`${path}.redirectHttp`, {
      protocol: "http",
      port: redirectPort,
      certificate: undefined,
      additionalCertificates: [],
      redirectTo: port,
    });
  }
}

/** "Certificates per Application Load Balancer (not counting default certificates)" (ELB quotas). */
export const MAX_ADDITIONAL = 25;

export function parseCertificates(
  options: OptionsReader<Pick<HttpsOptions, "certificate">>,
  existing = false,
): CertificateSource[] {
  const value = options.raw("certificate");
  if (existing) {
    if (value !== undefined)
      options.issue(
        "certificate",
        "is not supported with LoadBalancer.existing(...), whose listeners have certificates: remove it",
      );
    return [];
  }
  const example = '"talk.example.com"';
  if (value === undefined) return [];
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const sources = all.map(parseSource);
  const wrong = sources.indexOf(undefined);
  if (all.length === 0 || wrong >= 0) {
    options.issue(
      "certificate",
      `must be the ARN of a certificate in ACM or IAM, a domain such as ${example}, or an array of these; got ${formatValue(wrong >= 0 ? all[wrong] : value)}`,
    );
    return [];
  }
  if (new Set(all.map((one) => String(one).toLowerCase())).size < all.length)
    options.issue("certificate", "must not list a certificate twice");
  if (all.length > MAX_ADDITIONAL + 1)
    options.issue("certificate", `must have ${MAX_ADDITIONAL + 1} certificates at most; got ${all.length}`);
  return sources as CertificateSource[];
}

function parseSource(value: unknown): CertificateSource | undefined {
  if (typeof value !== "string") return undefined;
  if (CERTIFICATE.test(value)) return { from: "arn", arn: value };
  return DOMAIN.test(value) ? { from: "acm", domain: value.toLowerCase() } : undefined;
}

export function parsePort(port: unknown, path: string, issues: Issues, or = ""): number | undefined {
  if (Number.isInteger(port) && (port as number) >= PORT.min && (port as number) <= PORT.max)
    return port as number;
  issues.add(path, `must be ${or}a whole number from ${PORT.min} to ${PORT.max}; got ${formatValue(port)}`);
  return undefined;
}

/** The protocol of the packets that a listener gets. */
export const transportOf = (protocol: ListenerSpec["protocol"]): "tcp" | "udp" =>
  protocol === "udp" ? "udp" : "tcp";
