import type { QuaysideEvent } from "../engine/events.js";
import { mapTexts, printable } from "../printable.js";
import { shortArns } from "./short-arns.js";

/** The event as a person reads it: short names for ARNs, except in a fix, which may be a statement to copy. */
export function shownEvent(event: QuaysideEvent): QuaysideEvent {
  const shown = mapTexts(event, (text) => shortArns(printable(text)));
  return event.type === "ended" && event.fix !== undefined
    ? { ...(shown as typeof event), fix: printable(event.fix) }
    : shown;
}
