import type { RunContext } from "./kind.js";

/** Says what a resource waits for, as `waiting` events: once for each reason in a row, however often it is looked at. */
export function waitingTeller(
  { clock, emit }: Pick<RunContext, "clock" | "emit">,
  resource: string,
  name: string,
): (why: string) => void {
  let told: string | undefined;
  return (why) => {
    if (why === told) return;
    told = why;
    emit({ type: "waiting", at: clock.now(), resource, name, why });
  };
}
