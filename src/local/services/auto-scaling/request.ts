import { requireMembers } from "../../kernel/members.js";
import { page, type Page } from "../../kernel/page.js";
import { Refusal } from "../../kernel/refusal.js";
import type { World } from "../../kernel/world.js";
import type { AutoScalingGroup } from "./state.js";

/** What all of Auto Scaling's requests have in common. */

export const validationError = (message: string): Refusal => new Refusal("ValidationError", message);

export function requireAutoScaling<Input extends object>(
  input: Input,
  names: readonly (keyof Input & string)[],
): void {
  requireMembers(input, names, (name) =>
    validationError(
      `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
    ),
  );
}

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
