import type { RequestLaunchTemplateData, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { isDeepStrictEqual } from "node:util";

type Plain = Readonly<Record<string, unknown>>;

/**
 * The present data of a launch template without what the user's override makes of it: where it has what was sent
 * (the description, overridden), it has the description's values.
 *
 * @returns also true if the override is part of the present data
 */
export function withoutOverride(
  described: RequestLaunchTemplateData,
  sent: RequestLaunchTemplateData,
  present: ResponseLaunchTemplateData,
): { readonly data: ResponseLaunchTemplateData; readonly isApplied: boolean } {
  const [before, after, now] = [described as Plain, sent as Plain, present as Plain];
  const data: Record<string, unknown> = { ...now };
  let isApplied = true;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[key], after[key])) continue;
    if (includes(now[key], after[key])) data[key] = before[key];
    else isApplied = false;
  }
  return { data: data as ResponseLaunchTemplateData, isApplied };
}

/** True if the value has everything that was sent; EC2 may add fields of its own. */
function includes(value: unknown, sent: unknown): boolean {
  if (Array.isArray(sent))
    return (
      Array.isArray(value) &&
      value.length === sent.length &&
      sent.every((each, index) => includes(value[index], each))
    );
  if (typeof sent !== "object" || sent === null) return value === sent;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(sent).every(([key, each]) => includes((value as Plain)[key], each));
}
