import { axisOf, grid, LABELS, WIDTH, type Axis } from "./axis.js";
import { html, type Html } from "./html.js";

/** A value over time: it stays the same until the next point. */
interface Series {
  readonly name: string;
  /** The class that gives its color. */
  readonly color: string;
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** A line without an area below it. */
  readonly isLine?: boolean;
}

export interface Chart {
  readonly title: string;
  readonly unit?: string;
  readonly series: readonly Series[];
  /** The areas are put on top of each other: shares of a whole. */
  readonly isStacked?: boolean;
  readonly most?: number;
}

/** A stretch of time, with a name: an alarm in ALARM. */
export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const HEIGHT = 110;
const TOP = 24;

/** A chart of steps over the times of a run. */
export function chartSvg(chart: Chart, { start, end }: Pick<Axis, "start" | "end">): Html {
  const axis = axisOf(start, end);
  const values = chart.series.flatMap(({ points }) => points.map(({ value }) => value));
  const most = chart.most ?? Math.max(1, ...values);
  const y = (value: number) => HEIGHT - ((HEIGHT - TOP - 4) * Math.min(value, most)) / most;
  const base = new Map<number, number>();
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${HEIGHT + 6}"
    role="img"
    aria-label="${chart.title}"
    data-chart="${chart.title}"
  >
    ${grid(axis, HEIGHT)}
    <text class="label" x="${LABELS - 8}" y="${TOP + 14}">${chart.title}</text>
    ${chart.series.map(({ name, color, points }, index) => {
      const last = points.at(-1)?.value;
      const most = points.reduce((sum, { value }) => Math.max(sum, value), 0);
      const text = `${name}: ${round(last)}${chart.unit ?? ""}${most === last ? "" : `, at most ${round(most)}`}`;
      return html`<text class="legend ${color}" x="${LABELS - 8}" y="${TOP + 32 + index * 16}"
        >${text}</text
      >`;
    })}
    <text class="tick most" x="${LABELS - 4}" y="${TOP}">${round(most)}</text>
    ${chart.series.map((series) => steps(series, axis, y, chart.isStacked === true ? base : undefined))}
    <line class="base" x1="${LABELS}" x2="${axis.x(end)}" y1="${HEIGHT}" y2="${HEIGHT}" />
  </svg>`;
}

const round = (value: number | undefined): string =>
  value === undefined ? "none" : String(Math.round(value * 10) / 10);

function steps(
  { name, color, points, isLine = false }: Series,
  { x, end }: Axis,
  y: (value: number) => number,
  base: Map<number, number> | undefined,
): Html {
  if (points.length === 0) return html``;
  const tops: string[] = [];
  const bottoms: string[] = [];
  points.forEach(({ at, value }, index) => {
    const until = points[index + 1]?.at ?? end;
    const below = base?.get(at) ?? 0;
    base?.set(at, below + value);
    for (const each of [at, until]) {
      tops.push(`${x(each).toFixed(1)},${y(below + value).toFixed(1)}`);
      bottoms.unshift(`${x(each).toFixed(1)},${y(below).toFixed(1)}`);
    }
  });
  const line = html`<polyline
    class="line ${color}"
    points="${tops.join(" ")}"
    data-series="${name}"
    data-values="${points.map(({ value }) => round(value)).join(" ")}"
  />`;
  return isLine
    ? line
    : html`<polygon class="area ${color}" points="${[...tops, ...bottoms].join(" ")}" />${line}`;
}

const LANE = 20;

/** Lanes of what was on or off over time. */
export function spansSvg(
  title: string,
  spans: readonly Span[],
  { start, end }: Pick<Axis, "start" | "end">,
): Html {
  const axis = axisOf(start, end);
  const names = [...new Set(spans.map(({ name }) => name))];
  const height = TOP + names.length * LANE + 4;
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
    aria-label="${title}"
    data-chart="${title}"
  >
    ${grid(axis, height)}
    ${names.map(
      (name, index) =>
        html`<text class="label" x="${LABELS - 8}" y="${TOP + index * LANE + 14}">${name}</text>${spans
            .filter((span) => span.name === name)
            .map(
              ({ from, to }) =>
                html`<rect
                  class="alarm"
                  x="${axis.x(from)}"
                  y="${TOP + index * LANE + 4}"
                  width="${Math.max(2, axis.x(to) - axis.x(from))}"
                  height="12"
                  rx="2"
                  ><title>${name}</title></rect
                >`,
            )}`,
    )}
  </svg>`;
}
