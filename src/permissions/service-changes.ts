import type { ActionGroup } from "./statement.js";

/** The changes of services, their traffic and their scaling. */
export const serviceChanges = (when: boolean, hasScaling: boolean): readonly ActionGroup[] => [
  {
    for: ["deploy", "release", "rollback"],
    when,
    actions: ["ecs:TagResource", "ecs:UntagResource", "ecs:UpdateService"],
  },
  { for: ["deploy", "rollback", "release"], when, actions: ["ecs:StopServiceDeployment"] },
  { for: ["deploy", "destroy", "release"], when, actions: ["ecs:DeleteService"] },
  {
    for: ["deploy", "release", "rollback"],
    when,
    actions: [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:SetRulePriorities",
    ],
  },
  { for: ["deploy"], when, actions: ["elasticloadbalancing:ModifyTargetGroup"] },
  {
    for: ["deploy", "destroy", "release"],
    when,
    actions: [
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RemoveTags",
    ],
  },
  {
    for: ["deploy", "release", "rollback"],
    when: when && hasScaling,
    actions: [
      "application-autoscaling:PutScalingPolicy",
      "application-autoscaling:PutScheduledAction",
      "application-autoscaling:RegisterScalableTarget",
      "application-autoscaling:TagResource",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
    ],
  },
  {
    for: ["deploy", "destroy", "release"],
    when,
    actions: [
      "application-autoscaling:DeleteScalingPolicy",
      "application-autoscaling:DeleteScheduledAction",
      "application-autoscaling:DeregisterScalableTarget",
      "cloudwatch:DeleteAlarms",
    ],
  },
];
