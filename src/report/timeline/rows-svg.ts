import { durationText } from "../duration-text.js";
import { past } from "../count-text.js";
import { axisOf, grid, LABELS, WIDTH, type Axis } from "./axis.js";
import { endOf } from "./critical-path.js";
import { html, type Html } from "./html.js";
import type { TimelineRow } from "./timeline-row.js";
import type { Timeline } from "./timeline.js";

const ROW = 20;
const TOP = 24;
const LONGEST_LABEL = 46;

/** Every resource from its call to its readiness, the critical path marked, and retries as ticks below. */
export function rowsSvg(timeline: Timeline): Html {
  const { rows, retries, start, end } = timeline;
  const axis = axisOf(start, end);
  const lanes = rows.length + (retries.length > 0 ? 1 : 0);
  const height = TOP + lanes * ROW + 6;
  const y = (index: number) => TOP + index * ROW;
  return html`<svg class="rows" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Resources over time">
    ${grid(axis, height)} ${criticalLine(timeline, axis, y)}
    ${rows.map((row, index) => bar(row, y(index), axis))}
    ${retries.length === 0 ? undefined : retryLane(timeline, y(rows.length), axis)}
  </svg>`;
}

function bar(row: TimelineRow, y: number, axis: Axis): Html {
  const { x, end } = axis;
  const { resource, name, action, start, created, failed } = row;
  const last = endOf(row, end);
  const called = Math.min(created ?? last, last);
  const took = durationText((last - start) / 1000);
  const state = failed === undefined ? past[action] : `not ${past[action]}`;
  const waits = row.waits
    .map(({ at, why }) => `\n${durationText((at - axis.start) / 1000)}: ${why}`)
    .join("");
  const width = (from: number, to: number) => Math.max(1.5, x(to) - x(from));
  const label = shorten(`${resource} ${name}`);
  const space = WIDTH - x(last);
  return html`<g
    class="row${row.isCritical ? " critical" : ""}${failed === undefined ? "" : " failed"}"
    data-resource="${resource}"
    data-name="${name}"
    data-action="${action}"
    data-start="${(start - axis.start) / 1000}"
    data-end="${(last - axis.start) / 1000}"
  >
    <title>
      ${`${resource} ${name} ${state}, ${took}${failed === undefined ? "" : `: ${failed.message}`}`}${waits}
    </title>
    <rect class="hit" x="0" y="${y}" width="${WIDTH}" height="${ROW}" />
    <text class="label" x="${LABELS - 8}" y="${y + 14}">${label}</text>
    <rect
      class="call ${action}"
      x="${x(start)}"
      y="${y + 4}"
      width="${width(start, called)}"
      height="12"
      rx="2"
    />
    ${
      last > called
        ? html`<rect
            class="wait"
            x="${x(called)}"
            y="${y + 4}"
            width="${width(called, last)}"
            height="12"
            rx="2"
          />`
        : undefined
    }
    <text
      class="took"
      x="${space > 50 ? x(last) + 4 : WIDTH - 2}"
      y="${y + 14}"
      ${space > 50 ? html`` : html`text-anchor="end"`}
      >${took}</text
    >
  </g>`;
}

/** The line from each resource of the critical path to the next one. */
function criticalLine({ rows, critical, end }: Timeline, { x }: Axis, y: (index: number) => number): Html {
  const points = critical.flatMap((row) => {
    const at = y(rows.indexOf(row)) + 10;
    return [`${x(row.start).toFixed(1)},${at}`, `${x(endOf(row, end)).toFixed(1)},${at}`];
  });
  return points.length < 4 ? html`` : html`<polyline class="path" points="${points.join(" ")}" />`;
}

function retryLane({ retries }: Timeline, y: number, { x }: Axis): Html {
  return html`<g class="retries">
    <text class="label" x="${LABELS - 8}" y="${y + 14}">${`retries (${retries.length})`}</text>
    ${retries.map(
      ({ at, operation, why, code }) =>
        html`<rect class="retry" x="${x(at) - 1}" y="${y + 4}" width="2" height="12"
          ><title>${`${operation}: ${why} (${code})`}</title></rect
        >`,
    )}
  </g>`;
}

/** A long name keeps its start and its end. */
const shorten = (text: string): string =>
  text.length <= LONGEST_LABEL ? text : `${text.slice(0, 30)}…${text.slice(31 - LONGEST_LABEL)}`;
