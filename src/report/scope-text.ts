import type { PlanScope } from "../engine/plan.js";

/** `account 123456789012, eu-west-1`. */
export const scopeText = ({ account, region }: PlanScope): string =>
  account === undefined ? region : `account ${account}, ${region}`;
