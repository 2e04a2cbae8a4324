import type * as Acm from "@aws-sdk/client-acm";
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type * as Ec2 from "@aws-sdk/client-ec2";
import type * as Ecs from "@aws-sdk/client-ecs";
import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as Iam from "@aws-sdk/client-iam";
import type * as Tagging from "@aws-sdk/client-resource-groups-tagging-api";
import type * as Scheduler from "@aws-sdk/client-scheduler";
import type * as Ssm from "@aws-sdk/client-ssm";
import type { EcrPort } from "./ecr-port.js";
import type { Operation } from "./operation.js";
import type { ApplicationAutoScalingPort, AutoScalingPort, CloudWatchPort } from "./scaling-ports.js";

export type { Operation } from "./operation.js";
export type { ApplicationAutoScalingPort, AutoScalingPort, CloudWatchPort } from "./scaling-ports.js";

/*
 * The calls that quayside makes, and no others: what an implementation of AWS has to answer.
 * Method names are the SDK's (`createCluster` sends `CreateClusterCommand`).
 */

export interface EcsPort {
  createCluster: Operation<Ecs.CreateClusterCommandInput, Ecs.CreateClusterCommandOutput>;
  describeClusters: Operation<Ecs.DescribeClustersCommandInput, Ecs.DescribeClustersCommandOutput>;
  putClusterCapacityProviders: Operation<
    Ecs.PutClusterCapacityProvidersCommandInput,
    Ecs.PutClusterCapacityProvidersCommandOutput
  >;
  deleteCluster: Operation<Ecs.DeleteClusterCommandInput, Ecs.DeleteClusterCommandOutput>;
  createCapacityProvider: Operation<
    Ecs.CreateCapacityProviderCommandInput,
    Ecs.CreateCapacityProviderCommandOutput
  >;
  describeCapacityProviders: Operation<
    Ecs.DescribeCapacityProvidersCommandInput,
    Ecs.DescribeCapacityProvidersCommandOutput
  >;
  updateCapacityProvider: Operation<
    Ecs.UpdateCapacityProviderCommandInput,
    Ecs.UpdateCapacityProviderCommandOutput
  >;
  deleteCapacityProvider: Operation<
    Ecs.DeleteCapacityProviderCommandInput,
    Ecs.DeleteCapacityProviderCommandOutput
  >;
  registerContainerInstance: Operation<
    Ecs.RegisterContainerInstanceCommandInput,
    Ecs.RegisterContainerInstanceCommandOutput
  >;
  listContainerInstances: Operation<
    Ecs.ListContainerInstancesCommandInput,
    Ecs.ListContainerInstancesCommandOutput
  >;
  describeContainerInstances: Operation<
    Ecs.DescribeContainerInstancesCommandInput,
    Ecs.DescribeContainerInstancesCommandOutput
  >;
  deregisterContainerInstance: Operation<
    Ecs.DeregisterContainerInstanceCommandInput,
    Ecs.DeregisterContainerInstanceCommandOutput
  >;
  registerTaskDefinition: Operation<
    Ecs.RegisterTaskDefinitionCommandInput,
    Ecs.RegisterTaskDefinitionCommandOutput
  >;
  describeTaskDefinition: Operation<
    Ecs.DescribeTaskDefinitionCommandInput,
    Ecs.DescribeTaskDefinitionCommandOutput
  >;
  listTaskDefinitions: Operation<Ecs.ListTaskDefinitionsCommandInput, Ecs.ListTaskDefinitionsCommandOutput>;
  deregisterTaskDefinition: Operation<
    Ecs.DeregisterTaskDefinitionCommandInput,
    Ecs.DeregisterTaskDefinitionCommandOutput
  >;
  deleteTaskDefinitions: Operation<
    Ecs.DeleteTaskDefinitionsCommandInput,
    Ecs.DeleteTaskDefinitionsCommandOutput
  >;
  createService: Operation<Ecs.CreateServiceCommandInput, Ecs.CreateServiceCommandOutput>;
  describeServices: Operation<Ecs.DescribeServicesCommandInput, Ecs.DescribeServicesCommandOutput>;
  listServices: Operation<Ecs.ListServicesCommandInput, Ecs.ListServicesCommandOutput>;
  updateService: Operation<Ecs.UpdateServiceCommandInput, Ecs.UpdateServiceCommandOutput>;
  deleteService: Operation<Ecs.DeleteServiceCommandInput, Ecs.DeleteServiceCommandOutput>;
  listServiceDeployments: Operation<
    Ecs.ListServiceDeploymentsCommandInput,
    Ecs.ListServiceDeploymentsCommandOutput
  >;
  describeServiceDeployments: Operation<
    Ecs.DescribeServiceDeploymentsCommandInput,
    Ecs.DescribeServiceDeploymentsCommandOutput
  >;
  stopServiceDeployment: Operation<
    Ecs.StopServiceDeploymentCommandInput,
    Ecs.StopServiceDeploymentCommandOutput
  >;
  describeServiceRevisions: Operation<
    Ecs.DescribeServiceRevisionsCommandInput,
    Ecs.DescribeServiceRevisionsCommandOutput
  >;
  runTask: Operation<Ecs.RunTaskCommandInput, Ecs.RunTaskCommandOutput>;
  executeCommand: Operation<Ecs.ExecuteCommandCommandInput, Ecs.ExecuteCommandCommandOutput>;
  listTasks: Operation<Ecs.ListTasksCommandInput, Ecs.ListTasksCommandOutput>;
  describeTasks: Operation<Ecs.DescribeTasksCommandInput, Ecs.DescribeTasksCommandOutput>;
  stopTask: Operation<Ecs.StopTaskCommandInput, Ecs.StopTaskCommandOutput>;
  tagResource: Operation<Ecs.TagResourceCommandInput, Ecs.TagResourceCommandOutput>;
  untagResource: Operation<Ecs.UntagResourceCommandInput, Ecs.UntagResourceCommandOutput>;
}

