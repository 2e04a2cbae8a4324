import { mapTexts, printable } from "../printable.js";
import { durationText } from "./duration-text.js";
import { screenWidth } from "./output.js";
import { shortArns } from "./short-arns.js";
import { wrapText } from "./wrap-text.js";

/** The part of a job's status that is rendered. */
export interface DrawnJobStatus {
  readonly job: string;
  readonly cluster: string;
  readonly schedule:
    { readonly expression: string; readonly timezone: string; readonly enabled: boolean } | undefined;
  readonly runs: readonly DrawnRun[];
}

interface DrawnRun {
  readonly task: string;
  readonly status: string;
  readonly startedAt: Date | undefined;
  readonly stoppedAt: Date | undefined;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

const RUNS_SHOWN = 10;

/** The status of a job as text: its schedule, and its last runs with their results. */
export function jobStatusToText(reported: DrawnJobStatus, width = screenWidth()): string {
  const { job, cluster, schedule, runs } = mapTexts(reported, (text) => shortArns(printable(text)));
  const when =
    schedule === undefined
      ? "none"
      : `${schedule.expression}, ${schedule.timezone}${schedule.enabled ? "" : ", disabled"}`;
  const more = runs.length - RUNS_SHOWN;
  const lines = [
    ...(runs.length === 0 ? ["no runs yet"] : runs.slice(0, RUNS_SHOWN).map(runLine)),
    ...(more > 0 ? [`and ${more} earlier`] : []),
  ];
  return [
    `${job} in ${cluster}`,
    `  schedule  ${when}`,
    ...lines.flatMap((line, index) =>
      wrapText(line, width - 12).map(
        (row, at) => `  ${(index === 0 && at === 0 ? "runs" : "").padEnd(8)}  ${at === 0 ? row : `  ${row}`}`,
      ),
    ),
  ].join("\n");
}

function runLine(run: DrawnRun): string {
  const started = run.startedAt?.toISOString().slice(0, 19) ?? "not started".padEnd(19);
  return `${started} ${run.task.slice(0, 8)} ${endOf(run)}`;
}

function endOf({ status, exitCode, reason, startedAt, stoppedAt }: DrawnRun): string {
  if (status !== "STOPPED") return status.toLowerCase();
  const took =
    startedAt === undefined || stoppedAt === undefined
      ? ""
      : ` after ${durationText((stoppedAt.getTime() - startedAt.getTime()) / 1000)}`;
  if (exitCode === 0) return `✓${took}`;
  if (exitCode !== undefined) return `✗ exit code ${exitCode}${took}`;
  return reason === undefined ? "finished: the result is no longer available" : `✗ ${reason}`;
}
