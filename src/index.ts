export { Cluster, type ClusterConstructor } from "./chain/cluster.js";
export {
  Deployment,
  type Complete,
  type CompleteDeployment,
  type DeploymentConstructor,
} from "./chain/deployment.js";
export { Fleet, type FleetConstructor } from "./chain/fleet.js";
export { Job, type JobConstructor } from "./chain/job.js";
export { LoadBalancer, type LoadBalancerConstructor } from "./chain/load-balancer.js";
export type { NotReady } from "./chain/not-ready.js";

export { aws, type AwsCredentials, type AwsOptions } from "./aws/aws-cloud.js";
export type { Cloud, ListenerAddress } from "./aws/cloud.js";
export type { Overrides } from "./aws/overrides.js";

export type { Operations } from "./chain/operations.js";
export type { Action, QuaysideEvent } from "./engine/events.js";
export type { FieldChange } from "./engine/kind.js";
export type { Change, Plan } from "./engine/plan.js";
export type { ClusterDeployed, ClusterStatus } from "./operations/cluster-operations.js";
export type { ExecOptions, ExecSession } from "./operations/exec.js";
export type { FleetDeployed, FleetStatus } from "./operations/fleet-operations.js";
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
  VerifyContext,
} from "./operations/release/blue-green-release.js";
export type {
  OperationOptions as ActOptions,
  ColorStatus,
  DeployOptions,
  Deployed,
  Destroyed,
  ReleaseStatus,
  ScalingStatus,
  ServiceStatus,
} from "./operations/results.js";
export type { RollbackOptions, RollbackResult as RolledBack } from "./operations/rollback.js";
export type { RunResult as Ran, RunOptions, TaskOutcome } from "./operations/run-tasks.js";
export type { LogLine } from "./operations/tail.js";

export {
  AbortedError,
  AwsError,
  OwnershipError,
  QuaysideError,
  RolloutError,
  SpecError,
  TimeoutError,
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

export { jsonReporter, type JsonReporterOptions } from "./report/json-reporter.js";
export { terminalReporter, type TerminalReporterOptions } from "./report/terminal-reporter.js";

export type {
  BeforeReleaseSpec,
  BlueGreenSpec,
  CertificateSource,
  ClusterSpec,
  ContainerHealthCheckSpec,
  ContainerSpec,
  DependencySpec,
  DeploymentSpec,
  Ec2CapacitySpec,
  FargateCapacitySpec,
  ImageSpec,
  JobScheduleSpec,
  JobSpec,
  KeyPairSpec,
  ListenerSpec,
  LoadBalancerSpec,
  LogsSpec,
  NetworkSpec,
  PlacementConstraintSpec,
  PlacementSpec,
  PlacementStrategySpec,
  PolicyDocumentSpec,
  RouteSpec,
  SecretSource,
  ServiceSpec,
  SidecarSpec,
  TargetHealthCheckSpec,
  TaskRoleSpec,
  TaskSpec,
} from "./spec/deployment-spec.js";
export type { BeforeReleaseOptions } from "./spec/options/before-release-options.js";
export type {
  ClusterAutoscaleOptions,
  Ec2Options,
  FargateOptions,
  KeyPairOptions,
} from "./spec/options/cluster-options.js";
export type {
  ContainerHealthCheckOptions,
  ContainerOptions,
  DependenciesOptions,
  EnvironmentOptions,
  SecretsOptions,
} from "./spec/options/container-options.js";
export type { HttpsOptions } from "./spec/options/https-options.js";
export type { ImageOptions } from "./spec/options/image-options.js";
export type { LogsOptions } from "./spec/options/logs-options.js";
export type { NetworkOptions } from "./spec/options/network-options.js";
export type { ExecTarget, RollbackTarget, TailOptions, TaskOptions } from "./spec/options/operate-options.js";
export type {
  PlacementConstraintOption,
  PlacementOptions,
  PlacementStrategyOption,
} from "./spec/options/placement-options.js";
export type { RouteOptions, TargetHealthCheckOptions } from "./spec/options/route-options.js";
export type {
  AlarmCondition,
  AutoscaleOptions,
  MetricCondition,
  ScalingStep,
  ScheduleEntry,
} from "./spec/options/scaling-options.js";
export type { ScheduleOptions } from "./spec/options/schedule-options.js";
export type { RollingOptions, ServiceOptions } from "./spec/options/service-options.js";
export type { SidecarOptions } from "./spec/options/sidecar-options.js";
export type {
  PolicyDocumentOptions,
  PolicyStatementOptions,
  TaskRoleOptions,
} from "./spec/options/task-role-options.js";
export type {
  AdjustmentSpec,
  AlarmSpec,
  InstanceScalingSpec,
  MetricSpec,
  ScheduleSpec,
  ServiceScalingSpec,
  StepPolicySpec,
  TargetSpec,
} from "./spec/scaling-spec.js";
