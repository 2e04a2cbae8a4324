import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { QuaysideEvent } from "../../src/engine/events.js";
import { timelineReporter } from "../../src/report/timeline/timeline-reporter.js";
import { timelineOf } from "../../src/report/timeline/timeline.js";
import { domOf, pictureOf, withoutBrowser } from "../browser/chromium.js";
import { runsOf, seriesOf } from "../browser/timeline-dom.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "timeline-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (seconds: number) => 1_700_000_000_000 + seconds * 1000;
const step = (resource: string, start: number, created: number, ready?: number, needs?: string[]) => {
  const of = { resource, name: "x", action: "create" } as const;
  return [
    { type: "started", at: at(start), ...of, needs },
    { type: "finished", at: at(created), ...of, seconds: created - start },
    ...(ready === undefined
      ? []
      : [{ type: "ready", at: at(ready), ...of, seconds: ready - created } as const]),
  ] as QuaysideEvent[];
};
const rollout = (
  seconds: number,
  running: number,
  healthy: number,
  status = "IN_PROGRESS",
): QuaysideEvent => ({
  type: "rollout",
  at: at(seconds),
  service: "x",
  status,
  desired: 2,
  running,
  pending: 0,
  failed: 0,
  healthyTargets: healthy,
});
const planned: QuaysideEvent = {
  type: "planned",
  at: at(2),
  startedAt: at(0),
  account: "123456789012",
  region: "eu-west-1",
  create: 4,
  update: 0,
  delete: 0,
  none: 0,
};
const run: readonly QuaysideEvent[] = [
  planned,
  ...step("log-group", 2, 3),
  ...step("load-balancer", 2, 4, 150),
  ...step("target-group", 4, 5, undefined, ["load-balancer/x"]),
  { type: "retrying", at: at(5), operation: "createService", code: "X", why: "the role </script><b> is new" },
  ...step("service", 5, 6, 200, ["target-group/x", "log-group/x"]),
  rollout(20, 0, 0),
  rollout(60, 2, 0),
  rollout(199, 2, 2, "SUCCESSFUL"),
  { type: "ended", at: at(201), seconds: 201, code: undefined },
];

const critical = (events: readonly QuaysideEvent[]) =>
  timelineOf(events).critical.map(({ resource }) => resource);

describe("the critical path", () => {
  test("goes back from what ended last to what it waited for", () => {
    expect(critical(run)).toEqual(["plan", "load-balancer", "target-group", "service"]);
  });

  test("takes a need by its readiness only where that was awaited", () => {
    const events = [
      planned,
      ...step("cluster", 2, 3, 100),
      ...step("image", 2, 60),
      ...step("service", 60, 61, 90, ["cluster/x", "image/x"]),
      ...step("job", 100, 101, 130, ["cluster/x", "image/x"]),
    ];
    expect(critical(events)).toEqual(["plan", "cluster", "job"]);
    expect(critical(events.slice(0, -3))).toEqual(["plan", "cluster"]);
  });

  test("of a step without needs goes back to what ended right before it", () => {
    expect(critical([...run.slice(0, -1), ...step("traffic", 203, 260)])).toEqual([
      "plan",
      "load-balancer",
      "target-group",
      "service",
      "traffic",
    ]);
  });

  test("of a failed run ends with what failed", () => {
    const events: QuaysideEvent[] = [
      planned,
      ...step("cluster", 2, 3),
      ...step("service", 3, 4, undefined, ["cluster/x"]).slice(0, 1),
      {
        type: "failed",
        at: at(9),
        resource: "service",
        name: "x",
        action: "create",
        code: "y",
        message: "no",
      },
    ];
    expect(critical(events)).toEqual(["plan", "cluster", "service"]);
    expect(timelineOf(events).rows.at(-1)!.failed).toEqual({ at: at(9), message: "no" });
  });
});

