import type { QuaysideEvent } from "../engine/events.js";
import { mapTexts, printable } from "../printable.js";
import { checkReporterOptions } from "./check-reporter-options.js";
import { durationText } from "./duration-text.js";
import { eventText, named, progressText } from "./event-text.js";
import { LiveBlock } from "./live-block.js";
import { hasColor, isLive, type Output } from "./output.js";
import { colored, plain, type Paint } from "./paint.js";
import { rolloutEnd, rolloutText, type Rollout } from "./rollout-text.js";

export interface TerminalReporterOptions {
  /** @defaultValue `process.stderr`, which keeps a script's own output clean */
  readonly stream?: Output;
  /** @defaultValue true if the stream is a terminal; `NO_COLOR` and `FORCE_COLOR` are respected */
  readonly color?: boolean;
}

/**
 * Creates an `onEvent` that shows a run to a person: on a terminal, work in progress is redrawn below completed
 * work; elsewhere, and if `CI` is set, every change is a line.
 *
 * @example
 * await talk.deploy({ onEvent: terminalReporter() });
 */
export function terminalReporter(options: TerminalReporterOptions = {}): (event: QuaysideEvent) => void {
  checkReporterOptions("terminalReporter", options, ["color"]);
  const stream = options.stream ?? process.stderr;
  const paint = (options.color ?? hasColor(stream)) ? colored : plain;
  const report = isLive(stream) ? liveReporter(stream, paint) : lineReporter(stream, paint);
  return (event) => report(mapTexts(event, printable));
}

function lineReporter(stream: Output, paint: Paint): (event: QuaysideEvent) => void {
  const waits = new Map<string, string>();
  return (event) => {
    if (!shouldReport(event, waits)) return;
    const line = eventText(event, paint);
    if (line !== undefined) stream.write(`${line}\n`);
  };
}

/** Work in progress: a resource that is being changed, or that the run waits for. */
interface Row {
  readonly text: string;
  readonly since: number;
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const MOST_ROWS = 10;
const MOST_SQUARES = 20;

function liveReporter(stream: Output, paint: Paint): (event: QuaysideEvent) => void {
  const waits = new Map<string, string>();
  const rows = new Map<string, Row>();
  let rollout: Rollout | undefined;
  let note: string | undefined;

  const render = (): string[] => {
    const now = Date.now();
    const frame = SPINNER[Math.floor(now / 100) % SPINNER.length]!;
    const lines = [...rows.values()]
      .slice(0, MOST_ROWS)
      .map(
        ({ text, since }) =>
          `${paint("cyan", frame)} ${text} ${paint("dim", durationText((now - since) / 1000))}`,
      );
    if (rows.size > MOST_ROWS) lines.push(paint("dim", `  and ${rows.size - MOST_ROWS} more`));
    if (rollout !== undefined) lines.push(`  ${bar(rollout, paint)} ${rolloutText(rollout)}`);
    if (note !== undefined && lines.length > 0) lines.push(`  ${note}`);
    return lines;
  };
  const block = new LiveBlock(stream, render);

  return (event) => {
    if (!shouldReport(event, waits)) return;
    const key = "resource" in event ? `${event.resource}/${event.name}` : "";
    const isPermanent = isPermanentLine(event);
    if (event.type === "started" || event.type === "waiting" || event.type === "progress") {
      const why =
        event.type === "waiting"
          ? `: ${event.why}`
          : event.type === "progress"
            ? ` ${progressText(event)}`
            : "";
      rows.set(key, { text: `${named(event, paint)}${why}`, since: rows.get(key)?.since ?? Date.now() });
    } else if (event.type === "rollout") {
      rollout = isPermanent ? undefined : event;
    } else if (event.type === "rollout-failed") {
      rollout = undefined;
    } else if (event.type === "ended") {
      rows.clear();
      rollout = undefined;
    } else if (isPermanent) {
      rows.delete(key);
    }
    note = isNote(event) ? eventText(event, paint) : isPermanent ? undefined : note;
    block.draw(isPermanent ? eventText(event, paint, (stream.columns ?? 80) - 1) : undefined);
  };
}

const PERMANENT: readonly QuaysideEvent["type"][] = [
  "planned",
  "warning",
  "finished",
  "failed",
  "ready",
  "log",
  "rollout-failed",
  "traffic",
  "kept",
  "ended",
];

/** True if the line of the event stays when the block is redrawn. */
function isPermanentLine(event: QuaysideEvent): boolean {
  if (event.type === "rollout") return rolloutEnd(event) !== undefined;
  if (event.type === "verification") return event.state !== "started";
  return PERMANENT.includes(event.type);
}

/** True if the event is shown below the work in progress, until something completes. */
const isNote = (event: QuaysideEvent): boolean =>
  ["retrying", "service-event", "bake"].includes(event.type) ||
  (event.type === "verification" && event.state === "started");

/**
 * A wait is reported once for each reason; a resource that was ready at once is reported by its `finished`
 * event.
 */
function shouldReport(event: QuaysideEvent, waits: Map<string, string>): boolean {
  if (event.type !== "waiting" && event.type !== "ready") return true;
  const key = `${event.resource}/${event.name}`;
  if (event.type === "ready") return waits.delete(key);
  const known = waits.get(key) === event.why;
  waits.set(key, event.why);
  return !known;
}

/** A square for each task: healthy (or running, without a load balancer), starting, or missing. */
function bar({ desired, running, pending, healthyTargets }: Rollout, paint: Paint): string {
  if (desired > MOST_SQUARES) return "";
  const up = Math.min(desired, healthyTargets ?? running, running);
  const starting = Math.min(desired - up, running - up + pending);
  const squares = paint("green", "■".repeat(up)) + paint("yellow", "■".repeat(starting));
  return squares + paint("dim", "□".repeat(Math.max(0, desired - up - starting)));
}
