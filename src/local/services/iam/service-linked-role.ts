import type { Account } from "../../core/account.js";
import { iamArn } from "../../core/arn.js";
import { durations } from "../../core/durations.js";
import type { Role } from "./state.js";

/** The service-linked role of each service. */
export const LINKED_ROLES = {
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
  "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
  "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
} as const;

export type LinkedService = keyof typeof LINKED_ROLES;

/**
 * The service-linked role of a service, created by the first call that needs it. The call does not wait for it:
 * returns true only once the role can be assumed.
 */
export function serviceLinkedRoleIsUsable(account: Account, service: LinkedService): boolean {
  const name = LINKED_ROLES[service];
  const role = account.iam.roles.get(name.toLowerCase()) ?? make(account, service, name);
  return account.clock.now() >= role.usableAt;
}

function make(account: Account, service: LinkedService, name: string): Role {
  const path = `/aws-service-role/${service}/`;
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
  const role: Role = {
    id: `AROA${account.hex(17).toUpperCase()}`,
    name,
    path,
    arn: iamArn(account, `role${path}${name}`),
    createdAt: new Date(account.clock.now()),
    trustPolicy: JSON.stringify(trust),
    attached: new Set(),
    inline: new Map(),
    tags: new Map(),
    usableAt: account.clock.now() + durations.serviceLinkedRole,
  };
  account.iam.roles.set(name.toLowerCase(), role);
  return role;
}
