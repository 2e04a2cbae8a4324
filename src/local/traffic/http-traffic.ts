import { setMaxListeners } from "node:events";
import type { ClientRequest } from "./http2-proxy.js";
import { groupsOf } from "../services/elb/lookups.js";
import { rulesOf } from "../services/elb/rules.js";
import type { Listener } from "../services/elb/state.js";
import { CertificateAuthority } from "./certificate-authority.js";
import { ConnectProxies } from "./connect-proxies.js";
import { checkOverHttp } from "./health-check.js";
import {
  startListenerServer,
  type Decision,
  type ListenerServer,
  type ServerIdentity,
} from "./listener-server.js";
import type { ChooseUpstreams } from "./connect-upstream.js";
import { isNetworkProtocol, isSecure } from "../services/elb/network-load-balancers.js";
import { badGateway, connectionTargets, routeRequest, type TrafficState } from "./route-request.js";
import { startTcpServer } from "./tcp-server.js";
import { startUdpServer } from "./udp-server.js";
import { portOfTarget } from "./target-address.js";
import type { Traffic } from "./traffic.js";

const NEVER = new Date(Date.UTC(2099, 0, 1));

/** Serves load balancers as real HTTP servers on loopback, each listener at a free port of this computer. */
export function createHttpTraffic(
  account: TrafficState,
  addressForContainers?: () => Promise<string | undefined>,
): Traffic {
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

  const proxies = new ConnectProxies(account, addressForContainers);
  const authority = new CertificateAuthority();
  const identityOf = async (arn: string): Promise<ServerIdentity> => {
    // The names of a certificate in IAM are not known here.
    const { names = ["localhost"], notAfter = NEVER } = account.acm.certificates.get(arn) ?? {};
    return { names, ...(await authority.issue(names, notAfter)) };
  };
  /** The default certificate first. */
  const identitiesOf = ({ protocol, certificateArn = "", additionalCertificates }: Listener) =>
    isSecure(protocol) ? Promise.all([certificateArn, ...additionalCertificates].map(identityOf)) : undefined;
  const start = async (listener: Listener, host?: string, at = 0): Promise<void> => {
    const decideFor = (request: ClientRequest) => {
      // Who calls this computer by its address means the host of this port.
      if (host !== undefined && isThisComputer(request.headers.host)) request.headers.host = host;
      return decide(account, requestCounts, listener, request, addressOf);
    };
    const identities = await identitiesOf(listener);
    const { protocol } = listener;
    // A changed attribute is that of new connections.
    const offersHttp2 = () =>
      account.elb.loadBalancers.get(listener.loadBalancerArn)?.attributes.get("routing.http2.enabled") !==
      "false";
    const choose = () => upstreamsOf(account, requestCounts, listener);
    const server =
      protocol === "UDP"
        ? await startUdpServer(choose, (port) => isTargetOf(account, listener, port), at)
        : isNetworkProtocol(protocol)
          ? await startTcpServer(choose, identities, at)
          : await startListenerServer(listener, decideFor, { identities, offersHttp2, at });
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
      const port = portOfTarget(account, target, own === "traffic-port" ? undefined : Number(own));
      if (port === undefined) {
        return { healthy: false, reason: "Target.FailedHealthChecks", description: "Health checks failed" };
      }
      return checkOverHttp(group, port, { patient: target.state === "initial", closing: closed.signal });
    },
    connect: (rollout) => proxies.open(rollout),
    disconnect: (rollout) => void proxies.close(rollout),
    requestCount: (arn) => requestCounts.get(arn) ?? 0,
    async end() {
      closed.abort();
      await Promise.all([...[...open.values(), ...closing].map((server) => server.end()), proxies.end()]);
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

/** The targets of a new connection, in the order to try them: passive health checks leave out what refuses it. */
function upstreamsOf(
  account: TrafficState,
  requestCounts: Map<string, number>,
  listener: Listener,
): ReturnType<ChooseUpstreams> {
  const targets = connectionTargets(account, requestCounts, listener);
  if (targets === undefined) return "unreachable";
  return targets.flatMap((target) => {
    const port = portOfTarget(account, target);
    return port === undefined ? [] : [{ port, requestTimeout: 0 }];
  });
}

/** True if a target of the listener's groups is at this port of this computer, also while it is being deregistered. */
const isTargetOf = (account: TrafficState, { arn }: Listener, port: number): boolean =>
  rulesOf(account, arn)
    .flatMap(({ actions }) => groupsOf(actions))
    .flatMap((group) => [...(account.elb.targetGroups.get(group)?.targets.values() ?? [])])
    .some((target) => portOfTarget(account, target) === port);

function decide(
  account: TrafficState,
  requestCounts: Map<string, number>,
  listener: Listener,
  request: ClientRequest,
  addressOf: (listener: Listener, host?: string) => string | undefined,
): Decision {
  const [path = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const { method = "GET", headers } = request;
  const toMatch = { host, path, query, method, headers, address: request.socket.remoteAddress ?? "" };
  const routed = routeRequest(account, requestCounts, listener, toMatch, (location) =>
    toLocalPort(account, listener, host, location, addressOf),
  );
  if ("lost" in routed) return { drop: true };
  if (!("target" in routed)) return routed;
  const port = portOfTarget(account, routed.target);
  if (port !== undefined) return { port, isHttp2: routed.isHttp2, ended: routed.ended };
  routed.ended();
  return badGateway;
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
