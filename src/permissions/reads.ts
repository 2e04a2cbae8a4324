import { connectReads } from "./connect-permissions.js";
import { discoveryReads } from "./discovery-permissions.js";
import { domainReads } from "./domain-reads.js";
import { namedReads } from "./named-reads.js";
import { networkReads } from "./network-parts.js";
import { roleReads } from "./role-reads.js";
import type { ActionGroup, StatementInputs, StatementToBuild } from "./statement.js";

/*
 * Most operations that only read have no resource-level permissions, so these statements are narrowed by the
 * region alone. What is in logs, parameters and images is read by name.
 * Source of all actions: Service Authorization Reference.
 */

export const reads = (inputs: StatementInputs): readonly StatementToBuild[] => [
  { sid: "Read", groups: readsOf(inputs), resources: ["*"], conditions: inputs.inRegion },
  { sid: "ReadRoles", groups: roleReads(inputs), resources: ["*"] },
  ...namedReads(inputs),
];

function readsOf({ facts }: StatementInputs): readonly ActionGroup[] {
  const { types, instanceClusters, tasks, deployments } = facts;
  const hasTasks = tasks.length > 0;
  const hasClusters = facts.clusters.length > 0;
  const hasDeployments = deployments.length > 0;
  const hasInstances = hasClusters;
  const hasBalancers = types.has("load-balancer");
  const createsBalancers = facts.loadBalancers.length > 0;
  return [
    {
      for: ["plan", "deploy", "destroy", "run", "release"],
      actions: ["tag:GetResources"],
    },
    {
      for: ["plan", "deploy", "destroy", "run"],
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
    },
    {
      for: ["plan", "deploy", "destroy"],
      actions: ["ec2:DescribeKeyPairs", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroupRules"],
    },
    {
      for: ["plan", "deploy", "run"],
      when: hasBalancers || hasClusters,
      actions: ["ec2:DescribeRouteTables", "ec2:DescribeVpcEndpoints"],
    },
    { for: ["deploy", "destroy"], actions: ["ec2:DescribeNetworkInterfaces"] },
    ...networkReads(facts),
    {
      for: ["plan", "deploy", "destroy", "run"],
      when: hasInstances,
      actions: [
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ecs:DescribeCapacityProviders",
      ],
    },
    { for: ["deploy", "destroy"], when: hasInstances, actions: ["ec2:DescribeInstances"] },
    {
      for: ["plan", "deploy", "destroy"],
      when: hasClusters,
      actions: [
        "autoscaling:DescribePolicies",
        "autoscaling:DescribeScheduledActions",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "ecs:ListServices",
        "scheduler:ListSchedules",
      ],
    },
    {
      for: ["plan", "deploy", "destroy", "run", "status"],
      when: hasClusters,
      actions: ["ecs:DescribeClusters", "ecs:DescribeContainerInstances", "ecs:ListContainerInstances"],
    },
    {
      for: ["deploy", "status"],
      when: instanceClusters.length > 0,
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribePolicies",
        "autoscaling:DescribeScalingActivities",
      ],
    },
    {
      for: facts.refreshesInstances ? ["deploy", "refresh"] : ["refresh"],
      actions: instanceClusters.length > 0 ? ["autoscaling:DescribeInstanceRefreshes"] : [],
    },
    {
      for: ["status"],
      when: facts.readsHosts,
      actions: [
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeLaunchTemplateVersions",
      ],
    },
    // A group that is only named may never have started.
    {
      for: ["plan", "destroy"],
      when: instanceClusters.length > 0,
      actions: ["autoscaling:DescribeScalingActivities"],
    },
    { for: ["destroy", "status"], when: hasClusters, actions: ["ecs:DescribeTasks", "ecs:ListTasks"] },
    { for: ["destroy"], when: hasClusters, actions: ["ecs:DescribeServices", "ecs:DescribeTaskDefinition"] },
    {
      for: ["plan", "deploy", "destroy", "run", "rollback", "history", "release", "status"],
      when: hasTasks,
      actions: ["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"],
    },
    {
      for: ["tail"],
      when: hasTasks,
      actions: ["ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks"],
    },
    {
      for: ["plan", "deploy", "destroy", "run", "rollback", "release"],
      when: hasTasks,
      actions: ["ecs:DescribeTasks", "ecs:ListTasks", "logs:DescribeLogGroups"],
    },
    {
      for: ["plan", "deploy", "destroy", "run"],
      when: facts.clusters.some(({ execLogging }) => execLogging?.logGroup !== undefined),
      actions: ["logs:DescribeLogGroups"],
    },
    {
      for: ["plan", "deploy", "destroy"],
      when: hasTasks,
      actions: [
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:ListImages",
        "ecr:ListTagsForResource",
        "logs:ListTagsForResource",
      ],
    },
    {
      // Of a deployment that is known by its name only.
      for: ["by-name"],
      when: hasDeployments,
      actions: [
        "acm:DescribeCertificate",
        "application-autoscaling:DescribeScalableTargets",
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:ListClusters",
        "ecs:ListServices",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
        "tag:GetResources",
      ],
    },
    // What the tagging API does not know yet is read from the service itself.
    { for: ["release"], when: hasDeployments, actions: ["cloudwatch:ListTagsForResource"] },
    { for: ["run"], when: hasTasks, actions: ["logs:ListTagsForResource"] },
    { for: ["plan", "deploy", "run", "rollback"], when: hasTasks, actions: ["ecr:BatchGetImage"] },
    { for: ["deploy", "run"], when: facts.repositories.length > 0, actions: ["ecr:GetAuthorizationToken"] },
    {
      for: ["plan", "deploy", "destroy", "status"],
      when: facts.jobs.length > 0,
      actions: ["scheduler:GetSchedule", "scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"],
    },
    ...serviceReads(hasDeployments, facts.hasShiftedServices),
    {
      for: ["plan", "deploy", "destroy", "status", "release", "rollback", "history", "exec"],
      when: hasBalancers || hasDeployments,
      actions: [
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTags",
      ],
    },
    {
      for: ["plan", "deploy", "destroy"],
      when: facts.loadBalancers.some(({ listeners }) => listeners.some(({ certificate }) => certificate)),
      actions: ["acm:DescribeCertificate", "acm:ListCertificates"],
    },
    {
      // A listener that gets another default certificate keeps one that a deployment has requested.
      for: ["deploy"],
      when: facts.loadBalancers.some(({ listeners }) => listeners.some(({ certificate }) => certificate)),
      actions: ["acm:ListTagsForCertificate"],
    },
    {
      for: ["plan", "deploy", "destroy"],
      when: facts.hasAdditionalCertificates,
      actions: ["elasticloadbalancing:DescribeListenerCertificates"],
    },
    ...domainReads(facts),
    ...connectReads(facts),
    ...discoveryReads(facts),
    {
      // Also one that an earlier version of the chain had.
      for: ["plan", "deploy", "destroy"],
      when: createsBalancers,
      actions: ["wafv2:GetWebACL", "wafv2:GetWebACLForResource"],
    },
    {
      // The attributes that are set, also by an earlier version of the chain.
      for: ["plan", "deploy", "destroy"],
      when: createsBalancers,
      actions: ["elasticloadbalancing:DescribeLoadBalancerAttributes"],
    },
    {
      // The domain of a certificate is part of the URL, also where another chain describes the listener.
      for: ["deploy", "status"],
      when:
        facts.hasExistingBalancers ||
        facts.loadBalancers.some(({ listeners }) => listeners.some(({ certificate }) => certificate)),
      actions: ["acm:DescribeCertificate"],
    },
    {
      // Elastic Load Balancing reads them with the caller's permissions.
      for: ["deploy"],
      when: createsBalancers || facts.hasRoutes || facts.hasNetworkRoutes,
      actions: ["ec2:DescribeInternetGateways"],
    },
    {
      for: ["deploy"],
      when: createsBalancers,
      actions: ["ec2:DescribeAccountAttributes", "ec2:DescribeAddresses"],
    },
  ];
}

