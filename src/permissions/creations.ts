import { createInNetworks, networkCreateActions, networkCreations } from "./network-parts.js";
import { connectCreations } from "./connect-permissions.js";
import { discoveryCreations } from "./discovery-permissions.js";
import { both, type ActionGroup, type StatementInputs, type StatementToBuild } from "./statement.js";

/** What is created, always with the tag of its owner. */
export function creations(inputs: StatementInputs): readonly StatementToBuild[] {
  const { facts, arnOf, created, inRegion } = inputs;
  const creatingActions = (service: string, actions: readonly string[]) =>
    both(created, { StringEquals: { [`${service}:CreateAction`]: actions } });
  const hasTasks = facts.tasks.length > 0;
  return [
    {
      sid: "RequestCertificates",
      groups: [
        {
          for: ["deploy"],
          when: facts.domains.length > 0,
          actions: ["acm:AddTagsToCertificate", "acm:RequestCertificate"],
        },
      ],
      resources: ["*"],
      conditions: created,
    },
    { sid: "Create", groups: createdByTag(inputs), resources: ["*"], conditions: created },
    {
      sid: "TagCreatedInEcs",
      groups: [{ for: ["deploy", "run"], when: facts.clusters.length > 0, actions: ["ecs:TagResource"] }],
      resources: ["*"],
      conditions: creatingActions("ecs", [
        "CreateCluster",
        ...(facts.instanceClusters.length + facts.managedClusters.length > 0
          ? ["CreateCapacityProvider"]
          : []),
        ...(facts.deployments.length > 0 ? ["CreateService"] : []),
        ...(hasTasks ? ["RegisterTaskDefinition", "RunTask"] : []),
      ]),
    },
    {
      sid: "TagCreatedInEc2",
      groups: [{ for: ["deploy", "run"], actions: ["ec2:CreateTags"] }],
      resources: ["*"],
      conditions: creatingActions("ec2", [
        "AuthorizeSecurityGroupIngress",
        "CreateKeyPair",
        "CreateLaunchTemplate",
        "CreateSecurityGroup",
        "RunInstances",
        ...networkCreateActions(facts),
      ]),
    },
    {
      sid: "TagCreatedInElb",
      groups: [
        {
          for: ["deploy", "release"],
          when: facts.loadBalancers.length > 0 || facts.hasRoutes || facts.hasNetworkRoutes,
          actions: ["elasticloadbalancing:AddTags"],
        },
      ],
      resources: ["*"],
      conditions: creatingActions("elasticloadbalancing", [
        "CreateListener",
        "CreateLoadBalancer",
        "CreateRule",
        "CreateTargetGroup",
      ]),
    },
    {
      sid: "CreateGroups",
      groups: [
        {
          for: ["deploy"],
          actions: ["autoscaling:CreateAutoScalingGroup", "autoscaling:CreateOrUpdateTags"],
        },
      ],
      resources: facts.groupNames.map((name) =>
        arnOf("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${name}`),
      ),
      conditions: created,
    },
    {
      sid: "CreateLogGroups",
      groups: [{ for: ["deploy", "run"], actions: ["logs:CreateLogGroup", "logs:TagResource"] }],
      resources: facts.logGroups.flatMap((group) => [
        arnOf("logs", `log-group:${group}`),
        arnOf("logs", `log-group:${group}:*`),
      ]),
      conditions: created,
    },
    {
      sid: "CreateRepositories",
      groups: [{ for: ["deploy", "run"], actions: ["ecr:CreateRepository", "ecr:TagResource"] }],
      resources: facts.repositories.map((name) => arnOf("ecr", `repository/${name}`)),
      conditions: created,
    },
    {
      sid: "PushImages",
      groups: [
        {
          for: ["deploy", "run"],
          actions: [
            "ecr:BatchCheckLayerAvailability",
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
          ],
        },
      ],
      resources: facts.repositories.map((name) => arnOf("ecr", `repository/${name}`)),
    },
    {
      sid: "CreateScheduleGroups",
      groups: [
        {
          for: ["deploy"],
          when: facts.jobs.some(({ schedule }) => schedule !== undefined),
          actions: ["scheduler:CreateScheduleGroup", "scheduler:TagResource"],
        },
      ],
      resources: facts.scheduleGroups.map((name) => arnOf("scheduler", `schedule-group/${name}`)),
      conditions: created,
    },
    ...createInNetworks(inputs),
    {
      // EC2 checks the creation of a security group also on its VPC.
      sid: "CreateSecurityGroupsInVpcs",
      groups: [{ for: ["deploy", "run"], actions: ["ec2:CreateSecurityGroup"] }],
      resources: [arnOf("ec2", "vpc/*")],
    },
    {
      // Auto Scaling checks that the caller may start the instances of a group.
      sid: "StartInstancesFromTemplates",
      groups: [{ for: ["deploy"], when: facts.instanceClusters.length > 0, actions: ["ec2:RunInstances"] }],
      resources: ["*"],
      conditions: both(inRegion, { ArnLike: { "ec2:LaunchTemplate": arnOf("ec2", "launch-template/*") } }),
    },
  ];
}

function createdByTag({ facts }: StatementInputs): readonly ActionGroup[] {
  const { deployments, instanceClusters } = facts;
  const hasScaling = deployments.some(({ scaling }) => scaling !== undefined);
  const scalesInSteps =
    deployments.some(({ scaling }) => (scaling?.policies.length ?? 0) > 0) ||
    instanceClusters.some(({ capacity }) => capacity.type === "ec2" && capacity.scaling?.by === "steps");
  return [
    {
      for: ["deploy", "run"],
      when: facts.clusters.some(({ claim }) => claim !== "existing"),
      actions: ["ecs:CreateCluster"],
    },
    {
      for: ["deploy"],
      when: instanceClusters.length > 0,
      actions: ["ec2:CreateLaunchTemplate", "ecs:CreateCapacityProvider"],
    },
    { for: ["deploy"], when: facts.managedClusters.length > 0, actions: ["ecs:CreateCapacityProvider"] },
    {
      for: ["deploy"],
      when: instanceClusters.some(
        ({ capacity }) => capacity.type === "ec2" && capacity.keyPair?.createTo !== undefined,
      ),
      actions: ["ec2:CreateKeyPair"],
    },
    ...connectCreations(facts),
    ...discoveryCreations(facts),
    { for: ["deploy", "run"], actions: ["ec2:CreateSecurityGroup"] },
    ...networkCreations(facts),
    { for: ["deploy", "run"], when: facts.tasks.length > 0, actions: ["ecs:RegisterTaskDefinition"] },
    { for: ["deploy"], when: deployments.length > 0, actions: ["ecs:CreateService"] },
    {
      for: ["deploy"],
      when: facts.loadBalancers.length > 0,
      actions: ["elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateLoadBalancer"],
    },
    {
      for: ["deploy"],
      when: facts.hasRoutes || facts.loadBalancers.some(({ answers }) => answers !== undefined),
      actions: ["elasticloadbalancing:CreateRule"],
    },
    { for: ["deploy"], when: facts.hasRoutes, actions: ["elasticloadbalancing:CreateTargetGroup"] },
    {
      for: ["deploy"],
      when: facts.hasNetworkRoutes,
      actions: ["elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateTargetGroup"],
    },
    {
      for: ["deploy"],
      when: hasScaling,
      actions: ["application-autoscaling:RegisterScalableTarget", "application-autoscaling:TagResource"],
    },
    {
      for: ["deploy"],
      when: scalesInSteps,
      actions: ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
    },
  ];
}