export interface Ec2Port {
  describeRouteTables: Operation<Ec2.DescribeRouteTablesCommandInput, Ec2.DescribeRouteTablesCommandOutput>;
  describeVpcs: Operation<Ec2.DescribeVpcsCommandInput, Ec2.DescribeVpcsCommandOutput>;
  describeSubnets: Operation<Ec2.DescribeSubnetsCommandInput, Ec2.DescribeSubnetsCommandOutput>;
  describeInstanceTypes: Operation<
    Ec2.DescribeInstanceTypesCommandInput,
    Ec2.DescribeInstanceTypesCommandOutput
  >;
  describeInstanceTypeOfferings: Operation<
    Ec2.DescribeInstanceTypeOfferingsCommandInput,
    Ec2.DescribeInstanceTypeOfferingsCommandOutput
  >;
  describeInstances: Operation<Ec2.DescribeInstancesCommandInput, Ec2.DescribeInstancesCommandOutput>;
  createSecurityGroup: Operation<Ec2.CreateSecurityGroupCommandInput, Ec2.CreateSecurityGroupCommandOutput>;
  describeSecurityGroups: Operation<
    Ec2.DescribeSecurityGroupsCommandInput,
    Ec2.DescribeSecurityGroupsCommandOutput
  >;
  describeSecurityGroupRules: Operation<
    Ec2.DescribeSecurityGroupRulesCommandInput,
    Ec2.DescribeSecurityGroupRulesCommandOutput
  >;
  authorizeSecurityGroupIngress: Operation<
    Ec2.AuthorizeSecurityGroupIngressCommandInput,
    Ec2.AuthorizeSecurityGroupIngressCommandOutput
  >;
  revokeSecurityGroupIngress: Operation<
    Ec2.RevokeSecurityGroupIngressCommandInput,
    Ec2.RevokeSecurityGroupIngressCommandOutput
  >;
  deleteSecurityGroup: Operation<Ec2.DeleteSecurityGroupCommandInput, Ec2.DeleteSecurityGroupCommandOutput>;
  describeNetworkInterfaces: Operation<
    Ec2.DescribeNetworkInterfacesCommandInput,
    Ec2.DescribeNetworkInterfacesCommandOutput
  >;
  createKeyPair: Operation<Ec2.CreateKeyPairCommandInput, Ec2.CreateKeyPairCommandOutput>;
  describeKeyPairs: Operation<Ec2.DescribeKeyPairsCommandInput, Ec2.DescribeKeyPairsCommandOutput>;
  deleteKeyPair: Operation<Ec2.DeleteKeyPairCommandInput, Ec2.DeleteKeyPairCommandOutput>;
  createLaunchTemplate: Operation<
    Ec2.CreateLaunchTemplateCommandInput,
    Ec2.CreateLaunchTemplateCommandOutput
  >;
  createLaunchTemplateVersion: Operation<
    Ec2.CreateLaunchTemplateVersionCommandInput,
    Ec2.CreateLaunchTemplateVersionCommandOutput
  >;
  describeLaunchTemplates: Operation<
    Ec2.DescribeLaunchTemplatesCommandInput,
    Ec2.DescribeLaunchTemplatesCommandOutput
  >;
  describeLaunchTemplateVersions: Operation<
    Ec2.DescribeLaunchTemplateVersionsCommandInput,
    Ec2.DescribeLaunchTemplateVersionsCommandOutput
  >;
  deleteLaunchTemplate: Operation<
    Ec2.DeleteLaunchTemplateCommandInput,
    Ec2.DeleteLaunchTemplateCommandOutput
  >;
  createTags: Operation<Ec2.CreateTagsCommandInput, Ec2.CreateTagsCommandOutput>;
}

