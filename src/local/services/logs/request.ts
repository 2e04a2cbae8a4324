import type { Account } from "../../core/account.js";
import { membersRequired } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";
import type { LogGroup } from "./state.js";

/** The parts that the requests of CloudWatch Logs share. */

export const invalidParameter = (message: string): ServiceError =>
  new ServiceError("InvalidParameterException", message);

export const requireLogs = membersRequired(invalidParameter);

export function findLogGroup(account: Account, name: string | undefined): LogGroup {
  const group = account.logs.groups.get(name ?? "");
  if (group === undefined) throw noSuchGroup();
  return group;
}

/** Finds a log group by its ARN, without the `:*` at the end of DescribeLogGroups' `arn`. */
export function logGroupOfArn(account: Account, arn: string | undefined): LogGroup {
  const group = [...account.logs.groups.values()].find((one) => one.arn === arn);
  if (group === undefined) throw noSuchGroup();
  return group;
}

const noSuchGroup = (): ServiceError =>
  new ServiceError("ResourceNotFoundException", "The specified log group does not exist.");

export const noSuchStream = (): ServiceError =>
  new ServiceError("ResourceNotFoundException", "The specified log stream does not exist.");
