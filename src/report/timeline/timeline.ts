import type { QuaysideEvent } from "../../engine/events.js";
import { criticalPath } from "./critical-path.js";
import type { TimelineRow } from "./timeline-row.js";

type Of<Type extends QuaysideEvent["type"]> = Extract<QuaysideEvent, { type: Type }>;

/** A run as its events tell it. */
export interface Timeline {
  readonly planned: Of<"planned"> | undefined;
  readonly start: number;
  readonly end: number;
  readonly code: string | undefined;
  /** True if the run has ended. */
  readonly isEnded: boolean;
  readonly rows: readonly TimelineRow[];
  /** The rows of the critical path, first to last. */
  readonly critical: readonly TimelineRow[];
  readonly rollouts: readonly Of<"rollout">[];
  readonly traffic: readonly Of<"traffic">[];
  readonly retries: readonly Of<"retrying">[];
  /** What happened at one moment: checks, warnings, failures. */
  readonly marks: readonly { readonly at: number; readonly text: string; readonly isBad: boolean }[];
}

/** The picture of a run, from its events. */
export function timelineOf(events: readonly QuaysideEvent[]): Timeline {
  const rows = new Map<string, TimelineRow>();
  let planned: Of<"planned"> | undefined;
  let ended: Of<"ended"> | undefined;
  for (const event of events) {
    if (event.type === "planned") planned = event;
    else if (event.type === "ended") ended = event;
    else if ("resource" in event) addTo(rows, event);
  }
  const times = events.filter(({ type }) => type !== "service-event").map(({ at }) => at);
  const start = planned?.startedAt ?? times.reduce((least, at) => Math.min(least, at), Infinity);
  const end = times.reduce((most, at) => Math.max(most, at), start);
  const reads = planned === undefined || planned.at - start < 1000 ? [] : [planRow(start, planned.at)];
  const all = [...reads, ...rows.values()].sort((one, other) => one.start - other.start);
  const of = <Type extends QuaysideEvent["type"]>(type: Type) =>
    events.filter((event): event is Of<Type> => event.type === type);
  const critical = criticalPath(all, end);
  for (const row of critical) row.isCritical = true;
  return {
    planned,
    start,
    end,
    code: ended?.code,
    isEnded: ended !== undefined,
    rows: all,
    critical,
    rollouts: of("rollout"),
    traffic: of("traffic"),
    retries: of("retrying"),
    marks: events.flatMap((event) => markOf(event) ?? []),
  };
}

function addTo(rows: Map<string, TimelineRow>, event: Extract<QuaysideEvent, { resource: string }>): void {
  const { resource, name, at } = event;
  const id = `${resource}/${name}`;
  const known = rows.get(id);
  if (event.type === "started" && known === undefined) {
    const { action, needs = [] } = event;
    const nothing = { created: undefined, ready: undefined, failed: undefined };
    rows.set(id, { id, resource, name, action, needs, start: at, ...nothing, waits: [], isCritical: false });
    return;
  }
  if (event.type === "ready") {
    // A resource that was there already, and that the run has waited for, has only its wait.
    if (event.seconds === 0 && known === undefined) return;
    const row = known ?? waitedFor(event, at - event.seconds * 1000);
    rows.set(id, row);
    row.ready = at;
  } else if (known !== undefined) {
    if (event.type === "finished") known.created = at;
    if (event.type === "failed") known.failed = { at, message: event.message };
    if (event.type === "waiting") known.waits.push({ at, why: event.why });
  }
}

/** The part of the run in which it read what is there. */
const planRow = (start: number, end: number): TimelineRow => ({
  ...waitedFor({ resource: "plan", name: "read what is there" }, start),
  created: end,
});

const waitedFor = (
  { resource, name }: { readonly resource: string; readonly name: string },
  start: number,
): TimelineRow => ({
  id: `${resource}/${name}`,
  resource,
  name,
  action: "none",
  needs: [],
  start,
  created: start,
  ready: undefined,
  failed: undefined,
  waits: [],
  isCritical: false,
});

function markOf(event: QuaysideEvent): Timeline["marks"][number] | undefined {
  const { at } = event;
  if (event.type === "verification" && event.state !== "started") {
    const isBad = event.state === "failed";
    const why = event.message === undefined ? "" : `: ${event.message}`;
    return { at, isBad, text: `verify ${event.color} at ${event.percent} % ${event.state}${why}` };
  }
  if (event.type === "warning") return { at, isBad: false, text: event.message };
  if (event.type === "rollout-failed") return { at, isBad: true, text: event.message };
  return undefined;
}
