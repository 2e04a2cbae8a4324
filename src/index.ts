/**
 * Describes and deploys containers on Amazon ECS.
 *
 * @module quayside
 */
export { Cluster, type ClusterConstructor } from "./chain/cluster.js";
export { Deployment, type CompleteDeployment, type DeploymentConstructor } from "./chain/deployment.js";
export type { FromTaskDefinitionOptions } from "./chain/from-task-definition.js";
export { deployments, type DeploymentsOptions } from "./chain/deployments.js";
export type { NamedDeployment } from "./chain/named-deployment.js";
export type { DeploymentListed } from "./operations/named/list-deployments.js";
export { Fleet, type FleetConstructor, type FleetDeployOptions, type ReadyToDeploy } from "./chain/fleet.js";
export { Job, type JobConstructor } from "./chain/job.js";
export { LoadBalancer, type LoadBalancerConstructor } from "./chain/load-balancer.js";
export { NetworkLoadBalancer, type NetworkLoadBalancerConstructor } from "./chain/network-load-balancer.js";
export { Network, type NetworkConstructor } from "./chain/network.js";
export type { ChainMethods } from "./chain/chain.js";
export type { Complete, HasCluster, HasImage, NoCalls, NotReady, Ready } from "./chain/not-ready.js";
export type { ConnectMethods } from "./chain/connect-methods.js";
export type { TaskChainMethods } from "./chain/task-chain.js";

export type { AssumeRoleOptions } from "./aws/assume-role-options.js";
export { aws } from "./aws/aws-cloud.js";
export type { AwsCredentials, AwsOptions } from "./aws/aws-options.js";
export type { Cloud, ListenerAddress } from "./aws/cloud.js";
export type { PolicyConditions, PolicyDocument, PolicyStatement } from "./aws/policy-document.js";
export type { Overrides } from "./aws/overrides.js";

export type { Operations } from "./chain/operations.js";
export type { Action, LocalScope, QuaysideEvent, ResourceEvent } from "./engine/events.js";
export type { FieldChange } from "./engine/kind.js";
export type { Change, Plan, PlanScope } from "./engine/plan.js";
export type { ClusterDeployed, ClusterStatus } from "./operations/cluster-operations.js";
export type { ExecOptions, ExecSession } from "./operations/exec.js";
export type { FleetDeployed, FleetStatus } from "./operations/fleet-operations.js";
export type { FleetResult } from "./operations/settle-fleet.js";
export type { Release, ReleaseState } from "./operations/history.js";
export type { JobDeployed, JobRun, JobStatus } from "./operations/job-operations.js";
export type {
  ListenerFacts,
  LoadBalancerDeployed,
  LoadBalancerStatus,
  RuleFacts,
} from "./operations/load-balancer-operations.js";
export type {
  BlueGreenOptions,
  BlueGreenRelease,
  Color,
  ColorToVerify,
  VerifyContext,
} from "./operations/release/blue-green-release.js";
export type {
  ActivityStatus,
  AlarmStatus,
  OperationOptions,
  ColorStatus,
  Deployed,
  DeployOptions,
  Destroyed,
  DestroyOptions,
  DimensionStatus,
  HostAmi,
  HostStatus,
  LoadBalancerName,
  ReleasePreview,
  ReleaseStatus,
  ScaleIn,
  ScalingStatus,
  ServiceStatus,
} from "./operations/results.js";
export type {
  EndpointFacts,
  NatGatewayFacts,
  NetworkDeployed,
  NetworkFacts,
  NetworkStatus,
  SubnetFacts,
} from "./operations/network-operations.js";
export type { RollbackOptions, RollbackResult } from "./operations/rollback.js";
export type { RunResult, RunOptions, TaskOutcome } from "./operations/run-tasks.js";
export type { LogLine } from "./operations/tail.js";

