import type { QuaysideEvent } from "../engine/events.js";
import type { Paint } from "./paint.js";
import { wrapText } from "./wrap-text.js";

type Failure = Extract<QuaysideEvent, { type: "rollout-failed" }>;

const MOST_REASONS = 3;
const MOST_ROWS = 10;
const LONGEST = 160;

/**
 * The report of a failed rollout, on one screen: the cause, the evidence, the result, and the fix.
 *
 * @param width - the width of the screen; without one, texts are not wrapped
 */
export function failureText(
  { message, stopped, logs, ending, fix }: Failure,
  paint: Paint,
  width = Infinity,
): string {
  const rows = (text: string, indent: number): string[] => wrapText(text, width - indent);
  const paragraph = (text: string): string => `  ${rows(text, 4).join("\n    ")}`;
  const lines = logs.flatMap((line) => rows(cut(line), 4)).slice(-MOST_ROWS);
  return [
    `${paint("red", "✗")} ${rows(message, 2)
      .map((row) => paint("bold", row))
      .join("\n  ")}`,
    ...reasons(message, stopped).map(paragraph),
    ...(lines.length === 0 ? [] : ["  Last log lines:", ...lines.map((row) => paint("dim", `  │ ${row}`))]),
    ...(ending === undefined ? [] : [paragraph(`Result: ${ending}`)]),
    `  ${paint("yellow", "→")} ${rows(fix, 4).join("\n    ")}`,
  ].join("\n");
}

/** A cause is said once: the tasks that stopped for the one in the message are counted. */
function reasons(message: string, stopped: Failure["stopped"]): string[] {
  const tasks = (count: number): string => `${count} ${count === 1 ? "task" : "tasks"}`;
  const isKnown = ({ reason, isCause }: Failure["stopped"][number]) =>
    isCause === true || message.includes(reason);
  const known = stopped.filter(isKnown).reduce((sum, { count }) => sum + count, 0);
  return [
    ...(known === 0 ? [] : [`${tasks(known)} stopped with this error.`]),
    ...stopped.filter((one) => !isKnown(one)).map(({ count, reason }) => `${tasks(count)}: ${cut(reason)}`),
  ].slice(0, MOST_REASONS);
}

/** A reason from AWS can be a page long; its start is the important part. */
const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
