import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { domOf, pictureOf, withoutBrowser } from "../browser/chromium.js";
import { runsOf } from "../browser/timeline-dom.js";
import { runExample } from "./run-example.js";

/** Runs an example that draws its timeline, and reads the page in a real browser, or as a file without one. */
export async function runWithTimeline(
  file: string,
  ...args: readonly string[]
): Promise<{ readonly out: string; readonly dom: string }> {
  const directory = await mkdtemp(join(tmpdir(), "example-"));
  try {
    const page = join(directory, "timeline.html");
    const out = await runExample(file, ...args, "--timeline", page);
    const text = await readFile(page, "utf8");
    expect(text).not.toMatch(/<script|src=|href=|url\(|@import/);
    if (withoutBrowser) return { out, dom: text };
    const [light, dark] = [await pictureOf(page), await pictureOf(page, { dark: true })];
    expect([light.corner, dark.corner]).toEqual(["#ffffff", "#0d1117"]);
    return { out, dom: await domOf(page) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Every run has its rows within its time, and a critical path that leads from its start to its end. */
export function expectRuns(dom: string, count: number): ReturnType<typeof runsOf> {
  const runs = runsOf(dom);
  expect(runs).toHaveLength(count);
  for (const { seconds, rows } of runs) {
    for (const { start, end } of rows) {
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(seconds + 0.1);
    }
    const path = rows.filter(({ isCritical }) => isCritical).sort((one, other) => one.end - other.end);
    expect(path.at(-1)!.end).toBe(Math.max(...rows.map(({ end }) => end)));
    expect(path.length).toBeGreaterThan(1);
    // Between two of its steps the run only reads.
    path.slice(1).forEach(({ start }, index) => expect(start - path[index]!.end).toBeLessThan(15));
  }
  return runs;
}
