import type { LocalScope } from "../engine/events.js";
import type { PlanScope } from "../engine/plan.js";

/** `account 123456789012, eu-west-1`; on the local cloud it begins with that, and with its seed. */
export const scopeText = ({ account, region, local }: PlanScope): string =>
  [
    ...(local === undefined ? [] : cloudText(local)),
    ...(account === undefined ? [] : [`account ${account}`]),
    region,
  ].join(", ");

const cloudText = (local: LocalScope): readonly string[] =>
  local.clock === "virtual" && local.seed !== undefined
    ? ["local cloud", `seed ${local.seed}`]
    : ["local cloud"];

/** The clock that the durations of a run on the local cloud are of; `undefined` on AWS. */
export function clockText({ local }: Pick<PlanScope, "local">): string | undefined {
  if (local === undefined) return undefined;
  if (local.clock === "virtual") return "Times and durations are those of the virtual clock.";
  if (local.timeScale === 1) return undefined;
  return `Times and durations are AWS's: its time passes ${local.timeScale} times faster here.`;
}
