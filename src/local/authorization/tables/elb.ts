import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import {
  onAll,
  type ConditionKeys,
  type PermissionTable,
  type RequiredPermission,
} from "../required-permission.js";
import { taggingAtCreate } from "../request-tags.js";

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Elastic Load Balancing
 * V2"; Elastic Load Balancing User Guide, "Elastic Load Balancing API permissions", for EC2's actions, and
 * "ELB API permissions to tag resources during creation".
 */

const elb = (account: Account, resource: string): string => arnOf(account, "elasticloadbalancing", resource);

const createdBy = (operation: string): ConditionKeys => ({
  "elasticloadbalancing:CreateAction": [operation],
});

/** What Elastic Load Balancing reads in EC2 with the caller's permissions. */
const describing = (...operations: readonly string[]): readonly RequiredPermission[] =>
  operations.map((operation) => ({ action: `ec2:${operation}`, resource: "*" }));

/** `…:listener/app/name/LB/LISTENER` -> `…:listener-rule/app/name/LB/LISTENER/*`. */
const rulesUnder = (listenerArn: string): string =>
  `${listenerArn.replace(":listener/", ":listener-rule/")}/*`;

export const ELB: PermissionTable<ElbApi> = {
  createLoadBalancer: (input, account) => {
    const arn = elb(account, `loadbalancer/${input.Type === "network" ? "net" : "app"}/${input.Name}/*`);
    return [
      arn,
      ...taggingAtCreate(input, "elasticloadbalancing:AddTags", arn, createdBy("CreateLoadBalancer")),
      ...describing(
        "DescribeAccountAttributes",
        "DescribeAddresses",
        "DescribeInternetGateways",
        "DescribeSecurityGroups",
        "DescribeSubnets",
        "DescribeVpcs",
      ),
    ];
  },
  describeLoadBalancers: onAll,
  describeLoadBalancerAttributes: onAll,
  modifyLoadBalancerAttributes: ({ LoadBalancerArn = "*" }) => LoadBalancerArn,
  setSecurityGroups: ({ LoadBalancerArn = "*" }) => LoadBalancerArn,
  setSubnets: ({ LoadBalancerArn = "*" }) => [LoadBalancerArn, ...describing("DescribeSubnets")],
  deleteLoadBalancer: ({ LoadBalancerArn = "*" }) => LoadBalancerArn,
  createTargetGroup: (input, account) => {
    const arn = elb(account, `targetgroup/${input.Name}/*`);
    return [
      arn,
      ...taggingAtCreate(input, "elasticloadbalancing:AddTags", arn, createdBy("CreateTargetGroup")),
      ...describing("DescribeInternetGateways", "DescribeVpcs"),
    ];
  },
  describeTargetGroups: onAll,
  modifyTargetGroup: ({ TargetGroupArn = "*" }) => TargetGroupArn,
  describeTargetGroupAttributes: onAll,
  modifyTargetGroupAttributes: ({ TargetGroupArn = "*" }) => TargetGroupArn,
  deleteTargetGroup: ({ TargetGroupArn = "*" }) => TargetGroupArn,
  describeTargetHealth: onAll,
  createListener: (input) => {
    const { LoadBalancerArn: arn = "*" } = input;
    const created = `${arn.replace(":loadbalancer/", ":listener/")}/*`;
    return [
      arn,
      ...taggingAtCreate(input, "elasticloadbalancing:AddTags", created, createdBy("CreateListener")),
    ];
  },
  describeListeners: onAll,
  modifyListener: ({ ListenerArn = "*" }) => ListenerArn,
  removeListenerCertificates: ({ ListenerArn = "*" }) => ListenerArn,
  addListenerCertificates: ({ ListenerArn = "*" }) => ListenerArn,
  describeListenerCertificates: onAll,
  deleteListener: ({ ListenerArn = "*" }) => ListenerArn,
  createRule: (input) => {
    const { ListenerArn: arn = "*" } = input;
    return [
      arn,
      ...taggingAtCreate(input, "elasticloadbalancing:AddTags", rulesUnder(arn), createdBy("CreateRule")),
    ];
  },
  describeRules: onAll,
  modifyRule: ({ RuleArn = "*" }) => RuleArn,
  setRulePriorities: ({ RulePriorities = [] }) => RulePriorities.map(({ RuleArn = "*" }) => RuleArn),
  deleteRule: ({ RuleArn = "*" }) => RuleArn,
  describeTags: onAll,
  addTags: ({ ResourceArns = [] }) => ResourceArns,
  removeTags: ({ ResourceArns = [] }) => ResourceArns,
};
