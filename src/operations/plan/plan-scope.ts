import type { AwsContext } from "../../aws/context.js";
import type { PlanScope } from "../../engine/plan.js";

/** Returns the account and the region that a plan is for. STS is asked once per run, beside the other reads. */
export async function scopeOf({ caller, region }: AwsContext): Promise<PlanScope> {
  return { account: (await caller())?.account, region };
}
