import type { AcmPort } from "./ports/acm-port.js";
import type { ApplicationAutoScalingPort } from "./ports/application-auto-scaling-port.js";
import type { AutoScalingPort } from "./ports/auto-scaling-port.js";
import type { CloudWatchPort } from "./ports/cloudwatch-port.js";
import type { Ec2Port } from "./ports/ec2-port.js";
import type { EcrPort } from "./ports/ecr-port.js";
import type { EcsPort } from "./ports/ecs-port.js";
import type { ElbPort } from "./ports/elb-port.js";
import type { IamPort } from "./ports/iam-port.js";
import type { LogsPort } from "./ports/logs-port.js";
import type { SchedulerPort } from "./ports/scheduler-port.js";
import type { SsmPort } from "./ports/ssm-port.js";
import type { TaggingPort } from "./ports/tagging-port.js";

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
