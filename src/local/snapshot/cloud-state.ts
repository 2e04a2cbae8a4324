import type { LoadBalancerState } from "./load-balancer-state.js";
import type { NetworkPartsState } from "./network-parts-state.js";
import type { CertificateState, DnsRecordState, NamespaceState } from "./domains.js";
import type { ScalableTargetState, ScalingPolicyState, ScheduledActionState } from "./scaling-state.js";
import type { ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import type { Dimension } from "@aws-sdk/client-cloudwatch";
import type {
  CapacityProviderStrategyItem,
  CreateManagedInstancesProviderConfiguration,
  ClusterConfiguration,
  ClusterSetting,
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
  PlacementStrategy,
  RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";
import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";

/** Resources of one kind, by name. */
export type ResourcesByName<Resource> = Readonly<Record<string, Resource>>;

export interface TaggedState {
  readonly tags: Readonly<Record<string, string>>;
}

export interface VpcState extends TaggedState {
  readonly cidr: string;
  readonly isDefault: boolean;
  readonly subnets: readonly (TaggedState & { readonly zone: string; readonly cidr: string })[];
}

export interface SecurityGroupState extends TaggedState {
  readonly description: string;
  readonly vpcId: string;
  /** Each as a line: `in from 0.0.0.0/0: tcp 80-80`. */
  readonly rules: readonly string[];
}

export interface NetworkInterfaceState {
  readonly description: string;
  readonly requester: string;
  readonly subnetId: string;
  readonly groupIds: readonly string[];
}

export interface LaunchTemplateState extends TaggedState {
  /** The number of its versions. */
  readonly versions: number;
  /** The data of its latest version. */
  readonly latest?: RequestLaunchTemplateData | undefined;
}

export interface InstanceState extends TaggedState {
  readonly instanceType: string;
  readonly imageId: string;
  readonly zone: string;
  readonly state: string;
  readonly groupIds: readonly string[];
  readonly keyName?: string | undefined;
  readonly profileName?: string | undefined;
  readonly autoScalingGroup?: string | undefined;
  readonly userData: string;
}

export interface AutoScalingGroupState {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly launchTemplate: { readonly name: string; readonly version: string };
  readonly subnetIds: readonly string[];
  readonly newInstancesProtected: boolean;
  /** The lifecycle states of its instances. */
  readonly instances: readonly string[];
  readonly deleting: boolean;
  readonly tags: Readonly<Record<string, { readonly value: string; readonly propagate: boolean }>>;
}

export interface RoleState extends TaggedState {
  readonly path: string;
  /** The policy document. */
  readonly trustPolicy: unknown;
  /** The ARNs of the attached policies. */
  readonly attached: readonly string[];
  /** The policy documents by name. */
  readonly inline: Readonly<Record<string, unknown>>;
}

export interface InstanceProfileState extends TaggedState {
  readonly path: string;
  readonly roleName?: string | undefined;
}

export interface AlarmState extends TaggedState {
  /** `namespace/name`. */
  readonly metric: string;
  readonly dimensions?: readonly Dimension[] | undefined;
  readonly comparison?: string | undefined;
  readonly threshold?: number | undefined;
  /** Seconds. */
  readonly period?: number | undefined;
  readonly periods?: number | undefined;
  readonly actions?: readonly string[] | undefined;
}

export interface CapacityProviderState extends TaggedState {
  /** Of an Auto Scaling group. */
  readonly group?: string;
  readonly targetCapacity?: number | undefined;
  readonly terminationProtection?: boolean;
  readonly draining?: boolean;
  /** Of ECS Managed Instances, which belong to one cluster. */
  readonly cluster?: string;
  readonly managedInstances?: CreateManagedInstancesProviderConfiguration;
}

export interface LogGroupState extends TaggedState {
  readonly retentionInDays?: number | undefined;
}

export interface RepositoryState extends TaggedState {
  readonly tagsAreImmutable: boolean;
  readonly scanOnPush: boolean;
  /** Its JSON text. */
  readonly lifecyclePolicy?: string | undefined;
  /** Digest -> tags. */
  readonly images: Readonly<Record<string, readonly string[]>>;
}

export interface ClusterState extends TaggedState {
  readonly capacityProviders: readonly string[];
  readonly defaultStrategy: readonly CapacityProviderStrategyItem[];
  readonly settings: readonly ClusterSetting[];
  readonly configuration?: ClusterConfiguration | undefined;
  /** The status of each container instance. */
  readonly containerInstances: readonly string[];
}

export interface ServiceState extends TaggedState {
  readonly status?: string | undefined;
  /** `family:revision`. */
  readonly taskDefinition?: string | undefined;
  readonly desiredCount?: number | undefined;
  readonly runningCount?: number | undefined;
  readonly pendingCount?: number | undefined;
  readonly launchType?: string | undefined;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[] | undefined;
  readonly loadBalancers?: readonly LoadBalancer[] | undefined;
  readonly networkConfiguration?: NetworkConfiguration | undefined;
  readonly deploymentConfiguration?: DeploymentConfiguration | undefined;
  readonly healthCheckGracePeriodSeconds?: number | undefined;
  readonly placementStrategy?: readonly PlacementStrategy[] | undefined;
  readonly enableExecuteCommand?: boolean | undefined;
  /** The names that its tasks know in their Service Connect namespace: `orders:8080`. Absent without one. */
  readonly connectNames?: readonly string[] | undefined;
  readonly deployments?:
    | readonly { readonly status?: string | undefined; readonly rolloutState?: string | undefined }[]
    | undefined;
}

export interface TaskState {
  readonly cluster: string;
  readonly service?: string | undefined;
  /** `family:revision`. */
  readonly taskDefinition?: string | undefined;
  readonly lastStatus?: string | undefined;
  readonly desiredStatus?: string | undefined;
  readonly launchType?: string | undefined;
}

export interface TaskDefinitionState extends TaggedState {
  readonly status?: string | undefined;
  readonly input: Omit<RegisterTaskDefinitionCommandInput, "tags">;
}

export interface TargetGroupState extends TaggedState {
  readonly protocol: string;
  readonly port: number;
  readonly targetType: string;
  readonly vpcId: string;
  readonly healthCheck: {
    readonly path: string;
    readonly port: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly httpCode: string;
  };
  readonly attributes: Readonly<Record<string, string>>;
  /** The state of each target. */
  readonly targets: readonly string[];
}

export interface ListenerState extends TaggedState {
  readonly protocol: string;
  readonly certificate?: string | undefined;
  readonly additionalCertificates?: readonly string[] | undefined;
}

export interface RuleState extends TaggedState {
  readonly listener: string;
  readonly priority: number | "default";
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
}

/** A schedule as it was created, with its dates as text. */
export interface ScheduleState extends Omit<
  CreateScheduleCommandInput,
  "ClientToken" | "StartDate" | "EndDate"
> {
  readonly StartDate?: string | undefined;
  readonly EndDate?: string | undefined;
}

/**
 * Everything that exists in a local cloud, by kind and name, without deleted, inactive or terminated resources.
 * Identifiers are replaced by names.
 */
export interface CloudState extends NetworkPartsState {
  readonly vpcs: ResourcesByName<VpcState>;
  readonly securityGroups: ResourcesByName<SecurityGroupState>;
  readonly networkInterfaces: readonly NetworkInterfaceState[];
  readonly keyPairs: ResourcesByName<TaggedState & { readonly type: string }>;
  readonly launchTemplates: ResourcesByName<LaunchTemplateState>;
  readonly instances: readonly InstanceState[];
  readonly roles: ResourcesByName<RoleState>;
  /** Created and managed by AWS. */
  readonly serviceLinkedRoles: readonly string[];
  readonly instanceProfiles: ResourcesByName<InstanceProfileState>;
  readonly autoScalingGroups: ResourcesByName<AutoScalingGroupState>;
  readonly scalableTargets: ResourcesByName<ScalableTargetState>;
  /** Keyed by `service/cluster/service/policy` and `group/policy`. */
  readonly scalingPolicies: ResourcesByName<ScalingPolicyState | Omit<ScalingPolicy, "PolicyARN">>;
  readonly scheduledActions: ResourcesByName<ScheduledActionState>;
  readonly alarms: ResourcesByName<AlarmState>;
  readonly capacityProviders: ResourcesByName<CapacityProviderState>;
  readonly logGroups: ResourcesByName<LogGroupState>;
  /** ECR repositories, with their images: digest -> tags. */
  readonly repositories: ResourcesByName<RepositoryState>;
  readonly clusters: ResourcesByName<ClusterState>;
  /** Keyed by `cluster/service`. */
  readonly services: ResourcesByName<ServiceState>;
  readonly tasks: readonly TaskState[];
  /** Keyed by `family:revision`. */
  readonly taskDefinitions: ResourcesByName<TaskDefinitionState>;
  readonly loadBalancers: ResourcesByName<LoadBalancerState>;
  readonly targetGroups: ResourcesByName<TargetGroupState>;
  /** Keyed by `load balancer:port`. */
  readonly listeners: ResourcesByName<ListenerState>;
  readonly rules: readonly RuleState[];
  /** Without `default`, which every account has. */
  readonly scheduleGroups: ResourcesByName<TaggedState>;
  /** Keyed by `group/schedule`. */
  readonly schedules: ResourcesByName<ScheduleState>;
  /** The certificates in ACM. */
  readonly certificates: readonly CertificateState[];
  /** The records in Route 53, without those that every zone has. */
  readonly dnsRecords: readonly DnsRecordState[];
  /** The namespaces of Cloud Map. */
  readonly namespaces: readonly NamespaceState[];
}
