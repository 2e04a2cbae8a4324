import type { RunContext } from "./kind.js";

/** The run's context as one owner's resources get it: in a run for several owners each has its own say on requests. */
export const contextFor = <Context extends RunContext>(
  owner: string | undefined,
  context: Context,
): Context => context.as?.(owner) ?? context;
