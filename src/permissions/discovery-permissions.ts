import type { PermissionFacts } from "./scope.js";
import type { ActionGroup, StatementInputs, StatementToBuild } from "./statement.js";

/*
 * DNS names of tasks. Source: Cloud Map Developer Guide, "AWS Cloud Map API permissions reference": what Cloud Map does in
 * Route 53 and EC2 with the caller's permissions.
 */

export const discoveryReads = ({ hasDnsNames: when }: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["plan", "deploy", "destroy"],
    when,
    actions: ["route53:GetHostedZone", "servicediscovery:GetService"],
  },
  { for: ["plan", "deploy"], when, actions: ["ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"] },
  { for: ["deploy"], when, actions: ["ec2:DescribeRegions", "route53:ListHostedZonesByName"] },
  { for: ["deploy", "destroy"], when, actions: ["ecs:DescribeTasks", "servicediscovery:ListInstances"] },
];

export const discoveryCreations = ({ hasDnsNames: when }: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["deploy"],
    when,
    actions: ["servicediscovery:CreatePrivateDnsNamespace", "servicediscovery:CreateService"],
  },
];

export const discoveryChanges = ({ hasDnsNames: when }: PermissionFacts): readonly ActionGroup[] => [
  { for: ["deploy"], when, actions: ["servicediscovery:UpdateService"] },
  {
    for: ["deploy", "destroy"],
    when,
    actions: ["servicediscovery:DeleteService", "servicediscovery:DeregisterInstance"],
  },
];

/** Cloud Map creates and deletes the hosted zones of namespaces. Zones have no tags of ours. */
export const changeNamespaceZones = ({ facts, partition }: StatementInputs): readonly StatementToBuild[] => [
  {
    sid: "CreateNamespaceZones",
    groups: [{ for: ["deploy"], actions: ["route53:CreateHostedZone"] }],
    resources: facts.hasDnsNames ? ["*"] : [],
  },
  {
    sid: "CreateInNamespaces",
    groups: [{ for: ["deploy"], actions: ["servicediscovery:CreateService"] }],
    resources: facts.hasDnsNames ? [`arn:${partition}:servicediscovery:*:*:namespace/*`] : [],
  },
  {
    sid: "DeleteNamespaceZones",
    groups: [{ for: ["deploy", "destroy"], actions: ["route53:DeleteHostedZone"] }],
    resources: facts.hasDnsNames ? [`arn:${partition}:route53:::hostedzone/*`] : [],
  },
];
