import type { RequestLaunchTemplateData, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { isDeepStrictEqual } from "node:util";
import { includes, OVERRIDE } from "../aws/unapplied-override.js";
import type { FieldChange } from "../engine/kind.js";

type Plain = Readonly<Record<string, unknown>>;

/**
 * The present data of a launch template without what the user's override makes of it: where it has what was sent
 * (the description, overridden), it has the description's values.
 *
 * @returns also what the override asks for and the present data does not have
 */
export function withoutOverride(
  described: RequestLaunchTemplateData,
  sent: RequestLaunchTemplateData,
  present: ResponseLaunchTemplateData,
): { readonly data: ResponseLaunchTemplateData; readonly unapplied: readonly FieldChange[] } {
  const [before, after, now] = [described as Plain, sent as Plain, present as Plain];
  const data: Record<string, unknown> = { ...now };
  const unapplied: FieldChange[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[key], after[key])) continue;
    if (includes(now[key], after[key])) data[key] = before[key];
    else unapplied.push({ path: `${OVERRIDE}.${key}`, before: now[key], after: after[key] });
  }
  return { data: data as ResponseLaunchTemplateData, unapplied };
}
