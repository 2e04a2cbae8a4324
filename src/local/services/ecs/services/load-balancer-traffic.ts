import type { DeploymentConfiguration, LoadBalancer } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { iamArn, nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import type { Rule } from "../../elb/state.js";
import { refreshUse } from "../../elb/target-group-use.js";
import { lacksPermissions } from "../../iam/passed-roles.js";
import { roleAllows } from "../../iam/role-allows.js";
import { recordRoleUse } from "../../iam/role-use.js";
import type { Rollout } from "../state.js";

/*
 * How ECS shifts the traffic of load balancers in a blue/green, linear or canary deployment: a revision is registered in
 * the target group that gets nothing, and then gets its share by the weights of a rule of an Application Load Balancer, or
 * of the listener of a Network Load Balancer. ECS does it with the infrastructure role.
 * Source: ECS Developer Guide, "Network Load Balancer resources for Amazon ECS blue/green, linear and canary deployments"
 * and "Troubleshooting Amazon ECS blue/green deployments".
 */

type Traffic = "production" | "test";

/** The rule that an ARN names: one of an Application Load Balancer, or what a Network Load Balancer's listener does. */
export const ruleOf = ({ elb }: Account, arn: string): Rule | undefined =>
  arn.includes(":listener-rule/")
    ? elb.rules.get(arn)
    : [...elb.rules.values()].find(
        ({ listenerArn, priority }) => listenerArn === arn && priority === "default",
      );

/** The target groups that a rule forwards to -> their weights. */
const weightsOf = (rule: Rule | undefined): ReadonlyMap<string, number> =>
  new Map(
    (rule?.actions ?? []).flatMap(({ ForwardConfig }) =>
      (ForwardConfig?.TargetGroups ?? []).map(
        ({ TargetGroupArn = "", Weight = 1 }) => [TargetGroupArn, Weight] as const,
      ),
    ),
  );

const servingOf = (rule: Rule | undefined): readonly string[] =>
  [...weightsOf(rule)].flatMap(([arn, weight]) => (weight > 0 ? [arn] : []));

/** True if ECS shifts the traffic of load balancers in the service's deployments. */
export const shiftsLoadBalancers = (
  loadBalancers: readonly LoadBalancer[],
  { strategy = "ROLLING" }: DeploymentConfiguration = {},
): boolean =>
  strategy !== "ROLLING" && loadBalancers.some((each) => each.advancedConfiguration !== undefined);

/**
 * The load balancers with the target groups in which a new revision is registered: those that get no production traffic.
 *
 * @param areGiven - true if the call that began the deployment named them: ECS then takes them as they are, whichever
 * serves (terraform-provider-aws#45678)
 */
export const registeredIn = (
  account: Account,
  loadBalancers: readonly LoadBalancer[],
  configuration: DeploymentConfiguration | undefined,
  areGiven: boolean,
): readonly LoadBalancer[] =>
  loadBalancers.map((each) => {
    const { alternateTargetGroupArn, productionListenerRule } = each.advancedConfiguration ?? {};
    if (!shiftsLoadBalancers([each], configuration)) return each;
    const serving = servingOf(ruleOf(account, productionListenerRule ?? ""));
    const isSwapped = !areGiven && serving.includes(alternateTargetGroupArn ?? "");
    return isSwapped ? each : { ...each, targetGroupArn: alternateTargetGroupArn };
  });

/** The target group of the other revision. */
const otherGroup = ({ loadBalancers }: Rollout, index: number, own: string | undefined): string => {
  const { targetGroupArn = "", advancedConfiguration } = loadBalancers[index] ?? {};
  return own === targetGroupArn ? (advancedConfiguration?.alternateTargetGroupArn ?? "") : targetGroupArn;
};

/** How long ECS waits after each change of weights, because load balancers route by old ones for a while. */
export const shiftDelay = ({ loadBalancers }: Pick<Rollout, "loadBalancers">): number =>
  loadBalancers.some(({ advancedConfiguration }) =>
    advancedConfiguration?.productionListenerRule?.includes(":listener/net/"),
  )
    ? durations.networkShift
    : durations.connectShift;

/** True if the deployment has listeners or rules for test traffic. */
export const hasTestTraffic = ({ loadBalancers }: Pick<Rollout, "loadBalancers">): boolean =>
  loadBalancers.some(({ advancedConfiguration }) => advancedConfiguration?.testListenerRule !== undefined);

/** What keeps ECS from a deployment with these load balancers, in its own words; `undefined` if nothing does. */
export function networkingProblem(
  account: Account,
  { loadBalancers }: Pick<Rollout, "loadBalancers">,
): string | undefined {
  for (const { targetGroupArn = "", advancedConfiguration } of loadBalancers) {
    if (advancedConfiguration === undefined) continue;
    const { alternateTargetGroupArn = "", productionListenerRule, testListenerRule } = advancedConfiguration;
    const role = advancedConfiguration.roleArn ?? "";
    if (!canAssume(account, role))
      return `. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role '${role}'.`;
    const isNetwork = productionListenerRule?.includes(":listener/net/") === true;
    const denied = deniedText(
      account,
      role,
      `elasticloadbalancing:${isNetwork ? "DescribeListeners" : "DescribeRules"}`,
      undefined,
    );
    if (denied !== undefined) return `. ${denied}`;
    const rule = ruleOf(account, productionListenerRule ?? "");
    const associated = [rule, ruleOf(account, testListenerRule ?? "")].flatMap((each) => [
      ...weightsOf(each).keys(),
    ]);
    for (const arn of [targetGroupArn, alternateTargetGroupArn])
      if (!associated.includes(arn))
        return `: Target group ${arn} is not associated with either productionListenerRule or testListenerRule.`;
    const serving = servingOf(rule);
    if (serving.length !== 1)
      return `. productionListenerRule ${productionListenerRule} should have exactly one target group serving traffic but found ${serving.length} target groups which are serving traffic`;
    if (serving[0] !== targetGroupArn && serving[0] !== alternateTargetGroupArn)
      return `. Production listener rule is forwarding traffic to unexpected target group ${serving[0]}. Expected traffic to be forwarded to either targetGroupArn: ${targetGroupArn} or alternateTargetGroupArn: ${alternateTargetGroupArn}`;
  }
  return undefined;
}

/** True if ECS can assume the role: it exists, trusts ECS, and has propagated. */
function canAssume(account: Account, arn: string): boolean {
  const role = account.iam.roles.get(nameOf(arn).toLowerCase());
  return (
    role !== undefined &&
    account.clock.now() >= role.assumableAt &&
    role.trustPolicy.includes('"ecs.amazonaws.com"')
  );
}

/** IAM's words, if the role does not allow what ECS is about to do with it. */
export function deniedText(
  account: Account,
  role: string,
  action: string,
  resource: string | undefined,
  session = "ECSNetworkingWithELB",
): string | undefined {
  recordRoleUse(account, account.iam.roles.get(nameOf(role).toLowerCase()));
  if (!lacksPermissions(account, role) && roleAllows(account, role, action, resource ?? "*"))
    return undefined;
  const user = `${iamArn(account, `assumed-role/${nameOf(role)}/${session}`).replace(":iam:", ":sts:")}`;
  return `User: ${user} is not authorized to perform: ${action}${resource === undefined ? "" : ` on resource: ${resource}`} because no identity-based policy allows the ${action} action`;
}

/**
 * Gives a revision its share of the traffic, and the rest to the other one.
 *
 * @returns IAM's words, if the role does not allow it
 */
export function setShare(
  account: Account,
  rollout: Rollout,
  percent: number,
  traffic: Traffic = "production",
): string | undefined {
  for (const [index, { targetGroupArn: own = "", advancedConfiguration }] of rollout.registered.entries()) {
    const { productionListenerRule, testListenerRule, roleArn = "" } = advancedConfiguration ?? {};
    const arn = traffic === "production" ? productionListenerRule : testListenerRule;
    const rule = arn === undefined ? undefined : ruleOf(account, arn);
    if (arn === undefined || rule === undefined) continue;
    const action = `elasticloadbalancing:${arn.includes(":listener-rule/") ? "ModifyRule" : "ModifyListener"}`;
    const denied = deniedText(account, roleArn, action, arn);
    if (denied !== undefined) return denied;
    forward(rule, new Map([...weights(percent, own, otherGroup(rollout, index, own))]));
  }
  refreshUse(account);
  return undefined;
}

/** Of 100, or of 999 for parts of a per cent. */
const weights = (percent: number, own: string, other: string): readonly (readonly [string, number])[] => {
  const all = Number.isInteger(percent) ? 100 : 999;
  const share = Math.round((percent * all) / 100);
  return [
    [own, share],
    [other, all - share],
  ];
};

/** ECS writes the action anew, over both target groups. */
function forward(rule: Rule, shares: ReadonlyMap<string, number>): void {
  const before = rule.actions.find(({ Type }) => Type === "forward");
  rule.actions = [
    ...rule.actions.filter(({ Type }) => Type !== "forward"),
    {
      Type: "forward",
      ...(before?.Order !== undefined && { Order: before.Order }),
      ForwardConfig: {
        TargetGroups: [...shares].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
        TargetGroupStickinessConfig: before?.ForwardConfig?.TargetGroupStickinessConfig ?? { Enabled: false },
      },
    },
  ];
}

/** Gives the traffic back to the other revision: this one's tasks are stopped once the load balancers know it. */
export function takeBackTraffic(account: Account, rollout: Rollout): void {
  const { shift } = rollout;
  if (shift === undefined) return;
  if (shift.percent > 0) {
    setShare(account, rollout, 0);
    shift.heldUntil = account.clock.now() + shiftDelay(rollout);
  }
  if (hasTestTraffic(rollout)) setShare(account, rollout, 0, "test");
  shift.percent = 0;
  shift.stage = "taken-back";
}

/** True while the tasks of a revision that lost its traffic must not be stopped yet. */
export const isHeld = ({ clock }: Account, rollout: Rollout | undefined): boolean =>
  clock.now() < (rollout?.shift?.heldUntil ?? 0);
