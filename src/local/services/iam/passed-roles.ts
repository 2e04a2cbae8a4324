import type { Account } from "../../core/account.js";
import { iamArn, nameOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import type { Role } from "./state.js";

/** The role of an ARN, if it was created in this cloud. */
const roleOf = (account: Account, arn: string): Role | undefined =>
  account.iam.roles.get(nameOf(arn).toLowerCase());

/** The caller passes roles to a service: for a moment, the check does not see a new one, and denies the call. */
export function checkPassedRoles(account: Account, arns: readonly (string | undefined)[]): void {
  for (const arn of arns) {
    const role = arn === undefined ? undefined : roleOf(account, arn);
    if (role === undefined || account.clock.now() >= role.passableAt) continue;
    throw new ServiceError(
      "AccessDeniedException",
      `User: ${iamArn(account, "user/deployer")} is not authorized to perform: iam:PassRole on resource: ${role.arn} because no identity-based policy allows the iam:PassRole action`,
    );
  }
}

/** True if a role does not have the permissions yet that were just given to it. */
export function lacksPermissions(account: Account, arn: string | undefined): boolean {
  const role = arn === undefined ? undefined : roleOf(account, arn);
  return role !== undefined && account.clock.now() < role.permittedAt;
}

interface TaskRoles {
  readonly taskRoleArn?: string | undefined;
  readonly executionRoleArn?: string | undefined;
}

/**
 * ECS's words for a role of a task that it cannot assume, because it does not exist or is too new; `undefined`
 * if it can assume both. Task roles that were not created in this cloud are assumed to exist.
 */
export function unassumableRole(
  account: Account,
  { taskRoleArn, executionRoleArn }: TaskRoles,
): string | undefined {
  const isUsable = (arn: string, isTaskRole: boolean): boolean => {
    const role = roleOf(account, arn);
    if (role !== undefined) return account.clock.now() >= role.assumableAt;
    return isTaskRole && !account.iam.deletedRoles.has(nameOf(arn).toLowerCase());
  };
  const refused =
    executionRoleArn !== undefined && !isUsable(executionRoleArn, false)
      ? executionRoleArn
      : taskRoleArn !== undefined && !isUsable(taskRoleArn, true)
        ? taskRoleArn
        : undefined;
  return (
    refused &&
    `ECS was unable to assume the role '${refused}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`
  );
}
