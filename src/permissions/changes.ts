import { capacityProviderName, keepOldScheduleName, managedInstancesName } from "../spec/derived-names.js";
import type { PermissionPurpose } from "../spec/permission-options.js";
import { certificateChanges, changeDnsRecords } from "./domain-changes.js";
import { networkChanges } from "./network-parts.js";
import { connectChanges } from "./connect-permissions.js";
import { changeNamespaceZones, discoveryChanges } from "./discovery-permissions.js";
import { serviceChanges } from "./service-changes.js";
import type { ActionGroup, StatementInputs, StatementToBuild } from "./statement.js";

/** What is updated and deleted: only what has the tag of one of the owners, or belongs to it by its name. */
export function changes(inputs: StatementInputs): readonly StatementToBuild[] {
  const { facts, arnOf, owned, ofTask, inRegion } = inputs;
  const clusterArns = facts.clusters.map(({ name }) => arnOf("ecs", `cluster/${name}`));
  const tasksIn = facts.clusters.map(({ name }) => arnOf("ecs", `task/${name}/*`));
  const hasTasks = facts.tasks.length > 0;
  return [
    { sid: "ChangeOwned", groups: changedByTag(inputs), resources: ["*"], conditions: owned },
    changeDnsRecords(inputs),
    ...changeNamespaceZones(inputs),
    {
      sid: "AssociateWebAcls",
      groups: [{ for: ["deploy"], actions: ["wafv2:AssociateWebACL"] }],
      resources: facts.webAcls,
    },
    {
      // It has no resource-level permissions besides those of the load balancer.
      sid: "DisassociateWebAcls",
      groups: [{ for: ["deploy"], actions: ["wafv2:DisassociateWebACL"] }],
      resources: facts.webAcls.length > 0 ? ["*"] : [],
      conditions: inRegion,
    },
    {
      // The rules of a group have no permissions of their own: EC2 checks the group as well.
      sid: "ChangeSecurityGroupRules",
      groups: [
        ...securityGroupRules(["deploy", "destroy"]),
        { for: ["run"], when: facts.networks.length > 0, actions: ["ec2:AuthorizeSecurityGroupIngress"] },
      ],
      resources:
        facts.types.has("load-balancer") || facts.types.has("network") || facts.deployments.length > 0
          ? [arnOf("ec2", "security-group-rule/*")]
          : [],
    },
    {
      sid: "OpenForeignInstances",
      groups: securityGroupRules(["deploy", "destroy"]),
      resources:
        facts.hasForeignInstances &&
        (facts.hasRoutes || facts.hasNetworkRoutes || facts.namespaces.length > 0)
          ? [arnOf("ec2", "security-group/*")]
          : [],
    },
    {
      // By name: the delete is repeated until ECS has deleted it, and its tags with it.
      sid: "DeleteCapacityProviders",
      groups: [{ for: ["deploy", "destroy"], actions: ["ecs:DeleteCapacityProvider"] }],
      resources: facts.clusters
        .filter(({ claim }) => claim !== "existing")
        .flatMap(({ name, capacity }) =>
          capacity.type === "managed-instances"
            ? [managedInstancesName(name, false), managedInstancesName(name, true)]
            : [capacityProviderName(name)],
        )
        .map((name) => arnOf("ecs", `capacity-provider/${facts.isByName ? "*" : name}`)),
    },
    {
      // ECS has no resource-level permissions for it.
      sid: "DeregisterTaskDefinitions",
      groups: [
        { for: ["deploy", "destroy", "run"], when: hasTasks, actions: ["ecs:DeregisterTaskDefinition"] },
      ],
      resources: ["*"],
      conditions: inRegion,
    },
    {
      sid: "DeleteTaskDefinitions",
      groups: [{ for: ["destroy"], actions: ["ecs:DeleteTaskDefinitions"] }],
      resources: facts.tasks.map(({ name }) => arnOf("ecs", `task-definition/${name}:*`)),
    },
    {
      sid: "RunTasks",
      groups: [
        { for: ["run"], actions: ["ecs:RunTask"] },
        {
          for: ["deploy"],
          when: facts.deployments.some(({ beforeRelease }) => beforeRelease !== undefined),
          actions: ["ecs:RunTask"],
        },
      ],
      resources: facts.tasks.map(({ name }) => arnOf("ecs", `task-definition/${name}:*`)),
      conditions: { ArnLike: { "ecs:cluster": clusterArns } },
    },
    {
      sid: "StopTasks",
      groups: [{ for: ["deploy", "destroy", "run"], when: hasTasks, actions: ["ecs:StopTask"] }],
      resources: tasksIn,
      conditions: ofTask,
    },
    {
      sid: "ExecuteCommands",
      groups: executeCommand(inputs),
      resources: facts.isByName ? clusterArns : [...clusterArns, ...tasksIn],
    },
    {
      // The cluster has the tags of another owner.
      sid: "ExecuteCommandsInTasks",
      groups: executeCommand(inputs),
      resources: facts.isByName ? tasksIn : [],
      conditions: ofTask,
    },
    {
      // The session is encrypted for who begins it.
      sid: "EncryptSessions",
      groups: [{ for: ["exec"], when: facts.deployments.length > 0, actions: ["kms:GenerateDataKey"] }],
      resources: facts.clusters.flatMap(({ execLogging }) => execLogging?.kmsKey ?? []),
    },
    {
      sid: "ChangeSchedules",
      groups: scheduleChanges(inputs),
      resources: [
        ...facts.scheduleGroups.map((name) => arnOf("scheduler", `schedule/${name}/*`)),
        ...facts.deployments.map(({ name }) =>
          arnOf("scheduler", `schedule/default/${keepOldScheduleName(name)}`),
        ),
      ],
    },
    {
      sid: "ActOnExistingAlarms",
      groups: [{ for: ["deploy", "destroy", "release"], actions: ["cloudwatch:PutMetricAlarm"] }],
      resources: facts.existingAlarms.map((name) => arnOf("cloudwatch", `alarm:${name}`)),
    },
  ];
}

