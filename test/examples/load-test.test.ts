import { expect, test } from "vitest";
import { seriesOf } from "../browser/timeline-dom.js";
import { expectRuns, runWithTimeline } from "./example-timeline.js";

test("the load test scales tasks and instances out and back in one by one, and loses no request", async () => {
  // At its own speed: faster, targets would drain in less time than a busy machine needs for a request.
  const { out, dom } = await runWithTimeline("load-test.ts");
  const sizes = [...out.matchAll(/\d+ of (\d+) +[█░]+ +\d+ of (\d+)/g)].map(([, tasks, instances]) => ({
    tasks: Number(tasks),
    instances: Number(instances),
  }));
  expect(sizes).toContainEqual({ tasks: 6, instances: 4 });
  expect(sizes.at(-1)).toEqual({ tasks: 2, instances: 2 });
  expect(out).toMatch(/\d+ requests were answered, 0 were lost\./);

  expectRuns(dom, 1);
  const [tasks, instances] = [seriesOf(dom, /^tasks/), seriesOf(dom, /^instances/)];
  expect([Math.max(...tasks["desired"]!), tasks["running"]!.at(-1)]).toEqual([6, 2]);
  // More than 6 run only while instances are drained, whose tasks, 3 at most, are stopped after those that replace them run.
  const peak = instances["registered"]!.indexOf(4);
  const drained = (at: number) => (at > peak ? 4 - instances["registered"]![at]! : 0);
  expect(tasks["running"]!.filter((running, at) => running > 6 + 3 * drained(at))).toEqual([]);
  expect(Math.max(...tasks["running"]!)).toBeGreaterThanOrEqual(6);
  expect([Math.max(...instances["registered"]!), instances["registered"]!.at(-1)]).toEqual([4, 2]);
  expect(Math.max(...seriesOf(dom, /^load/)["requests"]!)).toBeGreaterThan(20);
  expect(dom).toMatch(/data-chart="alarms in ALARM"[^]*AlarmHigh/);
});
