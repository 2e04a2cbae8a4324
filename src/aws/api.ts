import type { AcmPort } from "./api/acm-api.js";
import type { ApplicationAutoScalingPort } from "./api/application-auto-scaling-api.js";
import type { AutoScalingPort } from "./api/auto-scaling-api.js";
import type { CloudWatchPort } from "./api/cloudwatch-api.js";
import type { Ec2Port } from "./api/ec2-api.js";
import type { EcrPort } from "./api/ecr-api.js";
import type { EcsPort } from "./api/ecs-api.js";
import type { ElbPort } from "./api/elb-api.js";
import type { IamPort } from "./api/iam-api.js";
import type { LogsPort } from "./api/logs-api.js";
import type { SchedulerPort } from "./api/scheduler-api.js";
import type { SsmPort } from "./api/ssm-api.js";
import type { TaggingPort } from "./api/tagging-api.js";

export type { Operation } from "./operation.js";
export type {
  AcmPort,
  ApplicationAutoScalingPort,
  AutoScalingPort,
  CloudWatchPort,
  Ec2Port,
  EcrPort,
  EcsPort,
  ElbPort,
  IamPort,
  LogsPort,
  SchedulerPort,
  SsmPort,
  TaggingPort,
};

/*
 * The calls that quayside makes, and no others: what an implementation of AWS has to answer.
 * Method names are the SDK's (`createCluster` sends `CreateClusterCommand`).
 */

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
