import type { IamApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { iamArn } from "../../core/arn.js";
import { untilConsistent } from "../../core/consistency.js";
import { invalidInput, requireIam } from "./request.js";
import { roleDescription } from "./roles.js";
import type { Role } from "./state.js";

/** The service-linked role of each service. */
export const LINKED_ROLES = {
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
  "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
  "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
} as const;

export type LinkedService = keyof typeof LINKED_ROLES;

export const serviceLinkedRoles = (account: Account): Pick<IamApi, "createServiceLinkedRole"> => ({
  async createServiceLinkedRole(input) {
    requireIam(input, ["AWSServiceName"]);
    const service = input.AWSServiceName ?? "";
    if (!isLinked(service))
      throw invalidInput(`The local cloud knows no service-linked role of the service ${service}.`);
    const name = LINKED_ROLES[service];
    if (account.iam.roles.has(name.toLowerCase())) {
      throw invalidInput(
        `Service role name ${name} has been taken in this account, please try a different suffix.`,
      );
    }
    return { Role: roleDescription(make(account, service)) };
  },
});

const isLinked = (service: string): service is LinkedService => Object.hasOwn(LINKED_ROLES, service);

/**
 * The service-linked role of a service, created by the first call that needs it. The call does not wait for it:
 * returns true only once the role can be assumed.
 */
export const serviceLinkedRoleIsUsable = (account: Account, service: LinkedService): boolean =>
  account.clock.now() >= serviceLinkedRole(account, service).assumableAt;

/** The service-linked role of a service, created if the account has none yet. */
export const serviceLinkedRole = (account: Account, service: LinkedService): Role =>
  account.iam.roles.get(LINKED_ROLES[service].toLowerCase()) ?? make(account, service);

function make(account: Account, service: LinkedService): Role {
  const name = LINKED_ROLES[service];
  const path = `/aws-service-role/${service}/`;
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
  const now = account.clock.now();
  const isAutoScaling = service === "autoscaling.amazonaws.com";
  const role: Role = {
    id: `AROA${account.hex(17).toUpperCase()}`,
    name,
    path,
    arn: iamArn(account, `role${path}${name}`),
    createdAt: new Date(now),
    trustPolicy: JSON.stringify(trust),
    description: undefined,
    maxSessionDuration: 3600,
    permissionsBoundary: undefined,
    attached: new Set(),
    inline: new Map(),
    tags: new Map(),
    permittedAt: now,
    passableAt: now,
    assumableAt:
      now +
      (isAutoScaling
        ? untilConsistent(account, "autoScalingRole")
        : untilConsistent(account, "serviceLinkedRole")),
  };
  account.iam.roles.set(name.toLowerCase(), role);
  return role;
}