export interface IamPort {
  createRole: Operation<Iam.CreateRoleCommandInput, Iam.CreateRoleCommandOutput>;
  getRole: Operation<Iam.GetRoleCommandInput, Iam.GetRoleCommandOutput>;
  updateAssumeRolePolicy: Operation<
    Iam.UpdateAssumeRolePolicyCommandInput,
    Iam.UpdateAssumeRolePolicyCommandOutput
  >;
  deleteRole: Operation<Iam.DeleteRoleCommandInput, Iam.DeleteRoleCommandOutput>;
  tagRole: Operation<Iam.TagRoleCommandInput, Iam.TagRoleCommandOutput>;
  attachRolePolicy: Operation<Iam.AttachRolePolicyCommandInput, Iam.AttachRolePolicyCommandOutput>;
  detachRolePolicy: Operation<Iam.DetachRolePolicyCommandInput, Iam.DetachRolePolicyCommandOutput>;
  listAttachedRolePolicies: Operation<
    Iam.ListAttachedRolePoliciesCommandInput,
    Iam.ListAttachedRolePoliciesCommandOutput
  >;
  putRolePolicy: Operation<Iam.PutRolePolicyCommandInput, Iam.PutRolePolicyCommandOutput>;
  getRolePolicy: Operation<Iam.GetRolePolicyCommandInput, Iam.GetRolePolicyCommandOutput>;
  listRolePolicies: Operation<Iam.ListRolePoliciesCommandInput, Iam.ListRolePoliciesCommandOutput>;
  deleteRolePolicy: Operation<Iam.DeleteRolePolicyCommandInput, Iam.DeleteRolePolicyCommandOutput>;
  listRoles: Operation<Iam.ListRolesCommandInput, Iam.ListRolesCommandOutput>;
  createInstanceProfile: Operation<
    Iam.CreateInstanceProfileCommandInput,
    Iam.CreateInstanceProfileCommandOutput
  >;
  getInstanceProfile: Operation<Iam.GetInstanceProfileCommandInput, Iam.GetInstanceProfileCommandOutput>;
  deleteInstanceProfile: Operation<
    Iam.DeleteInstanceProfileCommandInput,
    Iam.DeleteInstanceProfileCommandOutput
  >;
  tagInstanceProfile: Operation<Iam.TagInstanceProfileCommandInput, Iam.TagInstanceProfileCommandOutput>;
  addRoleToInstanceProfile: Operation<
    Iam.AddRoleToInstanceProfileCommandInput,
    Iam.AddRoleToInstanceProfileCommandOutput
  >;
  removeRoleFromInstanceProfile: Operation<
    Iam.RemoveRoleFromInstanceProfileCommandInput,
    Iam.RemoveRoleFromInstanceProfileCommandOutput
  >;
  listInstanceProfilesForRole: Operation<
    Iam.ListInstanceProfilesForRoleCommandInput,
    Iam.ListInstanceProfilesForRoleCommandOutput
  >;
}

