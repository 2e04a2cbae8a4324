import type { QuaysideEvent } from "../engine/events.js";
import { checkReporterOptions } from "./check-reporter-options.js";
import { doneText } from "./count-text.js";
import { cutText } from "./cut-text.js";
import { clockTime, durationText } from "./duration-text.js";
import { eventText, named, progressText } from "./event-text.js";
import { LiveScreen } from "./live-screen.js";
import { hasColor, isLive, type Output } from "./output.js";
import { colored, plain, type Paint } from "./paint.js";
import { rolloutEnd, rolloutText, type Rollout } from "./rollout-text.js";
import { RunProgress, type Work } from "./run-progress.js";
import { clockText } from "./scope-text.js";
import { shownEvent } from "./shown-event.js";
import { textWidth } from "./text-width.js";
import { wrapIndented } from "./wrap-text.js";

export interface TerminalReporterOptions {
  /** @defaultValue `process.stderr`, which keeps a script's own output clean */
  readonly stream?: Output;
  /** @defaultValue true if the stream is a terminal; `NO_COLOR` and `FORCE_COLOR` are respected */
  readonly color?: boolean;
}

/**
 * Creates an `onEvent` that shows a run to a person. On a terminal, work in progress is redrawn below completed
 * work, and whatever else the program writes to the terminal stays readable above it. Elsewhere, and if `CI` is set,
 * every change is a line with the time since the start, and at least every 30 seconds a line says what is waited for.
 *
 * @example
 * await talk.deploy({ onEvent: terminalReporter() });
 */
export function terminalReporter(options: TerminalReporterOptions = {}): (event: QuaysideEvent) => void {
  checkReporterOptions("terminalReporter", options, { switches: ["color"] });
  const stream = options.stream ?? process.stderr;
  const paint = (options.color ?? hasColor(stream)) ? colored : plain;
  const report = isLive(stream) ? liveReporter(stream, paint) : lineReporter(stream, paint);
  return (event) => report(shownEvent(event));
}

/** Milliseconds after which a line says that the run goes on. */
const SIGN_OF_LIFE = 30_000;

/** A reporter of lines, for logs. */
export function lineReporter(
  stream: Output,
  paint: Paint,
  write: (line: string) => void = (line) => void stream.write(`${line}\n`),
): (event: QuaysideEvent) => void {
  const waits = new Map<string, string>();
  const progress = new RunProgress();
  let timer: NodeJS.Timeout | undefined;
  const timed = (at: number | undefined, text: string): void => {
    const time = paint("dim", clockTime(progress.elapsed(at)).padStart(6));
    // Rows that belong to it stay below its text.
    write(`${time} ${text.replaceAll("\n", `\n${" ".repeat(7)}`)}`);
  };
  const isAlive = (): void => {
    clearInterval(timer);
    timer = setInterval(
      () => timed(undefined, `${paint("cyan", "…")} ${aliveText(progress, paint)}`),
      SIGN_OF_LIFE,
    );
    timer.unref();
  };
  return (event) => {
    progress.add(event);
    if (event.type === "ended") clearInterval(timer);
    if (!shouldReport(event, waits, progress)) return;
    const text = textOf(event, progress, paint);
    if (text === undefined) return;
    timed(event.type === "service-event" ? undefined : event.at, text);
    // A run that has ended says nothing more; one that has not been planned may never end.
    if (event.type === "planned" || (timer !== undefined && event.type !== "ended")) isAlive();
    if (event.type === "ended") timer = undefined;
  };
}

function textOf(
  event: QuaysideEvent,
  progress: RunProgress,
  paint: Paint,
  width?: number,
): string | undefined {
  if (event.type === "ended") return endText(event, progress, paint);
  const text = eventText(event, paint, width);
  // One clock is enough for a screen, and it is said once.
  const clock = event.type === "planned" && progress.runs === 1 ? clockText(event) : undefined;
  return clock === undefined ? text : `${text}\n${paint("dim", clock)}`;
}

