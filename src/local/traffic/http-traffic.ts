import { setMaxListeners } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Account } from "../core/account.js";
import { isListenerReachable, isReachable } from "../services/elb/reachable.js";
import { rulesOf } from "../services/elb/rules.js";
import type { Listener, Target, TargetGroup } from "../services/elb/state.js";
import { CertificateAuthority } from "./certificate-authority.js";
import { checkOverHttp } from "./health-check.js";
import {
  startListenerServer,
  type Decision,
  type ListenerServer,
  type ServerIdentity,
} from "./listener-server.js";
import { drawGroup, matchingRule, redirectLocation } from "./rule-matching.js";
import { portOfTarget } from "./target-address.js";
import type { Traffic } from "./traffic.js";

type TrafficState = Pick<Account, "acm" | "ec2" | "ecs" | "elb" | "random">;

const NEVER = new Date(Date.UTC(2099, 0, 1));

/** Serves load balancers as real HTTP servers on loopback, each listener at a free port of this computer. */
export function createHttpTraffic(account: TrafficState): Traffic {
  const open = new Map<string, ListenerServer>();
  /** Servers that accept no new request, until their last one has ended. */
  const closing = new Set<ListenerServer>();
  const closed = new AbortController();
  setMaxListeners(0, closed.signal);
  const requestCounts = new Map<string, number>();

  /** Turns of each listener, because starting a server takes a moment. */
  const turns = new Map<string, Promise<void>>();

  const addressOf = (listener: Listener, host?: string): string | undefined => {
    const server = open.get(keyOf(listener, host));
    return server === undefined ? undefined : `${listener.protocol.toLowerCase()}://127.0.0.1:${server.port}`;
  };

  const authority = new CertificateAuthority();
  const identityOf = async (arn: string): Promise<ServerIdentity> => {
    // The names of a certificate in IAM are not known here.
    const { names = ["localhost"], notAfter = NEVER } = account.acm.certificates.get(arn) ?? {};
    return { names, ...(await authority.issue(names, notAfter)) };
  };
  /** The default certificate first. */
  const identitiesOf = ({ protocol, certificateArn = "", additionalCertificates }: Listener) =>
    protocol === "HTTPS"
      ? Promise.all([certificateArn, ...additionalCertificates].map(identityOf))
      : undefined;
  const start = async (listener: Listener, host?: string, at = 0): Promise<void> => {
    const decideFor = (request: IncomingMessage) => {
      // Who calls this computer by its address means the host of this port.
      if (host !== undefined && isThisComputer(request.headers.host)) request.headers.host = host;
      return decide(account, requestCounts, listener, request, addressOf);
    };
    const identities = await identitiesOf(listener);
    const server = await startListenerServer(listener, decideFor, { identities, at });
    // It may have been deleted, or the cloud closed, meanwhile.
    if (closed.signal.aborted || !account.elb.listeners.has(listener.arn)) return server.end();
    open.set(keyOf(listener, host), server);
  };
  const stop = (key: string): number | undefined => {
    const server = open.get(key);
    if (server === undefined) return undefined;
    open.delete(key);
    closing.add(server);
    server.close();
    return server.port;
  };
  const keysOf = ({ arn }: Listener) =>
    [...open.keys()].filter((key) => key === arn || key.startsWith(`${arn} `));
  const inTurn = (listener: Listener, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(listener.arn) ?? Promise.resolve()).then(work);
    turns.set(
      listener.arn,
      turn.catch(() => {}),
    );
    return turn;
  };
  const changeHosts = async (listener: Listener): Promise<void> => {
    const hosts = exactHosts(account, listener);
    const wanted = new Set([listener.arn, ...hosts.map((host) => keyOf(listener, host))]);
    for (const key of keysOf(listener)) if (!wanted.has(key)) stop(key);
    const missing = hosts.filter((host) => !open.has(keyOf(listener, host)));
    await Promise.all(missing.map((host) => start(listener, host)));
  };

  return {
    open: (listener) =>
      inTurn(listener, async () => {
        await start(listener);
        await changeHosts(listener);
      }),
    close: (listener) => {
      for (const key of keysOf(listener)) stop(key);
      turns.delete(listener.arn);
    },
    change: (listener) =>
      inTurn(listener, async () => {
        for (const key of keysOf(listener)) {
          const [, host] = key.split(" ");
          await start(listener, host, stop(key));
        }
        await changeHosts(listener);
      }),
    changeRules: (listener) => inTurn(listener, () => changeHosts(listener)),
    certificateAuthority: () => authority.pem(),
    address: addressOf,
    async check(group, target) {
      const own = group.healthCheck.port;
      const port = own === "traffic-port" ? portOfTarget(account, target) : Number(own);
      if (port === undefined) {
        return { healthy: false, reason: "Target.FailedHealthChecks", description: "Health checks failed" };
      }
      return checkOverHttp(group, port, { patient: target.state === "initial", closing: closed.signal });
    },
    requestCount: (arn) => requestCounts.get(arn) ?? 0,
    async end() {
      closed.abort();
      await Promise.all([...open.values(), ...closing].map((server) => server.end()));
      open.clear();
      closing.clear();
    },
  };
}

