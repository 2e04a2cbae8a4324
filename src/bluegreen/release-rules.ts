import type { Service } from "@aws-sdk/client-ecs";
import type { Listener, LoadBalancer, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { targetGroupName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerOf } from "../aws/owner.js";
import { listenersOf, rulesOf } from "../load-balancer/elb-pages.js";
import { listenerName } from "../load-balancer/owned-listeners.js";
import { findRules } from "../load-balancer/rules/find-rule.js";
import { listenerRuleName, releaseRuleName } from "../load-balancer/rules/listener-rule-name.js";
import { endpointIn } from "../load-balancer/rules/present-routes.js";
import { weightsOf } from "../load-balancer/rules/rule-weights.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { routesOf } from "../spec/further-routes.js";
import { COLORS, colorTargetGroup } from "./colors.js";
import type { PreviewRule, Side, WeightedRule } from "./weighted-rule.js";

/** A rule before it is known which of its target groups is whose. */
type PresentRule = Omit<WeightedRule, "groups">;

interface PresentRules {
  readonly rules: readonly PresentRule[];
  readonly previews: readonly PreviewRule[];
  readonly balancers: readonly string[];
}

/** The rules of a deployment on its load balancers: those of the main route first, and on the described listeners. */
export async function rulesFor(spec: DeploymentSpec, context: AwsContext): Promise<PresentRules> {
  const names = [...new Set(routesOf(spec).map(({ loadBalancer }) => loadBalancer.name))];
  const found = await Promise.all(
    names.map(async (name) => {
      const answer = await ignoreNotFound(context.aws.elb.describeLoadBalancers({ Names: [name] }));
      return answer?.LoadBalancers?.[0];
    }),
  );
  return rulesOn(
    spec,
    found.flatMap((each) => each ?? []),
    context,
  );
}

/**
 * Adds the rules on load balancers that the description does not name: a color's service may have routes that only AWS
 * knows.
 */
export async function withOtherBalancers(
  spec: DeploymentSpec,
  found: PresentRules,
  services: readonly Service[],
  context: AwsContext,
): Promise<readonly PresentRule[]> {
  const known = new Set(found.rules.flatMap(({ weights }) => weights.map(({ arn }) => arn)));
  const unknown = services
    .filter(({ loadBalancers = [] }) => loadBalancers.length > 1)
    .flatMap(({ loadBalancers = [] }) => loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []))
    .filter((arn) => !known.has(arn));
  if (unknown.length === 0) return found.rules;
  const groups = await Promise.all(
    [...new Set(unknown)].map((arn) =>
      ignoreNotFound(context.aws.elb.describeTargetGroups({ TargetGroupArns: [arn] })),
    ),
  );
  const behind = groups.flatMap((each) => each?.TargetGroups?.[0]?.LoadBalancerArns ?? []);
  const LoadBalancerArns = [...new Set(behind)].filter(
    (arn) => arn.includes(":loadbalancer/app/") && !found.balancers.includes(arn),
  );
  if (LoadBalancerArns.length === 0) return found.rules;
  const answer = await ignoreNotFound(context.aws.elb.describeLoadBalancers({ LoadBalancerArns }));
  const { rules } = await rulesOn(spec, answer?.LoadBalancers ?? [], context);
  return [...found.rules, ...rules];
}

async function rulesOn(
  spec: DeploymentSpec,
  balancers: readonly LoadBalancer[],
  context: AwsContext,
): Promise<PresentRules> {
  const found = (await Promise.all(balancers.map((balancer) => rulesBehind(spec, balancer, context)))).flat();
  return {
    rules: [...found.flatMap(({ rules }) => rules), ...found.flatMap(({ further }) => further)],
    previews: found.flatMap(({ previews }) => previews),
    balancers: balancers.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []),
  };
}

async function rulesBehind(
  spec: DeploymentSpec,
  { LoadBalancerArn: arn = "", LoadBalancerName: name = "", DNSName: dnsName = "" }: LoadBalancer,
  context: AwsContext,
) {
  const described = routesOf(spec).find(({ loadBalancer }) => loadBalancer.name === name)?.loadBalancer;
  const ports = described?.listeners.map(({ port }) => port) ?? [];
  // All listeners, the described ones first: an existing load balancer may have others that forward.
  const isDescribed = ({ Port = 0 }: Listener): number => Number(ports.includes(Port));
  const listeners = [...(await listenersOf(arn, context))].sort((a, b) => isDescribed(b) - isDescribed(a));
  const owner = ownerOf.deployment(spec.name);
  return Promise.all(
    listeners.map(async (listener) => {
      const { ListenerArn: listenerArn = "", Port = 0 } = listener;
      const { rules, further, previews } = await findRules(
        owner,
        await rulesOf(listenerArn, context),
        context,
      );
      const listed = listenerName(name, Port);
      return {
        rules: rules.map((rule) => weighted(rule, listenerArn, false)),
        further: further.map((rule) => weighted(rule, listenerArn, true)),
        previews: previews.map(({ rule, tags }): PreviewRule => ({
          arn: rule.RuleArn ?? "",
          listenerArn,
          name: releaseRuleName(listenerRuleName(listed, owner, tags), Number(rule.Priority)),
          conditions: rule.Conditions ?? [],
          targetGroupArn: weightsOf(rule.Actions ?? [])[0]?.arn,
          dnsName,
          endpoint: endpointIn(listener),
        })),
      };
    }),
  );
}

const weighted = (
  { RuleArn = "", Priority, Actions = [], Conditions = [] }: Rule,
  listenerArn: string,
  isFurther: boolean,
): PresentRule => ({
  arn: RuleArn,
  listenerArn,
  priority: Number(Priority),
  actions: Actions,
  weights: weightsOf(Actions),
  conditions: Conditions,
  isFurther,
});

/** Adds which of a rule's target groups is whose: by their names, or as the services have them. */
export function withGroups(
  spec: DeploymentSpec,
  rules: readonly PresentRule[],
  services: Readonly<Record<Side, Service | undefined>>,
): readonly WeightedRule[] {
  const isOf = (side: Side, arn: string): boolean =>
    services[side]?.loadBalancers?.some(({ targetGroupArn }) => targetGroupArn === arn) ?? false;
  const main = new Set(
    rules.flatMap(({ isFurther, weights }) => (isFurther ? [] : weights.map(({ arn }) => arn))),
  );
  const named = (side: Side, arn: string): boolean =>
    COLORS.some(
      (color) =>
        color === side &&
        routesOf(spec).some((route) => targetGroupName(arn) === colorTargetGroup({ route }, color)),
    );
  const groupIn = ({ weights, isFurther }: PresentRule, side: Side): string | undefined => {
    const arns = weights.map(({ arn }) => arn);
    if (!isFurther) {
      // A shortened name does not say from which one it is derived, if only AWS knows the deployment.
      return arns.find((arn) => named(side, arn)) ?? arns.find((arn) => isOf(side, arn));
    }
    const own = arns.filter((arn) => (services[side] === undefined ? named(side, arn) : isOf(side, arn)));
    // A color without the route has its main target group in the rule.
    return own.find((arn) => !main.has(arn)) ?? own[0];
  };
  return rules.map((rule) => ({
    ...rule,
    groups: Object.fromEntries(
      (["blue", "green", "rolling"] as const).flatMap((side) => {
        const group = groupIn(rule, side);
        return group === undefined ? [] : [[side, group] as const];
      }),
    ),
  }));
}
