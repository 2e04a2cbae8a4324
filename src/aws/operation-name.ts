import type { ServiceName } from "./api.js";

/** `createService` -> `CreateService`, as AWS writes it. */
export const operationName = (method: string): string => method.charAt(0).toUpperCase() + method.slice(1);

/** True if the operation only reads. */
export const isRead = (method: string): boolean => /^(describe|list|get|batchGet|filter)/.test(method);

/** The prefix of each service's actions in IAM policies. */
const IAM_PREFIX: Readonly<Record<ServiceName, string>> = Object.freeze({
  ecs: "ecs",
  ec2: "ec2",
  ecr: "ecr",
  elb: "elasticloadbalancing",
  autoScaling: "autoscaling",
  applicationAutoScaling: "application-autoscaling",
  cloudWatch: "cloudwatch",
  iam: "iam",
  ssm: "ssm",
  logs: "logs",
  tagging: "tag",
  scheduler: "scheduler",
  acm: "acm",
  route53: "route53",
  serviceDiscovery: "servicediscovery",
  waf: "wafv2",
  sts: "sts",
});

/** The IAM action that allows a call: `elasticloadbalancing:CreateRule`. */
export const iamAction = (service: ServiceName, method: string): string =>
  `${IAM_PREFIX[service]}:${operationName(method)}`;
