import type { Account } from "../core/account.js";

/** What a call needs: an action on a resource, and the values of condition keys that it sets. */
export interface RequiredPermission {
  readonly action: string;
  /** An ARN; `*` for an action without resource-level permissions. */
  readonly resource: string;
  readonly keys?: ConditionKeys;
}

/** Condition key -> its values in the request. */
export type ConditionKeys = Readonly<Record<string, readonly string[]>>;

/** The resource of the operation's own action, or what else the call needs. */
export type Requirement = string | RequiredPermission;

/** What each operation of a service needs. The compiler refuses a table that lacks an operation. */
export type PermissionTable<Api> = {
  readonly [Operation in keyof Api]: Api[Operation] extends (input: infer Input, ...rest: never[]) => unknown
    ? (input: Input, account: Account) => Requirement | readonly Requirement[]
    : never;
};

/** For actions without resource-level permissions. */
export const onAll = (): string => "*";

/** The permission to pass a role to a service; none without a role. */
export const passRole = (arn: string | undefined, service: string): readonly RequiredPermission[] =>
  arn === undefined || arn === ""
    ? []
    : [{ action: "iam:PassRole", resource: arn, keys: { "iam:PassedToService": [service] } }];