export interface SsmPort {
  getParameter: Operation<Ssm.GetParameterCommandInput, Ssm.GetParameterCommandOutput>;
}

export interface LogsPort {
  createLogGroup: Operation<Logs.CreateLogGroupCommandInput, Logs.CreateLogGroupCommandOutput>;
  describeLogGroups: Operation<Logs.DescribeLogGroupsCommandInput, Logs.DescribeLogGroupsCommandOutput>;
  putRetentionPolicy: Operation<Logs.PutRetentionPolicyCommandInput, Logs.PutRetentionPolicyCommandOutput>;
  deleteRetentionPolicy: Operation<
    Logs.DeleteRetentionPolicyCommandInput,
    Logs.DeleteRetentionPolicyCommandOutput
  >;
  deleteLogGroup: Operation<Logs.DeleteLogGroupCommandInput, Logs.DeleteLogGroupCommandOutput>;
  listTagsForResource: Operation<Logs.ListTagsForResourceCommandInput, Logs.ListTagsForResourceCommandOutput>;
  tagResource: Operation<Logs.TagResourceCommandInput, Logs.TagResourceCommandOutput>;
  filterLogEvents: Operation<Logs.FilterLogEventsCommandInput, Logs.FilterLogEventsCommandOutput>;
}

export interface ElbPort {
  createLoadBalancer: Operation<Elb.CreateLoadBalancerCommandInput, Elb.CreateLoadBalancerCommandOutput>;
  describeLoadBalancers: Operation<
    Elb.DescribeLoadBalancersCommandInput,
    Elb.DescribeLoadBalancersCommandOutput
  >;
  setSecurityGroups: Operation<Elb.SetSecurityGroupsCommandInput, Elb.SetSecurityGroupsCommandOutput>;
  setSubnets: Operation<Elb.SetSubnetsCommandInput, Elb.SetSubnetsCommandOutput>;
  deleteLoadBalancer: Operation<Elb.DeleteLoadBalancerCommandInput, Elb.DeleteLoadBalancerCommandOutput>;
  createTargetGroup: Operation<Elb.CreateTargetGroupCommandInput, Elb.CreateTargetGroupCommandOutput>;
  describeTargetGroups: Operation<
    Elb.DescribeTargetGroupsCommandInput,
    Elb.DescribeTargetGroupsCommandOutput
  >;
  modifyTargetGroup: Operation<Elb.ModifyTargetGroupCommandInput, Elb.ModifyTargetGroupCommandOutput>;
  describeTargetGroupAttributes: Operation<
    Elb.DescribeTargetGroupAttributesCommandInput,
    Elb.DescribeTargetGroupAttributesCommandOutput
  >;
  modifyTargetGroupAttributes: Operation<
    Elb.ModifyTargetGroupAttributesCommandInput,
    Elb.ModifyTargetGroupAttributesCommandOutput
  >;
  deleteTargetGroup: Operation<Elb.DeleteTargetGroupCommandInput, Elb.DeleteTargetGroupCommandOutput>;
  describeTargetHealth: Operation<
    Elb.DescribeTargetHealthCommandInput,
    Elb.DescribeTargetHealthCommandOutput
  >;
  createListener: Operation<Elb.CreateListenerCommandInput, Elb.CreateListenerCommandOutput>;
  describeListeners: Operation<Elb.DescribeListenersCommandInput, Elb.DescribeListenersCommandOutput>;
  modifyListener: Operation<Elb.ModifyListenerCommandInput, Elb.ModifyListenerCommandOutput>;
  deleteListener: Operation<Elb.DeleteListenerCommandInput, Elb.DeleteListenerCommandOutput>;
  createRule: Operation<Elb.CreateRuleCommandInput, Elb.CreateRuleCommandOutput>;
  describeRules: Operation<Elb.DescribeRulesCommandInput, Elb.DescribeRulesCommandOutput>;
  modifyRule: Operation<Elb.ModifyRuleCommandInput, Elb.ModifyRuleCommandOutput>;
  setRulePriorities: Operation<Elb.SetRulePrioritiesCommandInput, Elb.SetRulePrioritiesCommandOutput>;
  deleteRule: Operation<Elb.DeleteRuleCommandInput, Elb.DeleteRuleCommandOutput>;
  describeTags: Operation<Elb.DescribeTagsCommandInput, Elb.DescribeTagsCommandOutput>;
  addTags: Operation<Elb.AddTagsCommandInput, Elb.AddTagsCommandOutput>;
  removeTags: Operation<Elb.RemoveTagsCommandInput, Elb.RemoveTagsCommandOutput>;
}

