import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../core/account.js";
import { isListenerReachable, isReachable, transportOf } from "../services/elb/reachable.js";
import { rulesOf } from "../services/elb/rules.js";
import type { Listener, Target, TargetGroup } from "../services/elb/state.js";
import type { Responded } from "./listener-server.js";
import { drawGroup, matchingRule, redirectLocation, type RequestToMatch } from "./rule-matching.js";

export type TrafficState = Pick<Account, "acm" | "ec2" | "ecs" | "elb" | "random" | "serviceDiscovery">;

/** A load balancer's own answer, the target that a request goes to, or the reason why it does not arrive. */
export type Routed =
  | Responded
  | {
      readonly target: Target;
      /** True if the target speaks HTTP/2. */
      readonly isHttp2: boolean;
      /** Called when the answer is complete, or the client has gone away. */
      readonly ended: () => void;
    }
  /** The name does not resolve yet, or no security group lets the request in. */
  | { readonly lost: "name" | "blocked" };

/** Which answer or target a listener has for a request. */
export function routeRequest(
  account: TrafficState,
  requestCounts: Map<string, number>,
  listener: Listener,
  request: RequestToMatch,
  toLocalPort: (location: string) => string = (location) => location,
): Routed {
  const loadBalancer = account.elb.loadBalancers.get(listener.loadBalancerArn);
  // Nobody's request reaches a load balancer whose name does not resolve.
  if (loadBalancer?.isNameVisible !== true) return { lost: "name" };
  if (!isListenerReachable(account, loadBalancer, listener)) return { lost: "blocked" };
  const { host, path, query } = request;
  const actions = matchingRule(rulesOf(account, listener.arn), request)?.actions ?? [];
  const signIn = actions.length > 1 ? answerWithoutSession(actions[0]!, request) : undefined;
  if (signIn !== undefined) return signIn;
  const action = actions.at(-1);
  switch (action?.Type) {
    case "fixed-response": {
      const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
      const headers = ContentType === undefined ? {} : { "content-type": ContentType };
      return { respond: Number(StatusCode), headers, body: MessageBody ?? "" };
    }
    case "redirect": {
      const protocol = listener.protocol.toLowerCase();
      const redirect = redirectLocation(action, { protocol, host, port: listener.port, path, query });
      const location = toLocalPort(redirect);
      return { respond: action.RedirectConfig?.StatusCode === "HTTP_301" ? 301 : 302, headers: { location } };
    }
    case "forward": {
      const group = account.elb.targetGroups.get(drawGroup(action, account.random) ?? "");
      const target = group && nextTarget(requestCounts, group, account.random);
      if (target === undefined) return unavailable;
      if (!isReachable(account, loadBalancer, group!, target)) return gatewayTimeout;
      const isHttp2 = group!.protocolVersion !== "HTTP1";
      return { target, isHttp2, ended: inFlight(requestCounts, group!, target) };
    }
    default:
      return unavailable;
  }
}

/**
 * The targets of a new connection to a Network Load Balancer, the next one first; `undefined` if it does not arrive: the
 * name does not resolve yet, or a security group does not let it in.
 */
export function connectionTargets(
  account: TrafficState,
  requestCounts: Map<string, number>,
  listener: Listener,
): readonly Target[] | undefined {
  const loadBalancer = account.elb.loadBalancers.get(listener.loadBalancerArn);
  if (loadBalancer?.isNameVisible !== true || !isListenerReachable(account, loadBalancer, listener))
    return undefined;
  const [action] = rulesOf(account, listener.arn)[0]?.actions ?? [];
  const group = action && account.elb.targetGroups.get(drawGroup(action, account.random) ?? "");
  const first = group && nextTarget(requestCounts, group, account.random);
  if (first === undefined) return [];
  const others = [...group!.targets.values()].filter(({ state }) => state === first.state);
  return [first, ...others.filter((target) => target !== first)].filter((target) =>
    isReachable(account, loadBalancer, group!, target, target.port, transportOf(listener.protocol)),
  );
}

/**
 * The answer of a sign-in action to a request without a session: the way to the identity provider, or 401. Nobody signs
 * in here: any cookie of that name is a session.
 */
function answerWithoutSession(
  { AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito }: Action,
  { headers, host }: RequestToMatch,
): Responded | undefined {
  const {
    SessionCookieName: cookie,
    OnUnauthenticatedRequest: then,
    Scope: scope = "openid",
  } = oidc ?? cognito ?? {};
  if (String(headers["cookie"] ?? "").includes(`${cookie}-0=`) || then === "allow") return undefined;
  if (then === "deny") return { respond: 401, body: "401 Authorization Required\n" };
  const url = new URL(
    oidc?.AuthorizationEndpoint ??
      `https://${cognito?.UserPoolDomain}.auth.amazoncognito.com/oauth2/authorize`,
  );
  url.searchParams.set("client_id", oidc?.ClientId ?? cognito?.UserPoolClientId ?? "");
  url.searchParams.set("redirect_uri", `https://${host}/oauth2/idpresponse`);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("scope", scope);
  return { respond: 302, headers: { location: url.href } };
}

/** The key of the number of requests that a target has in flight. */
const inFlightAt = (group: TargetGroup, { id, port }: Target): string => `${group.arn} ${id}:${port}`;

/** Counts a request in flight; returns what ends it. */
function inFlight(requestCounts: Map<string, number>, group: TargetGroup, target: Target): () => void {
  const key = inFlightAt(group, target);
  const add = (count: number): unknown => requestCounts.set(key, (requestCounts.get(key) ?? 0) + count);
  add(1);
  let isOver = false;
  return () => {
    if (!isOver) add(-1);
    isOver = true;
  };
}

/** In turns, at random, or by their requests in flight, over the healthy targets; if there is none, over all registered ones ("fail open"). */
function nextTarget(
  requestCounts: Map<string, number>,
  group: TargetGroup,
  random: () => number,
): Target | undefined {
  const registered = [...group.targets.values()].filter(
    ({ state }) => state !== "draining" && state !== "unused",
  );
  const healthy = registered.filter(({ state }) => state === "healthy");
  const candidates = healthy.length > 0 ? healthy : registered;
  const count = requestCounts.get(group.arn) ?? 0;
  requestCounts.set(group.arn, count + 1);
  const algorithm = group.attributes.get("load_balancing.algorithm.type");
  if (algorithm === "least_outstanding_requests") {
    const inFlight = (target: Target): number => requestCounts.get(inFlightAt(group, target)) ?? 0;
    const least = Math.min(...candidates.map(inFlight));
    const idle = candidates.filter((target) => inFlight(target) === least);
    return idle[count % Math.max(1, idle.length)];
  }
  const turn = algorithm === "weighted_random" ? Math.floor(random() * candidates.length) : count;
  return candidates[turn % Math.max(1, candidates.length)];
}

const unavailable: Responded = { respond: 503, body: "503 Service Temporarily Unavailable\n" };
/** AWS waits ten seconds for the connection before that. */
export const gatewayTimeout: Responded = { respond: 504, body: "504 Gateway Time-out\n" };
export const badGateway: Responded = { respond: 502, body: "502 Bad Gateway\n" };