/** `13 of 22 done; waiting for load-balancer conferenceAlb: AWS is provisioning it, 2 min 10 s`. */
function aliveText(progress: RunProgress, paint: Paint): string {
  const [longest, ...others] = progress.waits;
  const counts = `${progress.count} of ${progress.total} done`;
  if (longest === undefined) return counts;
  const why = longest.why === undefined ? "" : `: ${longest.why}`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${counts}; waiting for ${named(longest, paint)}${more}${why}, ${elapsedOf(longest, progress)}`;
}

const elapsedOf = ({ since }: Work, progress: RunProgress): string =>
  durationText(Math.max(0, progress.now() - since) / 1000);

/** The end: why it failed, where that was not said, how long it took, what was done, and where to read more. */
function endText(
  event: Extract<QuaysideEvent, { type: "ended" }>,
  progress: RunProgress,
  paint: Paint,
): string {
  const text = eventText(event, paint)!;
  const { message, fix } = progress.unsaid(event);
  const why = [
    ...(message === undefined ? [] : [`${paint("red", "✗")} ${paint("bold", message)}`]),
    ...(fix === undefined ? [] : [`  ${paint("yellow", "→")} ${fix}`]),
  ];
  const done = doneText(progress.done);
  const kept = progress.kept > 0 ? `${progress.kept} kept` : "";
  const all = [done, kept].filter((each) => each !== "").join(", ");
  if (event.code === undefined) return all === "" ? text : `${text}: ${all}`;
  const early = progress.total === 0 ? text : `${text}: ${progress.count} of ${progress.total} done`;
  return [...why, early, ...(event.docs === undefined ? [] : [`  ${paint("dim", event.docs)}`])].join("\n");
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const MOST_ROWS = 10;
const MOST_SQUARES = 20;

function liveReporter(stream: Output, paint: Paint): (event: QuaysideEvent) => void {
  const waits = new Map<string, string>();
  const steps = new Map<string, string>();
  const progress = new RunProgress();
  const screen = LiveScreen.of(stream);
  let note: string | undefined;

  const render = (columns: number): string[] => {
    const frame = SPINNER[Math.floor(Date.now() / 100) % SPINNER.length]!;
    const rows = progress.waits.slice(0, MOST_ROWS).map((work) => {
      const step = steps.get(`${work.resource}/${work.name}`);
      const why = step === undefined ? (work.why === undefined ? "" : `: ${work.why}`) : ` ${step}`;
      const elapsed = elapsedOf(work, progress);
      // The time is never what is cut.
      const text = cutText(`${named(work, paint)}${why}`, columns - 3 - textWidth(elapsed));
      return `${paint("cyan", frame)} ${text} ${paint("dim", elapsed)}`;
    });
    if (progress.work.size > MOST_ROWS)
      rows.push(paint("dim", `  and ${progress.work.size - MOST_ROWS} more`));
    for (const rollout of progress.rollouts.values())
      rows.push(`  ${bar(rollout, paint)} ${rolloutText(rollout)}`.replace("   ", "  "));
    if (note !== undefined && rows.length > 0) rows.push(`  ${note}`);
    if (progress.total > 0 && rows.length > 0) rows.push(overall(progress, columns, paint));
    return rows;
  };

  return (event) => {
    progress.add(event);
    if (!shouldReport(event, waits, progress)) return;
    const key = "resource" in event ? `${event.resource}/${event.name}` : "";
    const isPermanent = isPermanentLine(event);
    if (event.type === "progress") steps.set(key, progressText(event));
    else steps.delete(key);
    note = isNote(event) ? eventText(event, paint) : isPermanent ? undefined : note;
    const columns = (stream.columns ?? 80) - 1;
    const text = !isPermanent ? undefined : textOf(event, progress, paint, columns);
    screen.draw(stream, render, text === undefined ? undefined : wrapIndented(text, columns, 2));
  };
}

const BAR = 12;

/** The last row: how much is done, since when, and what is waited for longest. */
function overall(progress: RunProgress, columns: number, paint: Paint): string {
  const { count, total } = progress;
  const full = Math.min(BAR, Math.floor((BAR * count) / total));
  const line = paint("green", "━".repeat(full)) + paint("dim", "━".repeat(BAR - full));
  const start = `${line} ${count} of ${total}, ${durationText(progress.elapsed())}`;
  const [longest] = progress.waits;
  const waiting = longest === undefined ? "" : `; waiting for ${longest.resource} ${longest.name}`;
  return `${start}${paint("dim", cutText(waiting, columns - textWidth(start)))}`;
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

/** True if the line of the event stays when the rows below it are redrawn. */
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
 * event, and a retry only if it lasts.
 */
function shouldReport(event: QuaysideEvent, waits: Map<string, string>, progress: RunProgress): boolean {
  if (event.type === "retrying") return progress.isLastingRetry(event);
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
