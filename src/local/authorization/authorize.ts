import type { ServiceName } from "../../aws/api.js";
import type { PolicyDocument } from "../../aws/policy-document.js";
import type { Account } from "../core/account.js";
import { iamArn } from "../core/arn.js";
import { ACTION_PREFIX } from "./action-prefix.js";
import { accessDenied } from "./access-denied.js";
import { evaluatePolicy } from "./evaluate-policy.js";
import { missingLinkedRole } from "./linked-role.js";
import { PERMISSION_TABLES } from "./permission-tables.js";
import { requestTagKeys } from "./request-tags.js";
import type { Requirement, RequiredPermission } from "./required-permission.js";
import { resourceTags } from "./resource-tags.js";

type AnyRow = (input: object, account: Account) => Requirement | readonly Requirement[];

/** Everything that a call needs: its own action on its resources, and what AWS checks besides. */
export function requiredPermissions(
  service: ServiceName,
  operation: string,
  input: object,
  account: Account,
): readonly RequiredPermission[] {
  const row = (PERMISSION_TABLES[service] as Readonly<Record<string, AnyRow>>)[operation];
  if (row === undefined)
    throw new Error(`The local cloud does not know which permissions ${service}.${operation} needs.`);
  const action = `${ACTION_PREFIX[service]}:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  return [row(input, account), ...missingLinkedRole(service, operation, account)]
    .flat()
    .map((required) => (typeof required === "string" ? { action, resource: required } : required));
}

/** Rejects a call that the caller's policy does not allow, as its service does. */
export function authorize(
  policy: PolicyDocument | undefined,
  { service, operation, input }: { service: ServiceName; operation: string; input: object },
  account: Account,
): void {
  if (policy === undefined) return;
  const keys: Readonly<Record<string, readonly string[]>> = {
    ...requestTagKeys(input),
    "aws:RequestedRegion": [service === "iam" ? "us-east-1" : account.region],
    "aws:PrincipalAccount": [account.accountId],
  };
  for (const required of requiredPermissions(service, operation, input, account)) {
    const { action, resource } = required;
    const decision = evaluatePolicy(policy, action, resource, (key) => {
      const [, tag] =
        /^(?:aws|ec2|ecs|iam|autoscaling|elasticloadbalancing):ResourceTag\/(.+)$/.exec(key) ?? [];
      if (tag === undefined)
        return (
          required.keys?.[key] ??
          (hasRequestTags(required) || !key.startsWith("aws:RequestTag/") ? keys[key] : undefined)
        );
      const value = resourceTags(account, resource)?.get(tag);
      return value === undefined ? undefined : [value];
    });
    if (decision !== "allowed")
      throw accessDenied({ service, operation, action, resource, decision, user: callerArn(account) });
  }
}

/** In EC2, only what is created has the tags of the request: not the VPC of a security group. */
const hasRequestTags = ({ action, resource }: RequiredPermission): boolean =>
  !action.startsWith("ec2:") || action === "ec2:CreateTags" || /:key-pair\/|\/\*$/.test(resource);

/** The user that the caller's policy is attached to. */
const callerArn = (account: Account): string => iamArn(account, "user/caller");
