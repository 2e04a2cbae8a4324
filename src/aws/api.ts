import type { AcmApi } from "./api/acm-api.js";
import type { ApplicationAutoScalingApi } from "./api/application-auto-scaling-api.js";
import type { AutoScalingApi } from "./api/auto-scaling-api.js";
import type { CloudWatchApi } from "./api/cloudwatch-api.js";
import type { Ec2Api } from "./api/ec2-api.js";
import type { EcrApi } from "./api/ecr-api.js";
import type { EcsApi } from "./api/ecs-api.js";
import type { ElbApi } from "./api/elb-api.js";
import type { IamApi } from "./api/iam-api.js";
import type { LogsApi } from "./api/logs-api.js";
import type { Route53Api } from "./api/route53-api.js";
import type { SchedulerApi } from "./api/scheduler-api.js";
import type { ServiceDiscoveryApi } from "./api/service-discovery-api.js";
import type { SsmApi } from "./api/ssm-api.js";
import type { StsApi } from "./api/sts-api.js";
import type { TaggingApi } from "./api/tagging-api.js";
import type { WafApi } from "./api/waf-api.js";

export type { Operation } from "./operation.js";
export type {
  AcmApi,
  ApplicationAutoScalingApi,
  AutoScalingApi,
  CloudWatchApi,
  Ec2Api,
  EcrApi,
  EcsApi,
  ElbApi,
  IamApi,
  LogsApi,
  Route53Api,
  SchedulerApi,
  ServiceDiscoveryApi,
  SsmApi,
  StsApi,
  TaggingApi,
  WafApi,
};

/*
 * The calls that quayside makes: an implementation of AWS has to answer exactly these. Method names are the
 * SDK's (`createCluster` sends `CreateClusterCommand`).
 */

/** AWS, as far as quayside uses it. */
export interface AwsApi {
  readonly ecs: EcsApi;
  readonly ec2: Ec2Api;
  readonly ecr: EcrApi;
  readonly elb: ElbApi;
  readonly autoScaling: AutoScalingApi;
  readonly applicationAutoScaling: ApplicationAutoScalingApi;
  readonly cloudWatch: CloudWatchApi;
  readonly iam: IamApi;
  readonly ssm: SsmApi;
  readonly logs: LogsApi;
  readonly tagging: TaggingApi;
  readonly scheduler: SchedulerApi;
  readonly acm: AcmApi;
  readonly route53: Route53Api;
  readonly serviceDiscovery: ServiceDiscoveryApi;
  readonly waf: WafApi;
  readonly sts: StsApi;
}

export type ServiceName = keyof AwsApi;

/** The operations of a service, as its API names them: `createService`. */
export type OperationName<Service extends ServiceName = ServiceName> = {
  readonly [Each in Service]: keyof AwsApi[Each] & string;
}[Service];
