import type { ServiceName } from "../../aws/api.js";

/** The prefix of each service's actions in policies. */
export const ACTION_PREFIX: Readonly<Record<ServiceName, string>> = {
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
};
