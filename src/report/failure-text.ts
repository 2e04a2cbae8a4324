import type { QuaysideEvent } from "../engine/events.js";
import type { Paint } from "./paint.js";

type Failure = Extract<QuaysideEvent, { type: "rollout-failed" }>;

const MOST_REASONS = 3;
const MOST_LINES = 10;
const WIDTH = 160;

/** What a person needs to know of a failed rollout, on one screen: why, what was seen, what became of it, what to do. */
export function failureText({ message, stopped, logs, ending, fix }: Failure, paint: Paint): string {
  const reasons = stopped
    .slice(0, MOST_REASONS)
    .map(({ count, reason }) => `  ${count} ${count === 1 ? "task" : "tasks"}: ${cut(reason)}`);
  const lines = logs.slice(-MOST_LINES).map((line) => paint("dim", `  │ ${cut(line)}`));
  return [
    `${paint("red", "✗")} ${paint("bold", message)}`,
    ...reasons,
    ...(lines.length === 0 ? [] : ["  Its last lines:", ...lines]),
    ...(ending === undefined ? [] : [`  Now: ${ending}`]),
    `  ${paint("yellow", "→")} ${fix}`,
  ].join("\n");
}

/** A reason of AWS's can be a page long; what counts stands at its start. */
const cut = (text: string): string => (text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`);