const keyOf = ({ arn }: Listener, host: string | undefined): string =>
  host === undefined ? arn : `${arn} ${host.toLowerCase()}`;

const isThisComputer = (host = ""): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host);

/** The hosts that the listener's rules name without a wildcard. */
function exactHosts(account: TrafficState, listener: Listener): readonly string[] {
  const patterns = rulesOf(account, listener.arn).flatMap(({ conditions }) =>
    conditions.flatMap(({ Field, Values = [] }) => (Field === "host-header" ? Values : [])),
  );
  const exact = patterns.filter((pattern) => !/[*?]/.test(pattern));
  return [...new Set(exact.map((host) => host.toLowerCase()))];
}

function decide(
  account: TrafficState,
  requestCounts: Map<string, number>,
  listener: Listener,
  request: IncomingMessage,
  addressOf: (listener: Listener, host?: string) => string | undefined,
): Decision {
  const loadBalancer = account.elb.loadBalancers.get(listener.loadBalancerArn);
  // Nobody's request reaches a load balancer whose name does not resolve.
  if (loadBalancer?.isNameVisible !== true) return { drop: true };
  if (!isListenerReachable(account, loadBalancer, listener)) return { drop: true };
  const url = request.url ?? "/";
  const [path = "/", query = ""] = url.split(/\?(.*)/s);
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const { method = "GET", headers: sent } = request;
  const requestToMatch = {
    host,
    path,
    query,
    method,
    headers: sent,
    address: request.socket.remoteAddress ?? "",
  };
  const action = matchingRule(rulesOf(account, listener.arn), requestToMatch)?.actions[0];
  switch (action?.Type) {
    case "fixed-response": {
      const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
      const headers = ContentType === undefined ? {} : { "content-type": ContentType };
      return { respond: Number(StatusCode), headers, body: MessageBody ?? "" };
    }
    case "redirect": {
      const protocol = listener.protocol.toLowerCase();
      const redirect = redirectLocation(action, { protocol, host, port: listener.port, path, query });
      const location = toLocalPort(account, listener, host, redirect, addressOf);
      return { respond: action.RedirectConfig?.StatusCode === "HTTP_301" ? 301 : 302, headers: { location } };
    }
    case "forward": {
      const group = account.elb.targetGroups.get(drawGroup(action, account.random) ?? "");
      const target = group && nextTarget(requestCounts, group);
      if (target === undefined) return unavailable;
      if (!isReachable(account, loadBalancer, group!, target)) return timedOut;
      const port = portOfTarget(account, target);
      return port === undefined ? { respond: 502, body: "502 Bad Gateway\n" } : { port };
    }
    default:
      return unavailable;
  }
}

/**
 * Maps a redirect to another listener of the same load balancer to the port at which that listener really
 * answers.
 */
function toLocalPort(
  account: TrafficState,
  { loadBalancerArn }: Listener,
  host: string,
  location: string,
  addressOf: (listener: Listener, host?: string) => string | undefined,
): string {
  const url = new URL(location);
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const other = [...account.elb.listeners.values()].find(
    (one) => one.loadBalancerArn === loadBalancerArn && one.port === port,
  );
  const isKnown = url.hostname === host.toLowerCase() && other !== undefined;
  const address = isKnown ? (addressOf(other, host) ?? addressOf(other)) : undefined;
  return address === undefined ? location : `${address}${url.pathname}${url.search}`;
}

/** Round robin over the healthy targets; if there is none, over all registered ones ("fail open"). */
function nextTarget(requestCounts: Map<string, number>, group: TargetGroup): Target | undefined {
  const registered = [...group.targets.values()].filter(
    ({ state }) => state !== "draining" && state !== "unused",
  );
  const healthy = registered.filter(({ state }) => state === "healthy");
  const candidates = healthy.length > 0 ? healthy : registered;
  const count = requestCounts.get(group.arn) ?? 0;
  requestCounts.set(group.arn, count + 1);
  return candidates[count % Math.max(1, candidates.length)];
}

const unavailable: Decision = { respond: 503, body: "503 Service Temporarily Unavailable\n" };
/** AWS waits ten seconds for the connection before that. */
const timedOut: Decision = { respond: 504, body: "504 Gateway Time-out\n" };
