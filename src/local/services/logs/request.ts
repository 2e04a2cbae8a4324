import type { World } from "../../core/account.js";
import { membersRequired } from "../../core/required-members.js";
import { Refusal } from "../../core/service-error.js";
import type { LogGroup } from "./state.js";

/** What all of CloudWatch Logs' requests have in common. */

export const invalidParameter = (message: string): Refusal =>
  new Refusal("InvalidParameterException", message);

export const requireLogs = membersRequired(invalidParameter);

export function findLogGroup(world: World, name: string | undefined): LogGroup {
  const group = world.logs.groups.get(name ?? "");
  if (group === undefined) throw noSuchGroup();
  return group;
}

/** By ARN, without the `:*` that DescribeLogGroups' `arn` ends with. */
export function logGroupOfArn(world: World, arn: string | undefined): LogGroup {
  const group = [...world.logs.groups.values()].find((one) => one.arn === arn);
  if (group === undefined) throw noSuchGroup();
  return group;
}

const noSuchGroup = (): Refusal =>
  new Refusal("ResourceNotFoundException", "The specified log group does not exist.");
