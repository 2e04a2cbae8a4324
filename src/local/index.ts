/**
 * The local cloud: an AWS inside the process, to try and to test deployments on.
 *
 * @module quayside/local
 */
export type { OperationName, ServiceName } from "../aws/api.js";
export type { RecordedCall } from "./core/calls.js";
export type { Fault, FaultEffect, FaultMatch, Faults, InjectedFault } from "./core/faults.js";
export { localAccount, type LocalAccount, type LocalAccountOptions } from "./local-account.js";
export { localCloud, type LocalCloud, type MetricName } from "./local-cloud.js";
export type { LocalCloudOptions } from "./local-cloud-options.js";
export type { ImageAnswer, ImageAnswers } from "./runtime/image-answers.js";
export type { ImageBehavior } from "./runtime/image-behavior.js";
export type { ProcessToRun } from "./runtime/process-runtime.js";
export type { HostedZoneOptions } from "./services/route53/hosted-zones.js";
export type { CertificateOptions } from "./services/acm/certificates.js";
export type { Load } from "./services/cloudwatch/state.js";
export type { FileSystemOptions } from "./services/ecs/tasks/file-systems.js";
export type { SecretOptions } from "./services/ecs/tasks/secrets.js";
export type { CertificateState, DnsRecordState, NamespaceState } from "./snapshot/domains.js";
export type { CapacityPlace } from "./services/ec2/capacity-shortage.js";
export type { SubnetOptions, VpcOptions } from "./services/ec2/default-network.js";
export type { Listening, ListenOptions } from "./wire/listen-options.js";
export type {
  AlarmState,
  AutoScalingGroupState,
  CapacityProviderState,
  CloudState,
  ClusterState,
  InstanceProfileState,
  InstanceState,
  LaunchTemplateState,
  ListenerState,
  LogGroupState,
  NetworkInterfaceState,
  RepositoryState,
  ResourcesByName,
  RoleState,
  RuleState,
  ScheduleState,
  SecurityGroupState,
  ServiceState,
  TaggedState,
  TargetGroupState,
  TaskDefinitionState,
  TaskState,
  VpcState,
} from "./snapshot/cloud-state.js";
export type { LoadBalancerState } from "./snapshot/load-balancer-state.js";
export type {
  ScalableTargetState,
  ScalingPolicyState,
  ScheduledActionState,
} from "./snapshot/scaling-state.js";
export type {
  AddressState,
  InternetGatewayState,
  NatGatewayState,
  NetworkPartsState,
  RouteTableState,
  VpcEndpointState,
} from "./snapshot/network-parts-state.js";
