import type { LoadBalancer, Service } from "@aws-sdk/client-ecs";
import { targetGroupName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { weightsOf } from "../load-balancer/rules/rule-weights.js";

/*
 * The two target groups of a load balancer whose traffic ECS shifts: which of them serves changes with each release, and
 * is ECS's to decide.
 */

/** The same load balancer with its target groups the other way round. */
export function swapped(loadBalancer: LoadBalancer): LoadBalancer {
  const { targetGroupArn, advancedConfiguration } = loadBalancer;
  if (advancedConfiguration?.alternateTargetGroupArn === undefined) return loadBalancer;
  return {
    ...loadBalancer,
    targetGroupArn: advancedConfiguration.alternateTargetGroupArn,
    advancedConfiguration: { ...advancedConfiguration, alternateTargetGroupArn: targetGroupArn },
  };
}

/** The ARNs of all target groups that a service can be registered in. */
export const groupsOfService = ({ loadBalancers = [] }: Pick<Service, "loadBalancers">): readonly string[] =>
  loadBalancers.flatMap(groupsOfLoadBalancer);

export const groupsOfLoadBalancer = ({
  targetGroupArn,
  advancedConfiguration,
}: LoadBalancer): readonly string[] =>
  [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) => arn ?? []);

/** The target groups that a listener of a Network Load Balancer sends connections to; none if it does not exist. */
export async function servingGroups(
  { advancedConfiguration }: LoadBalancer,
  { aws }: AwsContext,
): Promise<readonly string[]> {
  const arn = advancedConfiguration?.productionListenerRule;
  if (arn?.includes(":listener/") !== true) return [];
  const answer = await ignoreNotFound(aws.elb.describeListeners({ ListenerArns: [arn] }));
  return weightsOf(answer?.Listeners?.[0]?.DefaultActions ?? []).flatMap((each) =>
    each.weight > 0 ? [each.arn] : [],
  );
}

/** The traffic of load balancers that ECS is to shift. */
export interface Served {
  /**
   * The load balancers with the target groups that serve as the first of each two: ECS registers the next revision in the
   * other one of what an update names (terraform-provider-aws#45678).
   */
  readonly servingFirst: LoadBalancer[];
  /** True if a listener sends to other target groups: ECS refuses that. */
  readonly byOthers: boolean;
}

export async function served(loadBalancers: readonly LoadBalancer[], context: AwsContext): Promise<Served> {
  const all = await Promise.all(
    loadBalancers.map(async (each) => {
      const serving = await servingGroups(each, context);
      const [first, alternate] = groupsOfLoadBalancer(each);
      const isSwapped = serving.includes(alternate ?? "") && !serving.includes(first ?? "");
      const byOthers = serving.some((arn) => arn !== first && arn !== alternate);
      return { loadBalancer: isSwapped ? swapped(each) : each, byOthers };
    }),
  );
  return {
    servingFirst: all.map(({ loadBalancer }) => loadBalancer),
    byOthers: all.some(({ byOthers }) => byOthers),
  };
}

/** The weights of the target groups of a service whose listeners ECS shifts, by name; `undefined` if it shifts none. */
export async function shiftedWeights(
  { loadBalancers = [] }: Service,
  { aws }: AwsContext,
): Promise<Readonly<Record<string, number>> | undefined> {
  const arns = loadBalancers.flatMap(
    ({ advancedConfiguration }) => advancedConfiguration?.productionListenerRule ?? [],
  );
  const listeners = arns.filter((arn) => arn.includes(":listener/"));
  if (listeners.length === 0) return undefined;
  const answer = await ignoreNotFound(aws.elb.describeListeners({ ListenerArns: listeners }));
  const all = (answer?.Listeners ?? []).flatMap(({ DefaultActions = [] }) => weightsOf(DefaultActions));
  return Object.fromEntries(all.map(({ arn, weight }) => [targetGroupName(arn), weight]));
}

const EVERY = 5_000;
/** By then, every role has propagated. */
const LONGEST = 2 * 60_000;

/**
 * Waits until the roles with which ECS shifts traffic have propagated: ECS does not try again, and ends a deployment whose
 * role it cannot assume yet.
 */
export async function rolesPropagated(
  loadBalancers: readonly LoadBalancer[] | undefined,
  { clock, signal, propagatingRoles }: AwsContext,
): Promise<void> {
  const roles = (loadBalancers ?? []).flatMap((each) => each.advancedConfiguration?.roleArn ?? []);
  const arePropagating = () => roles.some((role) => propagatingRoles.areNamedIn(role));
  for (let waited = 0; waited < LONGEST && arePropagating(); waited += EVERY)
    await clock.sleep(EVERY, signal);
}
