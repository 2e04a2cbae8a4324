import { lookup, type LookupOptions } from "node:dns";
import type { Agent, fetch as undiciFetch, RequestInit as AgentRequestInit } from "undici";
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

/** A new load balancer's name reaches all resolvers within minutes; a negative answer is cached for one. */
const REACHABLE_WITHIN = 3 * 60_000;
const EVERY = 5_000;

/** The codes of a request that has not reached the load balancer. */
const UNREACHED = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * A `fetch` that sends the headers of the test rule. Requests to the service's host go to the load balancer, which
 * needs the host's name to choose the certificate and the rule; the name's DNS record may not exist yet.
 *
 * @param ca - the authorities whose certificates are accepted. Default: Node's
 */
export function fetchThrough(
  { url, loadBalancer, host }: Addressed,
  headers: Readonly<Record<string, string>>,
  { clock, signal }: Pick<AwsContext, "clock" | "signal">,
  ca?: string | readonly string[],
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
    const { fetch, dispatcher } = await (client ??= loadClient(connect));
    const target = new URL(input, url);
    if (target.host === service.host) {
      target.protocol = balancer.protocol;
      target.hostname = name;
      target.port = balancer.port;
    }
    const all = new Headers(init?.headers);
    for (const [key, value] of Object.entries(headers)) all.set(key, value);
    const request = { ...init, headers: [...all], dispatcher } as AgentRequestInit;
    const began = clock.now();
    for (;;) {
      try {
        const response = await fetch(target, request);
        isReached = true;
        return response as unknown as Response;
      } catch (error) {
        const isNew = !isReached && clock.now() - began < REACHABLE_WITHIN;
        if (!isNew || signal.aborted || !UNREACHED.test(codeOf(error))) throw error;
        await clock.sleep(EVERY, signal);
      }
    }
  };
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
