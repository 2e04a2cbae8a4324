import type { ServiceName } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf, iamArn, nameOf } from "../../core/arn.js";
import { onAll, passRole, type Requirement } from "../required-permission.js";
import { taggingAtCreate } from "../request-tags.js";

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys" of each service: which resource
 * an action is checked on. An action that is not listed there with a resource type is checked on `*`.
 */

type Input = Readonly<Record<string, unknown>>;
type Row = (input: Input, account: Account) => Requirement | readonly Requirement[];
type Rows = Readonly<Record<string, Row>>;

/** The same row for several operations. */
const each = (operations: string, row: Row): Rows =>
  Object.fromEntries(operations.split(" ").map((operation) => [operation, row]));

const text = (input: Input, member: string): string | undefined =>
  typeof input[member] === "string" ? input[member] : undefined;

const texts = (input: Input, member: string): readonly string[] => {
  const value = input[member];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
};

/** On the ARN that a member of the input is. */
const onArn =
  (member: string): Row =>
  (input) =>
    text(input, member) ?? "*";

/** On a resource of a service that a member names, by its name or its ARN; on any of them without one. */
const on =
  (service: string, type: string, member: string): Row =>
  (input, account) => {
    const name = text(input, member) ?? "*";
    return name.startsWith("arn:") ? name : arnOf(account, service, `${type}${name}`);
  };

/** On every EC2 resource that the input names. */
const EC2_MEMBERS: Readonly<Record<string, string>> = {
  SubnetId: "subnet",
  GroupId: "security-group",
  InstanceIds: "instance",
};
const ec2Named: Row = (input, account) =>
  Object.entries(EC2_MEMBERS).flatMap(([member, type]) =>
    [text(input, member) ?? texts(input, member)].flat().map((id) => arnOf(account, "ec2", `${type}/${id}`)),
  );

/** On what is created, with its tags, and on what the input names besides. */
const ec2Created =
  (...types: readonly string[]): Row =>
  (input, account) => {
    const created = types.map((type) => arnOf(account, "ec2", `${type}/*`));
    return [
      ...created,
      ...[ec2Named(input, account)].flat(),
      ...taggingAtCreate(input, "ec2:CreateTags", created[0]!),
    ];
  };

/** A launch passes the role of the instance profile. */
const ec2Launched: Row = (input, account) => {
  const { Name, Arn } = (input["IamInstanceProfile"] ?? {}) as {
    readonly Name?: string;
    readonly Arn?: string;
  };
  const name = (Name ?? (Arn && nameOf(Arn)))?.toLowerCase() ?? "";
  const role = account.iam.roles.get(account.iam.instanceProfiles.get(name)?.roleName?.toLowerCase() ?? "");
  const image = `arn:${account.partition}:ec2:${account.region}::image/${text(input, "ImageId") ?? "*"}`;
  const launched = ec2Created("instance", "network-interface", "volume")(input, account);
  return [...[launched].flat(), image, ...passRole(role?.arn, "ec2.amazonaws.com")];
};

const EC2: Rows = {
  ...each("describeTags describeRegions describeAccountAttributes describeInstanceStatus", onAll),
  ...each(
    "authorizeSecurityGroupEgress revokeSecurityGroupEgress modifySubnetAttribute terminateInstances startInstances " +
      "stopInstances rebootInstances",
    ec2Named,
  ),
  ...each("runInstances", ec2Launched),
  deleteTags: (input, account) => texts(input, "Resources").map(() => arnOf(account, "ec2", "*/*")),
};

