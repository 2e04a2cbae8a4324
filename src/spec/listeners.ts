import { PORT } from "./container.js";
import type { LoadBalancerInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** A listener for HTTPS. */
export interface HttpsOptions {
  /**
   * The certificate's ARN, or a domain: then the certificate for it is looked up in ACM, an exact one
   * before a wildcard's, and of several the one that is valid longest.
   */
  readonly certificate: string;
  /**
   * A listener for HTTP that sends everything on to HTTPS (301): `true` on port 80, or a port.
   * @defaultValue `false`
   */
  readonly redirectHttp?: boolean | number | undefined;
}

export interface ListenerSpec {
  readonly protocol: "http" | "https";
  readonly port: number;
  /** HTTPS only. */
  readonly certificate: CertificateSource | undefined;
  /** It only sends requests on, to HTTPS at this port. */
  readonly redirectTo: number | undefined;
}

export type CertificateSource =
  { readonly from: "arn"; readonly arn: string } | { readonly from: "acm"; readonly domain: string };

const DEFAULT_PORT = 80;
const DEFAULT_HTTPS_PORT = 443;
/** ACM's, and server certificates that were uploaded to IAM. */
const CERTIFICATE =
  /^arn:aws[a-z-]*:(?:acm:[a-z0-9-]+:\d{12}:certificate\/|iam::\d{12}:server-certificate\/)\S+$/;
const DOMAIN = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** In the order of the calls; a redirect comes right after the listener that it leads to. */
export function parseListeners(input: LoadBalancerInput, issues: Issues): readonly ListenerSpec[] {
  const listeners = new Map<number, ListenerSpec>();
  const add = (path: string, listener: ListenerSpec): void => {
    const { port } = listener;
    if (listeners.has(port)) issues.add(path, `port ${port} is given twice; a port has one listener`);
    else listeners.set(port, listener);
  };
  // One that exists is used with the listeners that it has.
  const http = input.http.length + input.https.length === 0 && !input.existing ? [DEFAULT_PORT] : input.http;
  for (const port of http) {
    const read = parsePort(port, "loadBalancer.http", issues);
    if (read !== undefined) {
      add("loadBalancer.http", {
        protocol: "http",
        port: read,
        certificate: undefined,
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
  const certificate = parseCertificate(options, existing);
  const redirect = options.raw("redirectHttp") ?? false;
  const from = redirect === true ? DEFAULT_PORT : redirect;
  options.close();
  if (existing && redirect !== false) {
    options.issue("redirectHttp", "a load balancer that exists is not changed: leave it out");
  }
  if (port === undefined) return;
  add(path, { protocol: "https", port, certificate, redirectTo: undefined });
  if (from === false) return;
  const redirectPort = parsePort(from, `${path}.redirectHttp`, issues, "true, false or ");
  if (redirectPort !== undefined) {
    add(`${path}.redirectHttp`, {
      protocol: "http",
      port: redirectPort,
      certificate: undefined,
      redirectTo: port,
    });
  }
}

function parseCertificate(
  options: OptionsReader<HttpsOptions>,
  existing: boolean,
): CertificateSource | undefined {
  const value = options.raw("certificate");
  if (existing) {
    if (value !== undefined)
      options.issue("certificate", "a load balancer that exists has its own: leave it out");
    return undefined;
  }
  if (typeof value === "string" && CERTIFICATE.test(value)) return { from: "arn", arn: value };
  if (typeof value === "string" && DOMAIN.test(value)) return { from: "acm", domain: value.toLowerCase() };
  const example = '"talk.example.com"';
  if (value === undefined) options.issue("certificate", `is needed: an ARN, or a domain such as ${example}`);
  else {
    options.issue(
      "certificate",
      `must be the ARN of a certificate in ACM or IAM, or a domain such as ${example}; got ${formatValue(value)}`,
    );
  }
  return undefined;
}

function parsePort(port: unknown, path: string, issues: Issues, or = ""): number | undefined {
  if (Number.isInteger(port) && (port as number) >= PORT.min && (port as number) <= PORT.max)
    return port as number;
  issues.add(path, `must be ${or}a whole number from ${PORT.min} to ${PORT.max}; got ${formatValue(port)}`);
  return undefined;
}
