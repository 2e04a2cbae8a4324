import { accessSync, closeSync, constants, existsSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { QuaysideEvent } from "../../engine/events.js";
import { SpecError } from "../../errors.js";
import { mapTexts, printable } from "../../printable.js";
import { RunProgress } from "../run-progress.js";
import { formatValue } from "../../spec/parsing/format-value.js";
import { Issues } from "../../spec/parsing/issues.js";
import { OptionsReader } from "../../spec/parsing/options-reader.js";
import { toPath } from "../../spec/parsing/to-path.js";
import { shortArns } from "../short-arns.js";
import type { Sample, TimelineStatus } from "./samples.js";
import { timelinePage } from "./timeline-page.js";

export type { TimelineStatus } from "./samples.js";

export interface TimelineReporterOptions {
  /** The heading of the page. @defaultValue `"Timeline"` */
  readonly title?: string;
}

/** An `onEvent` that draws runs, and what is measured besides. */
export interface TimelineReporter {
  (event: QuaysideEvent): void;
  /**
   * Adds a status to the charts of tasks, instances, load and alarms over time: call it every second or so of a load
   * test. The page is written with each sample.
   *
   * @param measured.load - the requests a second @defaultValue no chart of the load
   * @param measured.at - milliseconds since the epoch, by the cloud's clock @defaultValue now
   */
  sample(status: TimelineStatus, measured?: { readonly load?: number; readonly at?: number }): void;
}

/**
 * Creates an `onEvent` that draws the run as one self-contained HTML page: every resource from its call to its
 * readiness, the rollouts, the traffic of both colors, retries, and the critical path, which shows where the minutes
 * went. The page is written when a run ends, and not before; all runs of one reporter are on it.
 *
 * @example
 * await talk.deploy({ onEvent: reporters(terminalReporter(), timelineReporter("deploy.html")) });
 *
 * @param file - the path of the page, in a directory that exists; or its `file:` URL; an existing file is replaced when a run ends
 * @throws SpecError if the file is not a path, or cannot be written
 */
export function timelineReporter(
  file: string | URL,
  options: TimelineReporterOptions = {},
): TimelineReporter {
  checkTimelineOptions(options);
  const { title = "Timeline" } = options;
  const path = toPath(file);
  if (typeof path !== "string" || path === "")
    throw new SpecError("The timeline", [
      { path: "file", message: `must be the path of an HTML file; got ${formatValue(file)}` },
    ]);
  const runs: QuaysideEvent[][] = [];
  const samples: Sample[] = [];
  const progress = new RunProgress();
  let isOpen = false;
  const write = (): void => writeFileSync(path, timelinePage(title, runs, samples));
  try {
    checkWritable(path);
  } catch (cause) {
    const message = `${formatValue(path)} cannot be written: ${(cause as Error).message}`;
    throw new SpecError("The timeline", [{ path: "file", message }], { cause });
  }
  const report = (event: QuaysideEvent): void => {
    progress.add(event);
    if (!isOpen) runs.push([]);
    isOpen = event.type !== "ended";
    runs.at(-1)!.push(mapTexts(event, (text) => shortArns(printable(text))));
    if (!isOpen) write();
  };
  return Object.assign(report, {
    sample: (status: TimelineStatus, { load, at }: { readonly load?: number; readonly at?: number } = {}) => {
      const now = progress.now();
      samples.push({ at: at ?? (Number.isFinite(now) ? now : Date.now()), status, load });
      write();
    },
  });
}

/** Throws the error that a write would meet, and changes nothing: until a run ends there is no page. */
function checkWritable(path: string): void {
  if (existsSync(path)) closeSync(openSync(path, "r+"));
  else accessSync(dirname(path), constants.W_OK);
}

function checkTimelineOptions(given: unknown): void {
  const issues = new Issues();
  const options = new OptionsReader<TimelineReporterOptions>(given, "options", issues);
  options.string("title");
  options.close();
  issues.throwIfAny("timelineReporter()");
}
