import { lookup, type LookupOptions } from "node:dns";
import type { Agent, fetch as undiciFetch, RequestInit as AgentRequestInit } from "undici";
import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import type { ColorToVerify } from "./verify-color.js";

/** Where a service answers. */
export interface Addressed {
  readonly url: string;
  /** The load balancer's own address. */
  readonly loadBalancer: string;
  /** The host name that the rule or the certificate is for. @defaultValue the load balancer's */
  readonly host?: string | undefined;
}

/** How a service is reached. */
export interface Trust {
  readonly ca?: string | readonly string[] | undefined;
  readonly answer?: Cloud["answer"];
}

/** A new load balancer's name reaches all resolvers within minutes; a negative answer is cached for one. */
const REACHABLE_WITHIN = 3 * 60_000;
const EVERY = 5_000;

/** The codes of a request that has not reached the load balancer. */
const UNREACHED = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * A `fetch` that sends the headers of the test rule. Requests to the service's host go to the load balancer, which
 * needs the host's name to choose the certificate and the rule; the name's DNS record may not exist yet.
 *
 * @param trust - the authorities whose certificates are accepted (default: Node's), and what answers instead of the
 *   network
 */
export function fetchThrough(
  { url, loadBalancer, host }: Addressed,
  headers: Readonly<Record<string, string>>,
  { clock, signal }: Pick<AwsContext, "clock" | "signal">,
  { ca, answer }: Trust = {},
): ColorToVerify["fetch"] {
  const service = new URL(url);
  const balancer = new URL(loadBalancer);
  const name = host ?? balancer.hostname;
  const connect: Agent.Options["connect"] = {
    ...(ca !== undefined && { ca: [ca].flat() }),
    lookup: (hostname, options, done) =>
      lookup(
        hostname === name ? withoutBrackets(balancer.hostname) : hostname,
        options as LookupOptions,
        done,
      ),
  };
  let client: ReturnType<typeof loadClient> | undefined;
  let isReached = false;
  return async (input, init) => {
    const target = new URL(input, url);
    if (target.host === service.host) {
      target.protocol = balancer.protocol;
      target.hostname = name;
      target.port = balancer.port;
    }
    const all = new Headers(init?.headers);
    for (const [key, value] of Object.entries(headers)) all.set(key, value);
    const isOwn = target.hostname === name;
    const answered = (): Promise<Response> =>
      followRedirects(
        (request) => answer!(request, { dnsName: balancer.hostname, port: portOf(new URL(request.url)) }),
        new Request(target, { ...init, headers: all }),
        init?.redirect,
      );
    const fetched = async (): Promise<Response> => {
      const { fetch, dispatcher } = await (client ??= loadClient(connect));
      const request = { ...init, headers: [...all], dispatcher } as AgentRequestInit;
      return (await fetch(target, request)) as unknown as Response;
    };
    const began = clock.now();
    for (;;) {
      try {
        const response = await (answer !== undefined && isOwn ? answered() : fetched());
        isReached = true;
        return response;
      } catch (error) {
        const isNew = !isReached && clock.now() - began < REACHABLE_WITHIN;
        if (!isNew || signal.aborted || !UNREACHED.test(codeOf(error))) throw error;
        await clock.sleep(EVERY, signal);
      }
    }
  };
}

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === "https:" ? 443 : 80));

const MOST_REDIRECTS = 20;

/** What `fetch` does with redirects, to the same host. */
async function followRedirects(
  answer: (request: Request) => Promise<Response>,
  request: Request,
  redirect: RequestInit["redirect"] = "follow",
): Promise<Response> {
  for (let count = 0; ; count++) {
    const response = await answer(request.clone());
    const location = response.headers.get("location");
    if (location === null || response.status < 300 || response.status > 399) return response;
    if (redirect === "manual") return response;
    if (redirect === "error" || count === MOST_REDIRECTS)
      throw new TypeError("fetch failed", {
        cause: new Error(redirect === "error" ? "unexpected redirect" : "redirect count exceeded"),
      });
    const next = new URL(location, request.url);
    const isGet = response.status === 303 || (response.status < 303 && request.method === "POST");
    request = isGet ? new Request(next, { headers: request.headers }) : new Request(next, request.clone());
  }
}

/** Loaded with the first request: it would take most of the time of importing quayside. */
async function loadClient(
  connect: Agent.Options["connect"],
): Promise<{ readonly fetch: typeof undiciFetch; readonly dispatcher: Agent }> {
  const { Agent, fetch } = await import("undici");
  return { fetch, dispatcher: new Agent({ ...(connect !== undefined && { connect }) }) };
}

const withoutBrackets = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1");

/** The code of the network error behind `fetch failed`, which may be one for each address. */
function codeOf(error: unknown): string {
  const { cause } = error as {
    readonly cause?: { readonly code?: string; readonly errors?: readonly object[] };
  };
  const [first] = cause?.errors ?? [];
  return cause?.code ?? (first as { readonly code?: string } | undefined)?.code ?? "";
}
