import type { World } from "../../core/account.js";
import { page, type Page } from "../../core/page.js";
import { membersRequired } from "../../core/required-members.js";
import { Refusal } from "../../core/service-error.js";
import type { AutoScalingGroup } from "./state.js";

/** What all of Auto Scaling's requests have in common. */

export const validationError = (message: string): Refusal => new Refusal("ValidationError", message);

export const requireAutoScaling = membersRequired(validationError);

export function findGroup(world: World, name: string | undefined): AutoScalingGroup {
  const group = world.autoScaling.groups.get(name ?? "");
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
    () => new Refusal("InvalidNextToken", "The token is not valid or has expired."),
  );
}
