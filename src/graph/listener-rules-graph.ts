import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import { QuaysideError } from "../errors.js";
import { clientSecretKind } from "../load-balancer/client-secret.js";
import { listenerRuleKind, SECRET_TAG } from "../load-balancer/listener-rule.js";
import { FURTHER_ROUTE, listenerRuleName, PART_TAG } from "../load-balancer/rules/listener-rule-name.js";
import type { ListenerRuleState } from "../load-balancer/rules/listener-rule-state.js";
import type { TargetGroupState } from "../load-balancer/target-group.js";
import { namedConditions } from "../load-balancer/rules/rule-conditions.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { targetOf } from "../spec/further-routes.js";
import type { FurtherRouteSpec, RouteSpec } from "../spec/route.js";
import { takenBy } from "../spec/request-conditions.js";
import { splitRoute } from "../spec/split-route.js";
import type { LoadBalancerRefs } from "./balancer.js";
import { partOf, positionOf } from "./rule-parts.js";

/** The target groups of a route. */
export interface RouteTargets {
  readonly groups: readonly Ref<TargetGroupState>[];
  /** The index of the target group to which a new rule forwards. */
  readonly serving: number;
  /** True if the rule contains the other target groups, too. */
  readonly hasStandby: boolean;
  /** True if a new rule forwards to the main target group as long as the live color does not have the route. */
  readonly servedByMain: boolean;
}

/**
 * Adds the rules of a route to each listener: the first one, and further ones for the conditions that exceed
 * AWS's limit for one rule. Further rules are identified by their conditions and never change: a rule with
 * other conditions is created, then the first rule is updated, and the old rule is deleted once everything
 * works. So every request matches a rule at any time.
 */
export function addRules(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  listeners: LoadBalancerRefs["listeners"],
  { groups, serving, hasStandby, servedByMain }: RouteTargets,
  route: RouteSpec = spec.route!,
): Ref<ListenerRuleState>[] {
  const isFurther = route !== spec.route;
  const owner = ownerOf.deployment(spec.name);
  const conditions = namedConditions(route.conditions);
  const [first, ...further] = splitRoute(route, takenBy(route.conditions)).map(({ path, host }, index) => ({
    path,
    host,
    tags: isFurther
      ? { ...spec.tags, [PART_TAG]: furtherPart(spec, route, index, partOf(host, path, route.conditions)) }
      : index === 0
        ? spec.tags
        : { ...spec.tags, [PART_TAG]: partOf(host, path, route.conditions) },
    position: positionOf(route.priority, index),
  }));
  // HTTP/2 and gRPC targets are behind HTTPS listeners only.
  const secret = addClientSecret(graph, route);
  const needsHttps = route.protocol !== undefined || route.authenticate !== undefined;
  const suitable = listeners.filter(({ protocol }) => !needsHttps || protocol === "https");
  if (suitable.length === 0 && listeners.length > 0) throw noHttpsListener(route);
  return suitable.flatMap(({ name, ref }) => {
    const add = (part: NonNullable<typeof first>, before: readonly Ref<ListenerRuleState>[]) =>
      graph.add({
        kind: listenerRuleKind,
        name: listenerRuleName(name, owner, part.tags),
        owner,
        needs: {
          listener: created(ref),
          before: before.map((rule) => created(rule)),
          groups: groups.map((group) => created(group)),
          secret: created(secret),
        },
        desired: ({ listener, groups: targets, secret: found }) => {
          const arns = targets.map(({ arn }) => arn);
          return {
            listenerArn: listener.arn,
            path: [...part.path],
            host: [...part.host],
            ...conditions,
            authenticate: route.authenticate,
            targetGroupArn: arns[serving]!,
            ...(hasStandby && { standby: arns.filter((_, index) => index !== serving) }),
            ...(servedByMain && { servedByMain }),
            stickiness: route.stickiness,
            ...part.position,
            tags: found === undefined ? part.tags : { ...part.tags, ...secretTag(route, found.version) },
          };
        },
      });
    // One after the other, so that the same rules always get the same priorities.
    const others: Ref<ListenerRuleState>[] = [];
    for (const part of further) others.push(add(part, others.slice(-1)));
    return [add(first!, others), ...others];
  });
}

/** Looks up the parameter with the secret of an OIDC client. */
const addClientSecret = (graph: Graph<AwsContext>, { authenticate }: RouteSpec) =>
  authenticate?.by === "oidc"
    ? graph.add({
        kind: clientSecretKind,
        name: authenticate.secretParameter,
        owner: undefined,
        needs: {},
        desired: () => ({ parameter: authenticate.secretParameter, tags: {} }),
      })
    : undefined;

const secretTag = ({ authenticate }: RouteSpec, version: string): Readonly<Record<string, string>> =>
  authenticate?.by === "oidc" ? { [SECRET_TAG]: `${authenticate.secretParameter} ${version}` } : {};

function noHttpsListener({ loadBalancer: { name }, protocol: version }: RouteSpec): QuaysideError {
  const protocol = version ?? "authenticate";
  return new QuaysideError(
    "no-listener",
    `Nothing was changed: ${protocol} requires an HTTPS listener, and load balancer ${name} has none`,
    {
      facts: { loadBalancer: name, protocol },
      fix: `Add an HTTPS listener: new LoadBalancer("${name}").https(443, { certificate }); or one of your own to an existing load balancer.`,
    },
  );
}

/** Identifies a rule of a route to another container or port: the first one of the route by its target, and its number, alone. */
function furtherPart(spec: DeploymentSpec, route: RouteSpec, index: number, part: string): string {
  const { container, port } = targetOf(spec, route);
  const { nth } = route as Partial<FurtherRouteSpec>;
  const name = `${FURTHER_ROUTE}${container}-${port}${nth === undefined ? "" : `+${nth}`}`;
  return index === 0 ? name : `${name}-${part}`;
}
