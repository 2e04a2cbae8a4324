import type { Account } from "../core/account.js";
import { isListenerReachable, isReachable } from "../services/elb/reachable.js";
import { rulesOf } from "../services/elb/rules.js";
import type { Listener, Target, TargetGroup } from "../services/elb/state.js";
import type { Responded } from "./listener-server.js";
import { drawGroup, matchingRule, redirectLocation, type RequestToMatch } from "./rule-matching.js";

export type TrafficState = Pick<Account, "acm" | "ec2" | "ecs" | "elb" | "random">;

/** A load balancer's own answer, the target that a request goes to, or the reason why it does not arrive. */
export type Routed =
  | Responded
  | { readonly target: Target }
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
  const action = matchingRule(rulesOf(account, listener.arn), request)?.actions[0];
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
      const target = group && nextTarget(requestCounts, group);
      if (target === undefined) return unavailable;
      if (!isReachable(account, loadBalancer, group!, target)) return gatewayTimeout;
      return { target };
    }
    default:
      return unavailable;
  }
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

const unavailable: Responded = { respond: 503, body: "503 Service Temporarily Unavailable\n" };
/** AWS waits ten seconds for the connection before that. */
export const gatewayTimeout: Responded = { respond: 504, body: "504 Gateway Time-out\n" };
export const badGateway: Responded = { respond: 502, body: "502 Bad Gateway\n" };
