import type { QuaysideEvent } from "../engine/events.js";
import { SpecError } from "../errors.js";

/** A function that is called for every event of a run: `deploy({ onEvent: reporter })`. */
export type Reporter = (event: QuaysideEvent) => void;

/**
 * Joins several reporters: each gets every event, in this order. If one of them throws, the others get the event all
 * the same.
 *
 * @example
 * await talk.deploy({ onEvent: reporters(terminalReporter(), timelineReporter("deploy.html")) });
 *
 * @throws SpecError if one of them is not a function
 */
export function reporters(...all: readonly Reporter[]): Reporter {
  const issues = all.flatMap((each, index) =>
    typeof each === "function"
      ? []
      : [{ path: `reporters.${index}`, message: "must be a function, such as terminalReporter()" }],
  );
  if (issues.length > 0) throw new SpecError("The list of reporters", issues);
  return (event) => {
    const errors: unknown[] = [];
    for (const report of all) {
      try {
        report(event);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
}
