import type { QuaysideEvent } from "../../engine/events.js";
import { countText, doneText } from "../count-text.js";
import { clockTime, durationText } from "../duration-text.js";
import { rolloutEnd } from "../rollout-text.js";
import { clockText, scopeText } from "../scope-text.js";
import { chartSvg, spansSvg } from "./charts-svg.js";
import { endOf } from "./critical-path.js";
import { html, Html } from "./html.js";
import { rowsSvg } from "./rows-svg.js";
import { alarmSpans, sampleCharts, type Sample } from "./samples.js";
import { STYLE } from "./style.js";
import { timelineOf, type Timeline } from "./timeline.js";

/** The page of some runs and of what was measured besides: complete in itself. */
export function timelinePage(
  title: string,
  runs: readonly (readonly QuaysideEvent[])[],
  samples: readonly Sample[],
): string {
  const timelines = runs.map(timelineOf);
  const scope = timelines.find(({ planned }) => planned !== undefined)?.planned;
  const clock = scope === undefined ? undefined : clockText(scope);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p class="soft">
          ${scope === undefined ? "No run has been planned yet." : scopeText(scope)}${clock === undefined ? "" : `. ${clock}`}
        </p>
        ${timelines.length === 0 ? undefined : key()}
        ${timelines.map((timeline, index) => section(timeline, index, timelines.length))}
        ${samples.length === 0 ? undefined : measured(samples)}
      </body>
    </html> `;
  return page.text;
}

const key = (): Html =>
  html`<p class="key soft">
    <i style="background:var(--call)"></i>call<i style="background:var(--wait)"></i>until it is ready<i
      style="background:var(--delete)"
    ></i
    >deletion<i style="background:var(--bad)"></i>failure or retry<i
      style="outline:2px solid var(--critical)"
    ></i
    >critical path
  </p>`;

function section(timeline: Timeline, index: number, count: number): Html {
  const { planned, start, end, code, isEnded, rows, marks } = timeline;
  const done = new Map(
    (["create", "update", "replace", "delete"] as const).map(
      (action) =>
        [action, rows.filter((row) => row.action === action && row.created !== undefined).length] as const,
    ),
  );
  const took = durationText((end - start) / 1000);
  const result = !isEnded
    ? html`<span class="soft">not ended after ${took}</span>`
    : code === undefined
      ? html`<span class="good">Done in ${took}</span>`
      : html`<span class="bad">Ended early (${code}) after ${took}</span>`;
  const what = planned === undefined ? "" : countText(planned) || "nothing to do";
  return html`<section class="run" data-seconds="${(end - start) / 1000}" data-code="${code ?? ""}">
    <h2>${count > 1 ? `Run ${index + 1}: ` : ""}${what}</h2>
    <p>
      ${result}${doneText(done) === "" ? "" : `: ${doneText(done)}`}
      <span class="soft">from ${new Date(start).toISOString()}</span>
    </p>
    ${rows.length === 0 ? undefined : rowsSvg(timeline)} ${charts(timeline)} ${criticalList(timeline)}
    ${
      marks.length === 0
        ? undefined
        : html`<h3>What happened besides</h3>
            <ol class="marks">
              ${marks.map(({ at, text, isBad }) => html`<li${isBad ? html` class="bad"` : html``}>${clockTime((at - start) / 1000)} ${text}</li>`)}
            </ol>`
    }
  </section>`;
}

/** The rollout of each service, and the traffic of both colors. */
function charts(timeline: Timeline): Html {
  const { rollouts, traffic, start, end } = timeline;
  const services = [...new Set(rollouts.map(({ service }) => service))];
  const deployments = [...new Set(traffic.map(({ deployment }) => deployment))];
  return html`${services.map((service) => {
    const own = rollouts.filter((rollout) => rollout.service === service);
    const series = (
      name: string,
      color: string,
      valueOf: (rollout: (typeof own)[number]) => number,
      isLine = true,
    ) => ({
      name,
      color,
      isLine,
      points: own.map((rollout) => ({ at: rollout.at, value: valueOf(rollout) })),
    });
    const failed = own.some(({ failed }) => failed > 0);
    const ended = own.map(rolloutEnd).find((each) => each !== undefined);
    return chartSvg(
      {
        title: `rollout ${service}${ended === undefined ? "" : ` (${ended})`}`,
        unit: " tasks",
        series: [
          series("desired", "amber", ({ desired }) => desired),
          series("running", "blue", ({ running }) => running, false),
          ...(own.some(({ healthyTargets }) => healthyTargets !== undefined)
            ? [series("healthy", "green", ({ healthyTargets }) => healthyTargets ?? 0)]
            : []),
          ...(failed ? [series("failed", "bad", ({ failed: count }) => count)] : []),
        ],
      },
      { start, end },
    );
  })}${deployments.map((deployment) => {
    const own = traffic.filter((each) => each.deployment === deployment);
    const points = (color: "blue" | "green") => {
      const shifts = own.map(({ at, weights }) => ({ at, value: weights[color] }));
      // Before the first shift, the other color has all of it.
      const [first] = own;
      const before = first !== undefined && first.weights[color] > 0 && first.weights[color] < 100;
      const other = color === "blue" ? "green" : "blue";
      const hadAll = before
        ? first.weights[color] > first.weights[other]
        : (first?.weights[color] ?? 0) === 0;
      return own.length > 1 || before ? [{ at: start, value: hadAll ? 100 : 0 }, ...shifts] : shifts;
    };
    return chartSvg(
      {
        title: `traffic ${deployment}`,
        unit: " %",
        most: 100,
        isStacked: true,
        series: (["blue", "green"] as const).map((color) => ({ name: color, color, points: points(color) })),
      },
      { start, end },
    );
  })}`;
}

/** Where the time went, in words. */
function criticalList({ critical, start, end }: Timeline): Html {
  if (critical.length === 0) return html``;
  return html`<h3>Where the time went: the critical path</h3>
    <ol class="critical-path">
      ${critical.map((row) => {
        const last = endOf(row, end);
        const waited = row.ready === undefined || row.created === undefined ? 0 : row.ready - row.created;
        const why = row.waits.at(-1)?.why;
        const wait =
          waited < 1000
            ? ""
            : `, of these ${durationText(waited / 1000)} until it was ready${why === undefined ? "" : ` (${why})`}`;
        return html`<li>
          ${clockTime((row.start - start) / 1000)} ${row.resource}
          <b>${row.name}</b> ${durationText((last - row.start) / 1000)}${wait}
        </li>`;
      })}
    </ol>`;
}

function measured(samples: readonly Sample[]): Html {
  const [start, end] = [samples[0]!.at, samples.at(-1)!.at];
  const spans = alarmSpans(samples);
  return html`<section class="measured">
    <h2>Measured</h2>
    <p class="soft">
      ${samples.length} samples in ${durationText((end - start) / 1000)}, from
      ${new Date(start).toISOString()}
    </p>
    ${sampleCharts(samples).map((chart) => chartSvg(chart, { start, end }))}
    ${spans.length === 0 ? undefined : spansSvg("alarms in ALARM", spans, { start, end })}
  </section>`;
}
