import { OWNER_TAG } from "../aws/tags.js";
import {
  executionRoleName,
  instanceRoleName,
  scheduleRoleName,
  taskRoleName,
} from "../spec/derived-names.js";
import { both, type ActionGroup, type StatementInputs, type StatementToBuild } from "./statement.js";

/** What `{ adopt: true }` needs besides: to change and to tag what nothing of quayside owns. */
export function adoptions({
  facts,
  created,
  inRegion,
  iamArn,
  region,
  passedTo,
}: StatementInputs): readonly StatementToBuild[] {
  const isUnowned = { Null: { [`aws:ResourceTag/${OWNER_TAG}`]: "true" } };
  const inThisRegion = (nameOf: (name: string, region?: string) => string, name: string): string =>
    region === "*" ? `${nameOf(name)}*` : nameOf(name, region);
  const instanceRoles = facts.instanceClusters.flatMap(({ capacity, name }) =>
    capacity.type === "ec2" ? (capacity.instanceRole ?? inThisRegion(instanceRoleName, name)) : [],
  );
  const taskRoles = facts.tasks.flatMap(({ name }) => [
    inThisRegion(executionRoleName, name),
    inThisRegion(taskRoleName, name),
  ]);
  const scheduleRoles = facts.jobs.map(({ name }) => inThisRegion(scheduleRoleName, name));
  // The path of an adopted role is not known.
  const named = (type: string, names: readonly string[]): readonly string[] =>
    names.flatMap((name) => [iamArn(`${type}/${name}`), iamArn(`${type}/*/${name}`)]);
  return [
    {
      sid: "TagAdopted",
      groups: adopting(TAGGING),
      resources: ["*"],
      conditions: both(created, isUnowned),
    },
    {
      sid: "ChangeAdopted",
      groups: adopting(CHANGING),
      resources: ["*"],
      conditions: both(inRegion, isUnowned),
    },
    {
      sid: "ChangeAdoptedRoles",
      groups: adopting([
        "iam:AddRoleToInstanceProfile",
        "iam:AttachRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:TagRole",
        "iam:UpdateAssumeRolePolicy",
      ]),
      resources: [
        ...named("role", [...instanceRoles, ...taskRoles, ...scheduleRoles]),
        ...named("instance-profile", instanceRoles),
      ],
    },
    {
      sid: "PassAdoptedInstanceRoles",
      groups: adopting(["iam:PassRole"]),
      resources: named("role", instanceRoles),
      conditions: passedTo("ec2.amazonaws.com"),
    },
    {
      sid: "PassAdoptedTaskRoles",
      groups: adopting(["iam:PassRole"]),
      resources: named("role", taskRoles),
      conditions: passedTo("ecs-tasks.amazonaws.com"),
    },
    {
      sid: "PassAdoptedScheduleRoles",
      groups: adopting(["iam:PassRole"]),
      resources: named("role", scheduleRoles),
      conditions: passedTo("scheduler.amazonaws.com"),
    },
  ];
}

const adopting = (actions: readonly string[]): readonly ActionGroup[] => [{ for: ["adopt"], actions }];

const TAGGING = [
  "application-autoscaling:TagResource",
  "autoscaling:CreateOrUpdateTags",
  "cloudwatch:TagResource",
  "ec2:CreateTags",
  "ecr:TagResource",
  "ecs:TagResource",
  "elasticloadbalancing:AddTags",
  "logs:TagResource",
  "scheduler:TagResource",
];

const CHANGING = [
  "application-autoscaling:RegisterScalableTarget",
  "autoscaling:UpdateAutoScalingGroup",
  "cloudwatch:PutMetricAlarm",
  "ec2:AuthorizeSecurityGroupIngress",
  "ec2:CreateLaunchTemplateVersion",
  "ec2:RevokeSecurityGroupIngress",
  "ecr:PutImageScanningConfiguration",
  "ecr:PutImageTagMutability",
  "ecr:PutLifecyclePolicy",
  "ecs:PutClusterCapacityProviders",
  "ecs:UpdateCapacityProvider",
  "ecs:UpdateService",
  "elasticloadbalancing:ModifyListener",
  "elasticloadbalancing:ModifyLoadBalancerAttributes",
  "elasticloadbalancing:ModifyRule",
  "elasticloadbalancing:ModifyTargetGroup",
  "elasticloadbalancing:ModifyTargetGroupAttributes",
  "elasticloadbalancing:SetSecurityGroups",
  "elasticloadbalancing:SetSubnets",
  "logs:DeleteRetentionPolicy",
  "logs:PutRetentionPolicy",
];
