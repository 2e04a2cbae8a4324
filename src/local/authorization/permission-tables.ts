import type { AwsApi } from "../../aws/api.js";
import type { PermissionTable } from "./required-permission.js";
import { EC2 } from "./tables/ec2.js";
import { ECS } from "./tables/ecs.js";
import { ELB } from "./tables/elb.js";
import { IAM } from "./tables/iam.js";
import {
  ACM,
  ECR,
  LOGS,
  ROUTE53,
  SCHEDULER,
  SERVICE_DISCOVERY,
  SSM,
  STS,
  TAGGING,
  WAF,
} from "./tables/others.js";
import { APPLICATION_AUTO_SCALING, AUTO_SCALING, CLOUDWATCH } from "./tables/scaling.js";

/** What every operation of the local cloud needs. */
export const PERMISSION_TABLES: { readonly [Service in keyof AwsApi]: PermissionTable<AwsApi[Service]> } = {
  ecs: ECS,
  ec2: EC2,
  ecr: ECR,
  elb: ELB,
  autoScaling: AUTO_SCALING,
  applicationAutoScaling: APPLICATION_AUTO_SCALING,
  cloudWatch: CLOUDWATCH,
  iam: IAM,
  ssm: SSM,
  logs: LOGS,
  sts: STS,
  tagging: TAGGING,
  scheduler: SCHEDULER,
  acm: ACM,
  route53: ROUTE53,
  serviceDiscovery: SERVICE_DISCOVERY,
  waf: WAF,
};