/** The reads of ECS services, their rollouts, targets and scaling. */
const serviceReads = (when: boolean, isShifted: boolean): readonly ActionGroup[] => [
  {
    for: ["plan", "deploy", "destroy", "status", "release", "rollback", "history", "run", "exec"],
    when,
    actions: ["ecs:DescribeServices"],
  },
  { for: ["exec"], when, actions: ["ecs:DescribeTasks", "ecs:ListTasks"] },
  {
    for: ["deploy", "rollback", "release", "history"],
    when,
    actions: ["ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions", "ecs:ListServiceDeployments"],
  },
  // A release that an earlier run has left may be about to roll back.
  { for: ["plan", "destroy"], when: isShifted, actions: ["ecs:DescribeServiceDeployments"] },
  {
    for: ["plan", "deploy", "destroy", "status", "release", "rollback"],
    when,
    actions: [
      "application-autoscaling:DescribeScalableTargets",
      "application-autoscaling:DescribeScalingPolicies",
      "application-autoscaling:DescribeScheduledActions",
      "cloudwatch:DescribeAlarms",
      "scheduler:GetSchedule",
    ],
  },
  { for: ["status"], when, actions: ["application-autoscaling:DescribeScalingActivities"] },
  {
    for: ["plan", "deploy", "destroy", "status", "release", "rollback"],
    when,
    actions: ["application-autoscaling:ListTagsForResource"],
  },
  {
    for: ["plan", "deploy", "destroy"],
    when,
    actions: ["elasticloadbalancing:DescribeTargetGroupAttributes"],
  },
  {
    for: ["plan", "deploy", "destroy", "release", "rollback"],
    when,
    actions: ["elasticloadbalancing:DescribeTargetGroups"],
  },
  {
    for: ["deploy", "status", "release", "rollback"],
    when,
    actions: ["elasticloadbalancing:DescribeTargetHealth"],
  },
];
