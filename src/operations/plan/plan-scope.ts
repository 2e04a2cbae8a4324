import type { AwsContext } from "../../aws/context.js";
import type { PlanScope } from "../../engine/plan.js";

/** Returns the account and the region that a plan is for. STS is asked once per run, beside the other reads. */
export async function scopeOf({ caller, region, cloud }: AwsContext): Promise<PlanScope> {
  const { local } = cloud;
  return { account: (await caller())?.account, region, ...(local !== undefined && { local }) };
}