const onGroup: Row = (input, account) => {
  const name = text(input, "AutoScalingGroupName") ?? "*";
  const known = account.autoScaling.groups.get(name)?.arn;
  return known ?? arnOf(account, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/${name}`);
};

/** On the launch configuration, with the role of its instance profile. */
const onLaunchConfiguration: Row = (input, account) => {
  const name = text(input, "LaunchConfigurationName") ?? "*";
  const profile = nameOf(text(input, "IamInstanceProfile") ?? "").toLowerCase();
  const role = account.iam.instanceProfiles.get(profile)?.roleName?.toLowerCase() ?? "";
  return [
    account.autoScaling.launchConfigurations.get(name)?.description.LaunchConfigurationARN ??
      arnOf(account, "autoscaling", `launchConfiguration:*:launchConfigurationName/${name}`),
    ...passRole(account.iam.roles.get(role)?.arn, "ec2.amazonaws.com"),
  ];
};

const AUTO_SCALING: Rows = {
  ...each("createLaunchConfiguration deleteLaunchConfiguration", onLaunchConfiguration),
  ...each(
    "describeAutoScalingInstances describeLoadBalancerTargetGroups describeTags describeAccountLimits " +
      "describeLaunchConfigurations describeAdjustmentTypes describeTerminationPolicyTypes",
    onAll,
  ),
  ...each(
    "enterStandby exitStandby attachInstances detachInstances setDesiredCapacity suspendProcesses resumeProcesses executePolicy attachLoadBalancerTargetGroups " +
      "detachLoadBalancerTargetGroups deleteTags terminateInstanceInAutoScalingGroup setInstanceHealth",
    onGroup,
  ),
};

const ECR: Rows = {
  ...each("describeRegistry", onAll),
  ...each(
    "putImage describeImages batchDeleteImage batchCheckLayerAvailability setRepositoryPolicy " +
      "getRepositoryPolicy deleteRepositoryPolicy deleteLifecyclePolicy",
    on("ecr", "repository/", "repositoryName"),
  ),
  untagResource: onArn("resourceArn"),
};

const onCluster = (member: string): Row => on("ecs", "cluster/", member);
const inCluster =
  (type: string, member: string): Row =>
  (input, account) => {
    const cluster = nameOf(text(input, "cluster") ?? "default");
    const all = texts(input, member);
    return (all.length === 0 ? ["*"] : all).map((id) =>
      id.startsWith("arn:") ? id : arnOf(account, "ecs", `${type}/${cluster}/${id}`),
    );
  };

/** The roles of a task definition: StartTask passes them to the tasks that it starts. */
function passedRoles({ ecs }: Account, reference = ""): readonly Requirement[] {
  const [family = "", revision] = nameOf(reference).split(":");
  const revisions = ecs.families.get(family)?.revisions ?? [];
  const found =
    revision === undefined
      ? revisions.at(-1)
      : revisions.find(({ description }) => String(description.revision) === revision);
  return [found?.description.taskRoleArn, found?.description.executionRoleArn].flatMap((arn) =>
    passRole(arn, "ecs-tasks.amazonaws.com"),
  );
}

const ECS: Rows = {
  ...each(
    "listAccountSettings putAccountSetting putAccountSettingDefault deleteAccountSetting listTaskDefinitionFamilies",
    onAll,
  ),
  listTagsForResource: onArn("resourceArn"),
  ...each(
    "updateCluster updateClusterSettings putAttributes deleteAttributes listAttributes",
    onCluster("cluster"),
  ),
  updateContainerInstancesState: inCluster("container-instance", "containerInstances"),
  startTask: (input, account) => [
    ...[on("ecs", "task-definition/", "taskDefinition")(input, account)].flat(),
    ...passedRoles(account, text(input, "taskDefinition")),
  ],
  ...each("updateTaskProtection getTaskProtection", inCluster("task", "tasks")),
};

const ELB: Rows = {
  ...each("describeListenerAttributes describeAccountLimits describeSSLPolicies", onAll),
  ...each("registerTargets deregisterTargets", onArn("TargetGroupArn")),
  ...each("setIpAddressType", onArn("LoadBalancerArn")),
  ...each("modifyListenerAttributes", onArn("ListenerArn")),
};

const onAlarm = on("cloudwatch", "alarm:", "AlarmName");
const CLOUDWATCH: Rows = {
  setAlarmState: onAlarm,
  describeAlarmHistory: onAlarm,
  ...each("enableAlarmActions disableAlarmActions", (input, account) =>
    texts(input, "AlarmNames").map((name) => arnOf(account, "cloudwatch", `alarm:${name}`)),
  ),
  ...each("describeAlarmsForMetric putMetricData getMetricStatistics getMetricData listMetrics", onAll),
  untagResource: onArn("ResourceARN"),
};

const onIam =
  (type: string, member: string): Row =>
  (input, account) => {
    const name = text(input, member) ?? "*";
    const known = {
      role: account.iam.roles,
      "instance-profile": account.iam.instanceProfiles,
      user: account.iam.users,
      group: account.iam.groups,
    }[type];
    return known?.get(name.toLowerCase())?.arn ?? iamArn(account, `${type}/${name}`);
  };

const IAM: Rows = {
  ...each(
    "listUsers listGroups listPolicies listInstanceProfiles listAccountAliases getAccountSummary",
    onAll,
  ),
  createPolicy: (input, account) => {
    const arn = iamArn(account, `policy${text(input, "Path") ?? "/"}${text(input, "PolicyName")}`);
    return [arn, ...taggingAtCreate(input, "iam:TagPolicy", arn)];
  },
  ...each(
    "getPolicy deletePolicy createPolicyVersion getPolicyVersion listPolicyVersions setDefaultPolicyVersion " +
      "deletePolicyVersion tagPolicy untagPolicy listPolicyTags listEntitiesForPolicy",
    onArn("PolicyArn"),
  ),
  ...each(
    "updateRoleDescription deleteRolePermissionsBoundary untagRole listRoleTags deleteServiceLinkedRole",
    onIam("role", "RoleName"),
  ),
  ...each("untagInstanceProfile listInstanceProfileTags", onIam("instance-profile", "InstanceProfileName")),
  getServiceLinkedRoleDeletionStatus: (_, account) => iamArn(account, "role/*"),
  ...each(
    "createUser getUser deleteUser tagUser untagUser listUserTags createAccessKey listAccessKeys updateAccessKey " +
      "deleteAccessKey listGroupsForUser attachUserPolicy detachUserPolicy listAttachedUserPolicies putUserPolicy getUserPolicy " +
      "listUserPolicies deleteUserPolicy",
    onIam("user", "UserName"),
  ),
  ...each(
    "createGroup getGroup updateGroup deleteGroup addUserToGroup removeUserFromGroup attachGroupPolicy " +
      "detachGroupPolicy listAttachedGroupPolicies putGroupPolicy getGroupPolicy listGroupPolicies deleteGroupPolicy",
    onIam("group", "GroupName"),
  ),
};

const onParameter: Row = (input, account) =>
  [text(input, "Name") ?? text(input, "Path") ?? texts(input, "Names")]
    .flat()
    .map((name) => arnOf(account, "ssm", `parameter/${name.replace(/^\//, "")}`));

const onLogGroup: Row = (input, account) =>
  arnOf(account, "logs", `log-group:${text(input, "logGroupName") ?? "*"}:log-stream:`);
const onLogStream: Row = (input, account) =>
  arnOf(
    account,
    "logs",
    `log-group:${text(input, "logGroupName") ?? "*"}:log-stream:${text(input, "logStreamName") ?? "*"}`,
  );

/** What the operations need that a person with the CLI has in the local cloud, and quayside itself does not call. */
export const BY_HAND: Readonly<Partial<Record<ServiceName, Rows>>> = {
  ec2: EC2,
  autoScaling: AUTO_SCALING,
  ecr: ECR,
  ecs: ECS,
  elb: ELB,
  cloudWatch: CLOUDWATCH,
  iam: IAM,
  applicationAutoScaling: { untagResource: onArn("ResourceARN") },
  scheduler: { listScheduleGroups: onAll, untagResource: onArn("ResourceArn") },
  ssm: {
    ...each("putParameter getParameters getParametersByPath deleteParameter", onParameter),
    describeParameters: onAll,
  },
  logs: {
    ...each("createLogStream listTagsLogGroup tagLogGroup untagLogGroup", onLogGroup),
    ...each("deleteLogStream putLogEvents getLogEvents", onLogStream),
    untagResource: onArn("resourceArn"),
  },
  route53: {
    createHostedZone: onAll,
    deleteHostedZone: (input, { partition }) =>
      `arn:${partition}:route53:::hostedzone/${(text(input, "Id") ?? "*").replace(/^\/hostedzone\//, "")}`,
  },
  serviceDiscovery: {
    ...each("getNamespace", on("servicediscovery", "namespace/", "Id")),
    ...each("registerInstance", on("servicediscovery", "service/", "ServiceId")),
    ...each("discoverInstances untagResource", onAll),
  },
  tagging: { getTagKeys: onAll, getTagValues: onAll },
  sts: { assumeRole: onArn("RoleArn"), getSessionToken: () => [] },
};
