import type { ServiceName } from "../../aws/api.js";
import type { PolicyDocument } from "../../aws/policy-document.js";
import type { Account } from "../core/account.js";
import { iamAction } from "../../aws/operation-name.js";
import { accessDenied, callerArn } from "../core/caller.js";
import type { KeyLookup } from "./conditions.js";
import { evaluatePolicy } from "./evaluate-policy.js";
import { missingLinkedRole } from "./linked-role.js";
import { PERMISSION_TABLES } from "./permission-tables.js";
import { BY_HAND } from "./tables/by-hand.js";
import { requestTagKeys } from "./request-tags.js";
import type { Requirement, RequiredPermission } from "./required-permission.js";
import { resourceTags } from "./resource-tags.js";

type AnyRow = (input: object, account: Account) => Requirement | readonly Requirement[];

export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
}

/** One decision that AWS takes before a call: an action on a resource, with the values of condition keys. */
export interface AccessRequest extends RequiredPermission {
  readonly valuesOf: KeyLookup;
}

/** Everything that is decided before a call: its own action on its resources, and what AWS checks besides. */
export function accessRequests(call: Call, account: Account): readonly AccessRequest[] {
  const { service, operation, input } = call;
  const row =
    (PERMISSION_TABLES[service] as Readonly<Record<string, AnyRow>>)[operation] ??
    (BY_HAND[service]?.[operation] as AnyRow | undefined);
  const ownAction = iamAction(service, operation);
  return [row === undefined ? "*" : row(input, account), ...missingLinkedRole(service, operation, account)]
    .flat()
    .map((each) => (typeof each === "string" ? { action: ownAction, resource: each } : each))
    .map((required) => ({ ...required, valuesOf: (key) => valuesOf(key, required, call, account) }));
}

const RESOURCE_TAG = /^(?:aws|ec2|ecs|iam|autoscaling|elasticloadbalancing):ResourceTag\/(.+)$/;

function valuesOf(
  key: string,
  required: RequiredPermission,
  { service, input }: Call,
  account: Account,
): readonly string[] | undefined {
  const tag = RESOURCE_TAG.exec(key)?.[1];
  if (tag !== undefined) {
    const value = resourceTags(account, required.resource)?.get(tag);
    return value === undefined ? undefined : [value];
  }
  if (required.keys?.[key] !== undefined) return required.keys[key];
  if (key === "aws:RequestedRegion") return [service === "iam" ? "us-east-1" : account.region];
  if (key === "aws:PrincipalAccount") return [account.accountId];
  return hasRequestTags(required) ? requestTagKeys(input)[key] : undefined;
}

/** Rejects a call that the caller's policy does not allow, as its service does. */
export function authorize(
  policy: PolicyDocument | undefined,
  call: Call,
  account: Account,
  caller: string = callerArn(account),
): void {
  if (policy === undefined) return;
  for (const { action, resource, valuesOf: values } of accessRequests(call, account)) {
    const decision = evaluatePolicy(policy, action, resource, values);
    if (decision !== "allowed")
      throw accessDenied(call.service, action, caller, {
        resource,
        isExplicit: decision === "explicitly-denied",
      });
  }
}

/** In EC2, only what is created has the tags of the request: not the VPC of a security group. */
const hasRequestTags = ({ action, resource }: RequiredPermission): boolean =>
  !action.startsWith("ec2:") || action === "ec2:CreateTags" || /:key-pair\/|\/\*$/.test(resource);
