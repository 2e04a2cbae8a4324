import type { Account } from "../../core/account.js";
import { page, type Page } from "../../core/page.js";
import { membersRequired } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";
import type { AutoScalingGroup } from "./state.js";

/** The parts that Auto Scaling's requests share. */

export const validationError = (message: string): ServiceError =>
  new ServiceError("ValidationError", message);

export const requireAutoScaling = membersRequired(validationError);

export function findGroup(account: Account, name: string | undefined): AutoScalingGroup {
  const group = account.autoScaling.groups.get(name ?? "");
  if (group === undefined) {
    throw validationError(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
  }
  return group;
}

export function autoScalingPage<Item>(
  all: readonly Item[],
  input: { readonly NextToken?: string | undefined; readonly MaxRecords?: number | undefined },
): Page<Item> {
  const size = input.MaxRecords ?? 50;
  if (size < 1 || size > 100) throw validationError("MaxRecords must be between 1 and 100");
  return page(
    all,
    input.NextToken,
    size,
    () => new ServiceError("InvalidNextToken", "The token is not valid or has expired."),
  );
}