export interface TaggingPort {
  getResources: Operation<Tagging.GetResourcesCommandInput, Tagging.GetResourcesCommandOutput>;
}

/** EventBridge Scheduler. */
export interface SchedulerPort {
  createScheduleGroup: Operation<
    Scheduler.CreateScheduleGroupCommandInput,
    Scheduler.CreateScheduleGroupCommandOutput
  >;
  getScheduleGroup: Operation<
    Scheduler.GetScheduleGroupCommandInput,
    Scheduler.GetScheduleGroupCommandOutput
  >;
  deleteScheduleGroup: Operation<
    Scheduler.DeleteScheduleGroupCommandInput,
    Scheduler.DeleteScheduleGroupCommandOutput
  >;
  createSchedule: Operation<Scheduler.CreateScheduleCommandInput, Scheduler.CreateScheduleCommandOutput>;
  getSchedule: Operation<Scheduler.GetScheduleCommandInput, Scheduler.GetScheduleCommandOutput>;
  updateSchedule: Operation<Scheduler.UpdateScheduleCommandInput, Scheduler.UpdateScheduleCommandOutput>;
  deleteSchedule: Operation<Scheduler.DeleteScheduleCommandInput, Scheduler.DeleteScheduleCommandOutput>;
  listSchedules: Operation<Scheduler.ListSchedulesCommandInput, Scheduler.ListSchedulesCommandOutput>;
  listTagsForResource: Operation<
    Scheduler.ListTagsForResourceCommandInput,
    Scheduler.ListTagsForResourceCommandOutput
  >;
  tagResource: Operation<Scheduler.TagResourceCommandInput, Scheduler.TagResourceCommandOutput>;
}

export interface AcmPort {
  listCertificates: Operation<Acm.ListCertificatesCommandInput, Acm.ListCertificatesCommandOutput>;
  describeCertificate: Operation<Acm.DescribeCertificateCommandInput, Acm.DescribeCertificateCommandOutput>;
}

/** AWS, as far as quayside uses it. */
export interface AwsPorts {
  readonly ecs: EcsPort;
  readonly ec2: Ec2Port;
  readonly ecr: EcrPort;
  readonly elb: ElbPort;
  readonly autoScaling: AutoScalingPort;
  readonly applicationAutoScaling: ApplicationAutoScalingPort;
  readonly cloudWatch: CloudWatchPort;
  readonly iam: IamPort;
  readonly ssm: SsmPort;
  readonly logs: LogsPort;
  readonly tagging: TaggingPort;
  readonly scheduler: SchedulerPort;
  readonly acm: AcmPort;
}

export type ServiceName = keyof AwsPorts;