test("the file is written when a run ends, with all runs, and escapes what others have written", async () => {
  const file = join(directory, "deploy.html");
  const report = timelineReporter(file, { title: "A <b>title</b> & more" });
  for (const event of [...run, ...run]) report(event);
  const page = await readFile(file, "utf8");
  expect(page).toContain("<h1>A &lt;b&gt;title&lt;/b&gt; &amp; more</h1>");
  expect(page).toContain("the role &lt;/script&gt;&lt;b&gt; is new");
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
  expect(runsOf(page)).toHaveLength(2);
});

test("a file that exists stays until a run has ended, and without a run there is none", async () => {
  const file = join(directory, "deploy.html");
  const report = timelineReporter(file);
  expect(await readdir(directory)).toEqual([]);
  await writeFile(file, "the page of yesterday");
  timelineReporter(file);
  for (const event of run.slice(0, -1)) report(event);
  expect(await readFile(file, "utf8")).toBe("the page of yesterday");
  report(run.at(-1)!);
  expect(runsOf(await readFile(file, "utf8"))).toHaveLength(1);
});

test.each([
  ["", "must be the path of an HTML file"],
  [undefined, "must be the path of an HTML file"],
  ["no/such/directory/x.html", "cannot be written: ENOENT"],
  ["src", "cannot be written: EISDIR"],
])("a file that cannot be (%j) is refused before any run", (file, message) => {
  expect(() => timelineReporter(file as string)).toThrow(message);
  expect(() => timelineReporter(file as string)).toThrow(
    expect.objectContaining({ code: "invalid-spec" }) as Error,
  );
});

test("samples become charts of load, tasks, instances and alarms", async () => {
  const file = join(directory, "load.html");
  const timeline = timelineReporter(file);
  const status = (running: number, instances: number, state: string) => ({
    tasks: { desired: 4, running },
    instances,
    scaling: {
      tasks: { alarms: [{ name: "high <cpu>", state }] },
      instances: { desired: 3, alarms: [{ name: "other", state: "OK" }] },
    },
  });
  timeline.sample(status(2, 2, "OK"), { load: 10, at: at(0) });
  timeline.sample(status(3, 2, "ALARM"), { load: 250, at: at(60) });
  timeline.sample(status(4, 3, "OK"), { load: 200, at: at(120) });
  const page = await readFile(file, "utf8");
  expect(seriesOf(page, "load")).toEqual({ requests: [10, 250, 200] });
  expect(seriesOf(page, "tasks")).toEqual({ running: [2, 3, 4], desired: [4, 4, 4] });
  expect(seriesOf(page, "instances")).toEqual({ registered: [2, 2, 3], desired: [3, 3, 3] });
  expect(page).toContain("high &lt;cpu&gt;");
  expect(page).not.toContain(">other<");
});

describe.skipIf(withoutBrowser)("in a real browser", () => {
  test("the page shows every resource from its call to its readiness, light and dark", async () => {
    const file = join(directory, "deploy.html");
    const report = timelineReporter(file);
    for (const event of run) report(event);
    const dom = await domOf(file);
    expect(runsOf(dom)).toMatchObject([
      {
        seconds: 201,
        rows: [
          { resource: "plan", start: 0, end: 2, isCritical: true },
          { resource: "log-group", start: 2, end: 3, isCritical: false },
          { resource: "load-balancer", start: 2, end: 150, isCritical: true },
          { resource: "target-group", start: 4, end: 5, isCritical: true },
          { resource: "service", start: 5, end: 200, isCritical: true },
        ],
      },
    ]);
    expect(seriesOf(dom, /^rollout x/)).toEqual({
      desired: [2, 2, 2],
      running: [0, 2, 2],
      healthy: [0, 0, 2],
    });
    const [light, dark] = await Promise.all([pictureOf(file), pictureOf(file, { dark: true })]);
    expect([light.corner, dark.corner]).toEqual(["#ffffff", "#0d1117"]);
    // The colors of waiting and of the critical path.
    expect([...light.colors]).toEqual(expect.arrayContaining(["#a9c7f7", "#bc4c00"]));
    expect([...dark.colors]).toEqual(expect.arrayContaining(["#1f3f75", "#f0883e"]));
  });
});
