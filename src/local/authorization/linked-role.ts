import type { ServiceName } from "../../aws/api.js";
import type { Account } from "../core/account.js";
import { iamArn } from "../core/arn.js";
import { LINKED_ROLES, type LinkedService } from "../services/iam/service-linked-role.js";
import type { RequiredPermission } from "./required-permission.js";

/** The first calls of these operations create the service's linked role, with the caller's permissions. */
const CREATING: Readonly<Record<string, LinkedService>> = {
  "ecs.createCluster": "ecs.amazonaws.com",
  "autoScaling.createAutoScalingGroup": "autoscaling.amazonaws.com",
  "applicationAutoScaling.registerScalableTarget": "ecs.application-autoscaling.amazonaws.com",
  "elb.createLoadBalancer": "elasticloadbalancing.amazonaws.com",
};

/** What a call needs if the service-linked role does not exist yet. */
export function missingLinkedRole(
  service: ServiceName,
  operation: string,
  account: Account,
): readonly RequiredPermission[] {
  const linked = CREATING[`${service}.${operation}`];
  if (linked === undefined || account.iam.roles.has(LINKED_ROLES[linked].toLowerCase())) return [];
  return [
    {
      action: "iam:CreateServiceLinkedRole",
      resource: iamArn(account, `role/aws-service-role/${linked}/${LINKED_ROLES[linked]}`),
      keys: { "iam:AWSServiceName": [linked] },
    },
  ];
}