const executeCommand = ({ facts }: StatementInputs): readonly ActionGroup[] => [
  { for: ["exec"], when: facts.deployments.length > 0, actions: ["ecs:ExecuteCommand"] },
];

const securityGroupRules = (purposes: readonly PermissionPurpose[]): readonly ActionGroup[] => [
  { for: ["deploy"], actions: ["ec2:AuthorizeSecurityGroupIngress"] },
  { for: purposes, actions: ["ec2:RevokeSecurityGroupIngress"] },
];

const scheduleChanges = ({ facts }: StatementInputs): readonly ActionGroup[] => {
  const hasSchedule = facts.jobs.some(({ schedule }) => schedule !== undefined);
  const keepsOld = facts.deployments.some(({ blueGreen }) => blueGreen?.keepOld !== undefined);
  return [
    {
      for: ["deploy", "release"],
      when: hasSchedule || keepsOld,
      actions: ["scheduler:CreateSchedule"],
    },
    { for: ["deploy", "release"], when: hasSchedule || keepsOld, actions: ["scheduler:UpdateSchedule"] },
    { for: ["deploy", "destroy", "release", "rollback"], actions: ["scheduler:DeleteSchedule"] },
  ];
};

function changedByTag({ facts }: StatementInputs): readonly ActionGroup[] {
  const hasDeployments = facts.deployments.length > 0;
  const hasTasks = facts.tasks.length > 0;
  const hasClusters = facts.clusters.some(({ claim }) => claim !== "existing");
  const hasBalancers = facts.loadBalancers.length > 0;
  const hasScaling = facts.deployments.some(({ scaling }) => scaling !== undefined);
  const logsSessions = facts.clusters.some(({ execLogging }) => execLogging !== undefined);
  // The color of the version before may be scaled, although the description is not.
  const hasColors = facts.deployments.some(({ blueGreen }) => blueGreen !== undefined);
  return [
    { for: ["deploy"], actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:CreateTags"] },
    { for: ["deploy", "destroy"], actions: ["ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupIngress"] },
    ...networkChanges(facts),
    {
      for: ["deploy"],
      when: hasClusters || hasTasks,
      actions: ["ecs:TagResource"],
    },
    {
      for: ["deploy"],
      when: facts.instanceClusters.length > 0,
      actions: [
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:PutScalingPolicy",
        "autoscaling:PutScheduledUpdateGroupAction",
        "autoscaling:SetInstanceProtection",
        "autoscaling:UpdateAutoScalingGroup",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "ec2:CreateLaunchTemplateVersion",
        "ecs:UpdateCapacityProvider",
      ],
    },
    { for: ["deploy"], when: facts.managedClusters.length > 0, actions: ["ecs:UpdateCapacityProvider"] },
    {
      for: ["deploy"],
      when: facts.clusters.some(({ insights }) => insights !== undefined),
      actions: ["ecs:UpdateClusterSettings"],
    },
    { for: ["deploy"], when: logsSessions, actions: ["ecs:UpdateCluster"] },
    {
      for: facts.refreshesInstances ? ["deploy", "refresh"] : ["refresh"],
      when: facts.instanceClusters.length > 0,
      actions: [
        "autoscaling:CancelInstanceRefresh",
        "autoscaling:RollbackInstanceRefresh",
        "autoscaling:StartInstanceRefresh",
      ],
    },
    {
      for: ["deploy", "destroy"],
      when: hasClusters,
      actions: [
        "autoscaling:DeleteAutoScalingGroup",
        "autoscaling:DeletePolicy",
        "autoscaling:DeleteScheduledAction",
        "cloudwatch:DeleteAlarms",
        "ec2:DeleteKeyPair",
        "ec2:DeleteLaunchTemplate",
        "ecs:DeleteCluster",
        "ecs:DeregisterContainerInstance",
        "ecs:PutClusterCapacityProviders",
      ],
    },
    {
      for: ["deploy", "run"],
      when: hasTasks,
      actions: ["logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy", "logs:TagResource"],
    },
    {
      for: ["deploy", "run"],
      when: facts.tasks.some(({ logs }) => logs.kmsKey !== undefined),
      actions: ["logs:AssociateKmsKey"],
    },
    {
      for: ["deploy", "run"],
      when: facts.repositories.length > 0,
      actions: [
        "ecr:PutImageScanningConfiguration",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:TagResource",
      ],
    },
    { for: ["deploy", "destroy"], when: hasTasks, actions: ["ecr:DeleteRepository", "logs:DeleteLogGroup"] },
    {
      for: ["deploy", "destroy"],
      when: facts.jobs.length > 0,
      actions: ["scheduler:DeleteScheduleGroup"],
    },
    ...serviceChanges(hasDeployments, hasScaling || hasColors),
    {
      for: ["deploy"],
      when: hasBalancers,
      actions: [
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
      ],
    },
    {
      for: ["deploy"],
      when: facts.hasNetworkRoutes,
      actions: ["elasticloadbalancing:AddTags", "elasticloadbalancing:ModifyListener"],
    },
    {
      for: ["deploy"],
      when: facts.loadBalancers.some(({ answers }) => answers !== undefined),
      actions: ["elasticloadbalancing:ModifyRule", "elasticloadbalancing:SetRulePriorities"],
    },
    // Also those that an older description had.
    { for: ["deploy", "destroy"], when: hasBalancers, actions: ["elasticloadbalancing:DeleteRule"] },
    {
      for: ["deploy"],
      when:
        facts.hasAdditionalCertificates ||
        facts.domains.length > 0 ||
        facts.loadBalancers.some(({ listeners }) => listeners.some(({ certificate }) => certificate)),
      actions: ["elasticloadbalancing:AddListenerCertificates"],
    },
    ...certificateChanges(facts),
    ...connectChanges(facts),
    ...discoveryChanges(facts),
    { for: ["deploy"], when: facts.webAcls.length > 0, actions: ["elasticloadbalancing:SetWebACL"] },
    {
      for: ["deploy", "destroy"],
      when: hasBalancers || hasDeployments,
      actions: ["elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteLoadBalancer"],
    },
  ];
}