export type { DiagnosisCode } from "./diagnosis-codes.js";
export type { ErrorCode } from "./error-codes.js";
export {
  AbortedError,
  AwsError,
  OwnershipError,
  QuaysideError,
  RolloutError,
  SpecError,
  TimeoutError,
  type AwsErrorCode,
  type ClusterEvidence,
  type ErrorDetails,
  type OutcomeEntry,
  type RolloutEvidence,
  type RunOutcome,
  type ServiceEvent,
  type SpecIssue,
  type StoppedTasks,
  type TargetHealth,
} from "./errors.js";

export type { Output as ReporterOutput } from "./report/output.js";
export { githubReporter, type GithubReporterOptions } from "./report/github-reporter.js";
export { jsonReporter, type JsonReporterOptions } from "./report/json-reporter.js";
export { reporters, type Reporter } from "./report/reporters.js";
export { terminalReporter, type TerminalReporterOptions } from "./report/terminal-reporter.js";
export {
  timelineReporter,
  type TimelineReporter,
  type TimelineReporterOptions,
  type TimelineStatus,
} from "./report/timeline/timeline-reporter.js";

export type { BeforeReleaseOptions, BeforeReleaseSpec } from "./spec/before-release.js";
export type { BlueGreenSpec } from "./spec/blue-green.js";
export type { BuildSpec, DirectoryImageOptions, Platform } from "./spec/build.js";
export type { BuildSecretSource, BuildSecretSpec } from "./spec/build-secrets.js";
export type { ClusterSpec, Insights } from "./spec/cluster.js";
export type { ContainerHealthCheckOptions, ContainerHealthCheckSpec } from "./spec/container-health-check.js";
export type { PermissionOptions, PermissionPurpose } from "./spec/permission-options.js";
export type { ContainerOptions, ContainerSpec } from "./spec/container.js";
export type { DependenciesOptions, DependencySpec } from "./spec/dependencies.js";
export type { DeploymentSpec, JobSpec, TaskSpec } from "./spec/deployment-spec.js";
export type { Ec2CapacitySpec, Ec2Options, MixedSpec, SpotOptions } from "./spec/ec2.js";
export type { HostVolumeOptions, HostVolumeSpec } from "./spec/host-volume.js";
export type { IamOptions, IamSpec } from "./spec/iam.js";
export type { EnvironmentOptions, SecretSource, SecretsOptions } from "./spec/environment.js";
export type {
  InstanceRequirements,
  RequirementInclusion,
  RequirementRange,
} from "./spec/instance-requirements.js";
export type { ManagedInstancesCapacitySpec, ManagedInstancesOptions } from "./spec/managed-instances.js";
export type { ExecLoggingOptions, ExecLoggingSpec } from "./spec/exec-logging.js";
export type { FargateCapacitySpec, FargateOptions, FargateSpotOptions } from "./spec/fargate.js";
export type { ImageOptions, ImageSpec, RegistryImageOptions } from "./spec/image.js";
export type { JobScheduleSpec, ScheduleOptions } from "./spec/job-schedule.js";
export type { KeyPairOptions, KeyPairSpec } from "./spec/key-pair.js";
export type { CertificateSource, HttpsOptions, ListenerSpec } from "./spec/listeners.js";
export type {
  FixedResponseOptions,
  FixedResponseSpec,
  RedirectOptions,
  RedirectSpec,
} from "./spec/answer-actions.js";
export type { AnsweredRequests, AnswerSpec } from "./spec/answers.js";
export type { LoadBalancerSpec } from "./spec/load-balancer.js";
export type { LogDriverLogsOptions, LogsOptions, LogsSpec } from "./spec/logs.js";
export type { ContainerSettings, ContainerSettingsSpec } from "./spec/task/container-settings.js";
export type { EbsOptions, EbsSpec } from "./spec/task/ebs.js";
export type { FirelensOptions, FirelensSpec } from "./spec/task/firelens.js";
export type {
  DeviceOptions,
  GpuShareOptions,
  LinuxOptions,
  LinuxSpec,
  UlimitName,
} from "./spec/task/linux-settings.js";
export type { LogDriver, LogDriverOptions, LogDriverSpec } from "./spec/task/log-driver.js";
export type { LogRouterOptions } from "./spec/task/log-router.js";
export type { MountsOptions, MountSpec } from "./spec/task/mounts.js";
export type { PortOptions, PortSpec } from "./spec/task/ports.js";
export type { RestartOptions, RestartSpec } from "./spec/task/restart.js";
export type { NetworkMode, TaskSettings, TaskSettingsSpec } from "./spec/task/task-options.js";
export type { DockerVolumeOptions, VolumeOptions, VolumeSpec } from "./spec/task/volumes.js";
export type { NetworkOptions, NetworkSpec } from "./spec/network.js";
export type { Nat, OwnNetworkSpec } from "./spec/own-network.js";
export type { ExecTarget, RollbackTarget, TailOptions, TaskOptions } from "./spec/operation-options.js";
export type {
  PlacementConstraintOption,
  PlacementConstraintSpec,
  PlacementOptions,
  PlacementSpec,
  PlacementStrategyOption,
  PlacementStrategySpec,
} from "./spec/placement.js";
export type { PreviewOptions, PreviewSpec } from "./spec/preview.js";
export type { RollingOptions } from "./spec/rolling.js";
export type {
  AuthenticateOptions,
  AuthenticateSpec,
  CognitoOptions,
  OidcOptions,
  SessionOptions,
  SessionSpec,
} from "./spec/authenticate.js";
export type { NetworkRouteMethods } from "./chain/network-route-methods.js";
export type { NetworkHealthCheckOptions } from "./spec/network-health-check.js";
export type { TlsOptions } from "./spec/network-load-balancer.js";
export type { NetworkHealthCheckSpec } from "./spec/network-health-check.js";
export type { NetworkRouteOptions, NetworkRouteSpec } from "./spec/network-route.js";
export type { DomainOptions } from "./spec/domains.js";
export type { RequestConditionOptions, RequestConditions } from "./spec/request-conditions.js";
export type { TrafficOptions, TrafficSpec } from "./spec/route-traffic.js";
export type {
  AttributesSpec,
  LoadBalancerAttributes,
  NetworkLoadBalancerAttributes,
} from "./spec/load-balancer-attributes.js";
export type { FurtherRouteSpec, RouteOptions, RouteSpec, RouteTarget } from "./spec/route.js";
export type { ConnectEndpointSpec, ConnectOptions, ConnectSpec } from "./spec/connect.js";
export type {
  DiscoveryClient,
  ServiceDiscoveryOptions,
  ServiceDiscoverySpec,
} from "./spec/service-discovery.js";
export type { ConnectTlsOptions, ConnectTlsSpec } from "./spec/connect-tls.js";
export type { EcsBlueGreenSpec } from "./spec/ecs-blue-green.js";
export type { AutoscaleOptions, ServiceScalingSpec, TargetSpec } from "./spec/scaling/autoscale.js";
export type { ClusterAutoscaleOptions, InstanceScalingSpec } from "./spec/scaling/cluster-autoscale.js";
export type { ScheduleEntry, ScheduleSpec } from "./spec/scaling/scaling-schedule.js";
export type {
  AlarmCondition,
  AlarmSpec,
  Comparison,
  KnownMetric,
  MetricCondition,
  MetricSpec,
  ScalingStep,
} from "./spec/scaling/scaling-step.js";
export type {
  PolicyDocumentOptions,
  PolicyDocumentSpec,
  PolicyStatementOptions,
} from "./spec/policy-document.js";
export type { AdjustmentSpec, StepPolicySpec } from "./spec/scaling/step-policies.js";
export type { ServiceOptions, ServiceSpec } from "./spec/service.js";
export type { SidecarOptions, SidecarSpec } from "./spec/sidecars.js";
export type { TargetHealthCheckOptions, TargetHealthCheckSpec } from "./spec/target-health-check.js";
export type { TaskRoleOptions, TaskRoleSpec } from "./spec/task-role.js";
