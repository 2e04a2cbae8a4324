import { mapTexts, printable } from "../printable.js";
import { releaseLines, type DrawnRelease } from "./release-lines.js";
import { rolloutEndOf } from "./rollout-text.js";
import { screenWidth } from "./output.js";
import { shortArns } from "./short-arns.js";
import { wrapText } from "./wrap-text.js";

/** The part of a status that is rendered. */
export interface DrawnStatus {
  readonly service: string;
  readonly cluster: string | undefined;
  readonly exists: boolean;
  readonly isHealthy: boolean;
  readonly url: string | undefined;
  readonly image: string | undefined;
  readonly tasks: { readonly desired: number; readonly running: number; readonly pending: number };
  readonly rollout:
    { readonly state: string; readonly reason: string | undefined; readonly failedTasks: number } | undefined;
  readonly targets: readonly {
    readonly target: string;
    readonly port: number | undefined;
    readonly state: string;
    readonly description: string | undefined;
  }[];
  readonly instances: number;
  readonly scaling?: { readonly tasks: DrawnScaling | undefined } | undefined;
  readonly weights?: Readonly<Record<string, number>> | undefined;
  readonly release?: DrawnRelease | undefined;
  readonly events: readonly { readonly at: Date; readonly message: string }[];
}

interface DrawnScaling {
  readonly min: number;
  readonly max: number;
  readonly scaleIn?: "on" | "suspended" | undefined;
}

const EVENTS_SHOWN = 3;

/**
 * The status of a service as text: a line for each aspect, and one for each unhealthy target.
 *
 * @param width - the width of the screen: lines are wrapped at words
 */
export function statusToText(reported: DrawnStatus, width = screenWidth()): string {
  const status = mapTexts(reported, (text) => shortArns(printable(text)));
  const { service, cluster, exists, isHealthy, tasks, rollout, targets, instances, events } = status;
  if (!exists && cluster === undefined)
    return `✗ ${service} is not deployed: no service and no task definition has its tags`;
  if (!exists) return `✗ ${service} in ${cluster}: the service does not exist`;
  const mark = isHealthy
    ? "✓"
    : rollout !== undefined && rolloutEndOf(rollout.state) === "failure"
      ? "✗"
      : "…";
  const healthy = targets.filter(({ state }) => state === "healthy").length;
  const unhealthy = targets.filter(({ state }) => state !== "healthy");
  const lines: (readonly [string, string])[] = [
    ["url", status.url ?? ""],
    ["image", status.image ?? ""],
    [
      "tasks",
      `${tasks.running} of ${tasks.desired} running${tasks.pending > 0 ? `, ${tasks.pending} pending` : ""}`,
    ],
    ...releaseLines(status.release),
    ["scaling", scalingLine(status.scaling?.tasks)],
    ["rollout", rollout === undefined ? "" : rolloutLine(rollout)],
    ["targets", targets.length === 0 ? "" : `${healthy} of ${targets.length} healthy`],
    ...unhealthy.map(
      ({ target, port, state, description }) =>
        ["", `${target}:${port} ${state}${description === undefined ? "" : `: ${description}`}`] as const,
    ),
    ["weights", weightsLine(status.weights)],
    ["instances", instances === 0 ? "" : String(instances)],
    ...events
      .slice(0, EVENTS_SHOWN)
      .map(
        ({ at, message }, index) =>
          [index === 0 ? "events" : "", `${at.toISOString().slice(0, 19)} ${message}`] as const,
      ),
  ];
  return [
    `${mark} ${service} in ${cluster}`,
    ...lines
      .filter(([, text]) => text !== "")
      .flatMap(([name, text]) =>
        wrapText(text, width - 13).map((row, index) => `  ${(index === 0 ? name : "").padEnd(9)}  ${row}`),
      ),
  ].join("\n");
}

const weightsLine = (weights: DrawnStatus["weights"] = {}): string =>
  Object.entries(weights)
    .map(([group, weight]) => `${group} ${weight}`)
    .join(", ");

const scalingLine = (scaling: DrawnScaling | undefined): string =>
  scaling === undefined
    ? ""
    : `${scaling.min} to ${scaling.max} tasks${scaling.scaleIn === "suspended" ? ", scale-in suspended" : ""}`;

function rolloutLine({ state, reason, failedTasks }: NonNullable<DrawnStatus["rollout"]>): string {
  const failed = failedTasks > 0 ? `, ${failedTasks} failed` : "";
  const why = state === "FAILED" && reason !== undefined ? `: ${reason}` : "";
  return `${state.toLowerCase().replaceAll("_", " ")}${failed}${why}`;
}
