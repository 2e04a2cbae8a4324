import { QuaysideError } from "../errors.js";
import type { Overrides } from "./overrides.js";

/** The request as the user's override leaves it: what is sent, and what plans compare. */
export function applyOverride<Input>(overrides: Overrides, operation: string, input: Input): Input {
  const override = (overrides as Readonly<Record<string, ((input: Input) => Input) | undefined>>)[operation];
  if (override === undefined) return input;
  const overridden = override(input);
  if (typeof overridden !== "object" || overridden === null) {
    throw new QuaysideError(
      "invalid-override",
      `override.${operation} is not valid: it returned ${String(overridden)}`,
      {
        fix: `Return the request: .override({ ${operation}: (input) => ({ ...input }) }).`,
      },
    );
  }
  return overridden;
}
