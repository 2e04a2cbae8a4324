import type { ServiceName } from "../../../aws/api.js";
import type { Constraints } from "./constraint.js";
import { ACM_CONSTRAINTS } from "./constraints/acm.js";
import { APPLICATION_AUTO_SCALING_CONSTRAINTS } from "./constraints/application-auto-scaling.js";
import { AUTO_SCALING_CONSTRAINTS } from "./constraints/auto-scaling.js";
import { CLOUD_WATCH_CONSTRAINTS } from "./constraints/cloudwatch.js";
import { ECR_CONSTRAINTS } from "./constraints/ecr.js";
import { ECS_CONSTRAINTS } from "./constraints/ecs.js";
import { ELB_CONSTRAINTS } from "./constraints/elb.js";
import { IAM_CONSTRAINTS } from "./constraints/iam.js";
import { LOGS_CONSTRAINTS } from "./constraints/logs.js";
import { ROUTE53_CONSTRAINTS } from "./constraints/route53.js";
import { SCHEDULER_CONSTRAINTS } from "./constraints/scheduler.js";
import { SERVICE_DISCOVERY_CONSTRAINTS } from "./constraints/service-discovery.js";
import { SSM_CONSTRAINTS } from "./constraints/ssm.js";
import { STS_CONSTRAINTS } from "./constraints/sts.js";
import { WAF_CONSTRAINTS } from "./constraints/waf.js";
import { TAGGING_CONSTRAINTS } from "./constraints/tagging.js";

/**
 * The constraints of members that the SDK's schemas do not have. ECS and EC2 check most inputs themselves.
 * Enumerations whose name is the member's need no row.
 */
export const CONSTRAINTS: { readonly [Service in ServiceName]?: Constraints } = {
  ecr: ECR_CONSTRAINTS,
  ecs: ECS_CONSTRAINTS,
  elb: ELB_CONSTRAINTS,
  autoScaling: AUTO_SCALING_CONSTRAINTS,
  applicationAutoScaling: APPLICATION_AUTO_SCALING_CONSTRAINTS,
  cloudWatch: CLOUD_WATCH_CONSTRAINTS,
  iam: IAM_CONSTRAINTS,
  ssm: SSM_CONSTRAINTS,
  logs: LOGS_CONSTRAINTS,
  scheduler: SCHEDULER_CONSTRAINTS,
  tagging: TAGGING_CONSTRAINTS,
  acm: ACM_CONSTRAINTS,
  sts: STS_CONSTRAINTS,
  route53: ROUTE53_CONSTRAINTS,
  serviceDiscovery: SERVICE_DISCOVERY_CONSTRAINTS,
  waf: WAF_CONSTRAINTS,
};
