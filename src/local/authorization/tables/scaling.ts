import type { ApplicationAutoScalingApi, AutoScalingApi, CloudWatchApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { onAll, passRole, type PermissionTable, type Requirement } from "../required-permission.js";
import { requestTagKeys, taggingAtCreate } from "../request-tags.js";

/** The ARN of a group has an id of its own. */
const group = (account: Account, name = "*"): string =>
  account.autoScaling.groups.get(name)?.arn ??
  arnOf(account, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${name}`);

const onGroup = (
  { AutoScalingGroupName }: { AutoScalingGroupName?: string | undefined },
  account: Account,
): string => group(account, AutoScalingGroupName);

/** What a launch of instances is checked on. */
const LAUNCHED = ["image", "instance", "network-interface", "security-group", "subnet", "volume"];

/**
 * What Auto Scaling checks when a group gets a launch template: that the caller may start its instances.
 * Source: EC2 Auto Scaling User Guide, "Permissions validation for ec2:RunInstances and iam:PassRole".
 */
function launching(account: Account, input: Launching) {
  const reference =
    input.LaunchTemplate ?? input.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  if (reference === undefined) return [];
  const { LaunchTemplateId: id, LaunchTemplateName: name } = reference;
  const template = [...account.ec2.launchTemplates.values()].find(
    (each) => each.id === id || each.name === name,
  );
  const ec2 = (resource: string): string => arnOf(account, "ec2", resource);
  const templateArn = ec2(`launch-template/${template?.id ?? "*"}`);
  const data = template?.versions.at(-1)?.data;
  const keys = { "ec2:LaunchTemplate": [templateArn], "ec2:IsLaunchTemplateResource": ["true"] };
  const resources = [templateArn, ...LAUNCHED.map((type) => ec2(`${type}/*`))];
  const profile = account.iam.instanceProfiles.get((data?.IamInstanceProfile?.Name ?? "").toLowerCase());
  const role = account.iam.roles.get((profile?.roleName ?? "").toLowerCase());
  return [
    ...resources.map((resource): Requirement => ({ action: "ec2:RunInstances", resource, keys })),
    ...(data?.TagSpecifications ?? []).map(({ ResourceType, Tags }): Requirement => ({
      action: "ec2:CreateTags",
      resource: ec2(`${ResourceType}/*`),
      keys: { ...requestTagKeys({ Tags }), "ec2:CreateAction": ["RunInstances"] },
    })),
    ...passRole(role?.arn, "ec2.amazonaws.com"),
  ];
}

interface Launching {
  readonly LaunchTemplate?: TemplateReference | undefined;
  readonly MixedInstancesPolicy?:
    | {
        readonly LaunchTemplate?:
          { readonly LaunchTemplateSpecification?: TemplateReference | undefined } | undefined;
      }
    | undefined;
}

interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2 Auto Scaling". */
export const AUTO_SCALING: PermissionTable<AutoScalingApi> = {
  createAutoScalingGroup: (input, account) => [
    onGroup(input, account),
    ...taggingAtCreate(input, "autoscaling:CreateOrUpdateTags", onGroup(input, account)),
    ...launching(account, input),
  ],
  describeAutoScalingGroups: onAll,
  updateAutoScalingGroup: (input, account) => [onGroup(input, account), ...launching(account, input)],
  deleteAutoScalingGroup: onGroup,
  describeScalingActivities: onAll,
  createOrUpdateTags: ({ Tags = [] }, account) => [
    ...new Set(Tags.map(({ ResourceId }) => group(account, ResourceId))),
  ],
  putScalingPolicy: onGroup,
  describePolicies: onAll,
  deletePolicy: onGroup,
  putScheduledUpdateGroupAction: onGroup,
  describeScheduledActions: onAll,
  deleteScheduledAction: onGroup,
  setInstanceProtection: onGroup,
  startInstanceRefresh: (input, account) => [
    onGroup(input, account),
    ...launching(account, input.DesiredConfiguration ?? {}),
  ],
  describeInstanceRefreshes: onAll,
  cancelInstanceRefresh: onGroup,
  rollbackInstanceRefresh: onGroup,
};

interface TargetReference {
  readonly ResourceId?: string | undefined;
}

const target = (account: Account, { ResourceId = "" }: TargetReference): string =>
  account.applicationAutoScaling.scalableTargets.get(ResourceId)?.ScalableTargetARN ??
  arnOf(account, "application-autoscaling", "scalable-target/*");

const onTarget =
  (operation: string) =>
  (input: TargetReference, account: Account): Requirement[] => [
    {
      action: `application-autoscaling:${operation}`,
      resource: target(account, input),
      keys: { "application-autoscaling:service-namespace": ["ecs"] },
    },
  ];

/**
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Application Auto
 * Scaling"; its User Guide, "Permissions validation for Application Auto Scaling API calls on target resources".
 */
export const APPLICATION_AUTO_SCALING: PermissionTable<ApplicationAutoScalingApi> = {
  registerScalableTarget: (input, account) => {
    const [, cluster, service] = (input.ResourceId ?? "").split("/");
    const ecs = arnOf(account, "ecs", `service/${cluster}/${service}`);
    return [
      ...onTarget("RegisterScalableTarget")(input, account),
      ...taggingAtCreate(input, "application-autoscaling:TagResource", target(account, input)),
      { action: "ecs:DescribeServices", resource: ecs },
      { action: "ecs:UpdateService", resource: ecs },
    ];
  },
  deregisterScalableTarget: onTarget("DeregisterScalableTarget"),
  putScalingPolicy: (input, account) => [
    ...onTarget("PutScalingPolicy")(input, account),
    { action: "cloudwatch:DescribeAlarms", resource: arnOf(account, "cloudwatch", "alarm:*") },
  ],
  describeScalingPolicies: onAll,
  deleteScalingPolicy: onTarget("DeleteScalingPolicy"),
  putScheduledAction: onTarget("PutScheduledAction"),
  describeScheduledActions: onAll,
  deleteScheduledAction: onTarget("DeleteScheduledAction"),
  describeScalingActivities: onAll,
  listTagsForResource: ({ ResourceARN = "*" }) => ResourceARN,
  tagResource: ({ ResourceARN = "*" }) => ResourceARN,
  describeScalableTargets: onAll,
};

const alarm = (account: Account, name = "*"): string => arnOf(account, "cloudwatch", `alarm:${name}`);

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch". */
export const CLOUDWATCH: PermissionTable<CloudWatchApi> = {
  putMetricAlarm: (input, account) => [
    alarm(account, input.AlarmName),
    ...taggingAtCreate(input, "cloudwatch:TagResource", alarm(account, input.AlarmName)),
  ],
  describeAlarms: ({ AlarmNames }, account) =>
    AlarmNames?.map((name) => alarm(account, name)) ?? alarm(account),
  deleteAlarms: ({ AlarmNames = [] }, account) => AlarmNames.map((name) => alarm(account, name)),
  listTagsForResource: ({ ResourceARN = "*" }) => ResourceARN,
  tagResource: ({ ResourceARN = "*" }) => ResourceARN,
};
