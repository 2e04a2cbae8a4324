import type { AwsContext } from "../../aws/context.js";
import { isUnknown } from "../../engine/kind.js";
import { listenersOf, rulesOf } from "../../load-balancer/elb-pages.js";
import type { ListenerDesired } from "../../load-balancer/listener.js";
import type { LoadBalancerDesired } from "../../load-balancer/load-balancer.js";
import { targetGroupsOf } from "../../load-balancer/listener-rule.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

/**
 * AWS's quotas of an Application Load Balancer (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html).
 * An account can have higher ones, except for target groups.
 */
const QUOTAS = Object.freeze({ rules: 100, targetGroups: 100, certificates: 25 });

/** What a load balancer will have once the plan is applied. */
interface Used {
  readonly rules: number;
  readonly targetGroups: number;
  readonly certificates: number;
}

/** The warnings for load balancers of which the plan makes more than AWS's quotas allow: the deploy would fail at the last of them. */
export async function quotaWarnings(planned: PlannedGraph, context: AwsContext): Promise<readonly string[]> {
  // The listeners of a Network Load Balancer have no rules.
  const balancers = planned.graph.nodes.filter(
    ({ kind, id }) =>
      kind.kind === "load-balancer" &&
      (planned.observations.get(id)?.desired as Partial<LoadBalancerDesired> | undefined)?.type !== "network",
  );
  const warnings = await Promise.all(
    balancers.map(async ({ name, id }) => {
      if (!growsIn(planned, name)) return [];
      const { arn } = (planned.observations.get(id)?.observed?.state ?? {}) as { readonly arn?: string };
      return warningsOf(name, await usedOf(name, arn, planned, context));
    }),
  );
  return warnings.flat();
}

/** `alb:80/talk` and `alb:80` are of the load balancer `alb`. */
const isOf = (name: string, balancer: string): boolean => name.startsWith(`${balancer}:`);

const growsIn = ({ steps }: PlannedGraph, balancer: string): boolean =>
  steps.some(
    ({ node, action }) =>
      (node.kind.kind === "listener-rule" && action === "create" && isOf(node.name, balancer)) ||
      (node.kind.kind === "listener" && action !== "none" && isOf(node.name, balancer)),
  );

/** What is there and stays, and what the plan adds. */
async function usedOf(
  balancer: string,
  arn: string | undefined,
  { steps, removals, graph, observations }: PlannedGraph,
  context: AwsContext,
): Promise<Used> {
  const listeners = arn === undefined || isUnknown(arn) ? [] : await listenersOf(arn, context);
  const present = await Promise.all(listeners.map(({ ListenerArn = "" }) => rulesOf(ListenerArn, context)));
  const removed = new Set(removals.map(({ state }) => (state as { readonly arn?: string }).arn));
  const staying = present.flat().filter(({ RuleArn }) => !removed.has(RuleArn));
  const created = steps.filter(
    ({ node, action }) =>
      node.kind.kind === "listener-rule" && action === "create" && isOf(node.name, balancer),
  );
  // The target groups that new rules forward to, as the graph knows them.
  const added = created.flatMap(({ node }) =>
    node.needs.flatMap(([, { ref }]) => (ref.id.startsWith("target-group/") ? [ref.id] : [])),
  );
  const arnOf = (id: string) => (observations.get(id)?.observed?.state as { arn?: string } | undefined)?.arn;
  const groups = new Set([
    ...staying.flatMap(({ Actions = [] }) => targetGroupsOf(Actions)),
    ...added.map((id) => arnOf(id) ?? id),
  ]);
  const certificates = graph.nodes
    .filter(({ kind, name }) => kind.kind === "listener" && isOf(name, balancer))
    .flatMap(({ id }) => {
      const { additionalCertificates = [] } = observations.get(id)!.desired as Partial<ListenerDesired>;
      return additionalCertificates;
    });
  return {
    rules: staying.filter(({ IsDefault }) => IsDefault !== true).length + created.length,
    targetGroups: groups.size,
    certificates: certificates.length,
  };
}

function warningsOf(name: string, { rules, targetGroups, certificates }: Used): string[] {
  const than = (quota: number) => `AWS allows ${quota} unless the account's quota is higher`;
  const more = Math.ceil(Math.max(rules / QUOTAS.rules, targetGroups / QUOTAS.targetGroups));
  const others = `Describe ${more} load balancers, and give each of them a part of the services`;
  return [
    ...(rules > QUOTAS.rules
      ? [
          `load-balancer ${name} would have ${rules} listener rules (default rules do not count), and ${than(QUOTAS.rules)}: creating the last ${rules - QUOTAS.rules} fails. ${others}, or request a higher quota for rules per Application Load Balancer`,
        ]
      : []),
    ...(targetGroups > QUOTAS.targetGroups
      ? [
          `load-balancer ${name} would have ${targetGroups} target groups, and AWS allows ${QUOTAS.targetGroups}, a quota that cannot be raised: the last ${targetGroups - QUOTAS.targetGroups} cannot be used. ${others}`,
        ]
      : []),
    ...(certificates > QUOTAS.certificates
      ? [
          `load-balancer ${name} would have ${certificates} certificates besides those of its listeners, and ${than(QUOTAS.certificates)}: adding the last ${certificates - QUOTAS.certificates} fails. Use certificates for several domains, or request a higher quota for certificates per Application Load Balancer`,
        ]
      : []),
  ];
}
