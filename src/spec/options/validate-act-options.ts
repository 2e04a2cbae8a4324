import { formatValue } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";

interface ActOptionNames {
  readonly signal?: unknown;
  readonly onEvent?: unknown;
  readonly timeout?: unknown;
  readonly adopt?: unknown;
  readonly images?: unknown;
  readonly hold?: unknown;
}

/** Timers of Node hold 24 days. */
const TIMEOUT = { min: 1, max: 24 * 86_400 };

/** Reports what is wrong with the options of `plan`, `deploy`, `status` and `destroy`; `more`: those that one of them has besides. */
export function checkActOptions(
  value: unknown,
  issues: Issues,
  more: readonly ("images" | "hold")[] = [],
): void {
  const options = new OptionsReader<ActOptionNames>(value, "options", issues);
  const signal = options.raw("signal");
  // By its shape: a signal from another realm or a polyfill is one, too.
  if (signal !== undefined && !isSignal(signal))
    options.issue("signal", `must be an AbortSignal; got ${formatValue(signal)}`);
  const onEvent = options.raw("onEvent");
  if (onEvent !== undefined && typeof onEvent !== "function") {
    options.issue("onEvent", `must be a function; got ${formatValue(onEvent)}`);
  }
  options.duration("timeout", TIMEOUT);
  options.boolean("adopt");
  for (const key of more) options.boolean(key);
  options.close();
}

function isSignal(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "aborted" in value &&
    typeof value.aborted === "boolean" &&
    "addEventListener" in value &&
    typeof value.addEventListener === "function"
  );
}
