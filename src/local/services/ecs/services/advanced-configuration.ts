import type { DeploymentConfiguration, LoadBalancer, TaskDefinition } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { groupsOf } from "../../elb/lookups.js";
import { checkPassedRoles } from "../../iam/passed-roles.js";
import { invalidParameter } from "../service-errors.js";
import { ruleOf } from "./load-balancer-traffic.js";

/*
 * The load balancers of a service whose traffic ECS shifts itself: what CreateService and UpdateService refuse at once.
 * Source: ECS Developer Guide, "Troubleshooting Amazon ECS blue/green deployments", which has the messages, except for
 * those about what is missing.
 */

const RULE = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:listener-rule\/app\/[^/]+\/\w+\/\w+\/\w+$/;
const LISTENER = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:listener\/net\/[^/]+\/\w+\/\w+$/;

/** Checks the shape of a service's load balancers: what each strategy needs of them. */
export function checkLoadBalancers(
  loadBalancers: readonly LoadBalancer[],
  { strategy = "ROLLING" }: DeploymentConfiguration = {},
): void {
  const classic = loadBalancers.filter(({ loadBalancerName }) => loadBalancerName !== undefined);
  if (classic.some(({ advancedConfiguration }) => advancedConfiguration !== undefined))
    throw invalidParameter("advancedConfiguration field is not allowed with ELBv1 loadBalancers");
  if (classic.length > 0 && classic.length < loadBalancers.length)
    throw invalidParameter(
      "All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 (defining targetGroupArn)",
    );
  const advanced = loadBalancers.filter((each) => each.advancedConfiguration !== undefined);
  if (strategy !== "ROLLING" && advanced.length === 0 && loadBalancers.length > 0)
    throw invalidParameter(
      "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
    );
  if (advanced.length > 0 && advanced.length < loadBalancers.length)
    throw invalidParameter(
      "Either all or none of the provided loadBalancers must have advancedConfiguration defined",
    );
  checkDuplicates(loadBalancers);
  for (const { advancedConfiguration } of advanced) {
    const {
      alternateTargetGroupArn,
      productionListenerRule: production,
      testListenerRule: test,
      roleArn,
    } = advancedConfiguration ?? {};
    for (const [field, value] of Object.entries({ alternateTargetGroupArn, roleArn }))
      if (value === undefined || value === "") throw invalidParameter(`${field} can not be blank.`);
    checkFormat("productionListenerRule", production ?? "");
    if (test === undefined) continue;
    checkFormat("testListenerRule", test);
    if (test === production)
      throw invalidParameter(
        `The following rules cannot be used as both production and test listener rules: ${test}`,
      );
  }
}

function checkFormat(field: string, arn: string): void {
  if (RULE.test(arn) || LISTENER.test(arn)) return;
  throw invalidParameter(
    `${field} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
  );
}

function checkDuplicates(loadBalancers: readonly LoadBalancer[]): void {
  const seen = new Set<string>();
  for (const { targetGroupArn, advancedConfiguration } of loadBalancers) {
    for (const arn of [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn]) {
      if (arn === undefined) continue;
      if (seen.has(arn) && advancedConfiguration !== undefined)
        throw invalidParameter(`Duplicate targetGroupArn found: ${arn}`);
      seen.add(arn);
    }
  }
}

/** Checks what the named load balancers refer to: target groups, listeners, rules and the role. */
export function checkAdvancedConfiguration(
  account: Account,
  { targetGroupArn, advancedConfiguration }: LoadBalancer,
  checkGroup: (arn: string) => void,
): void {
  if (advancedConfiguration === undefined) return;
  const {
    alternateTargetGroupArn: alternate = "",
    productionListenerRule: production = "",
    testListenerRule: test,
    roleArn = "",
  } = advancedConfiguration;
  checkPassedRoles(account, [roleArn]);
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn))
    throw invalidParameter(`The role '${roleArn}' is not valid.`);
  for (const arn of [production, ...(test === undefined ? [] : [test])])
    if (ruleOf(account, arn) === undefined)
      throw invalidParameter(
        `The ${arn.includes(":listener-rule/") ? "listener rule" : "listener"} ${arn} does not exist.`,
      );
  checkGroup(alternate);
  const [one, other] = [targetGroupArn ?? "", alternate].map((arn) => account.elb.targetGroups.get(arn));
  if (one?.protocol !== other?.protocol || one?.vpcId !== other?.vpcId)
    throw invalidParameter(
      `The target groups ${targetGroupArn} and ${alternate} must have the same protocol and VPC.`,
    );
  const groups = groupsOf(ruleOf(account, production)?.actions ?? []);
  const hasBoth = [targetGroupArn ?? "", alternate].every((arn) => groups.includes(arn));
  if (production.includes(":listener-rule/") && test === undefined && !hasBoth)
    throw invalidParameter(
      "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated with both targetGroup and alternateTargetGroup",
    );
}

/** A task of the network mode `awsvpc` is registered by its address, others by their instances. */
export const neededTargetType = ({ networkMode }: TaskDefinition): "ip" | "instance" =>
  networkMode === "awsvpc" ? "ip" : "instance";
