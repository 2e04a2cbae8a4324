import { expect, test } from "vitest";
import { seriesOf } from "../browser/timeline-dom.js";
import { expectRuns, runWithTimeline } from "./example-timeline.js";

test("the blue/green example releases, rolls back, promotes and retires without losing a request", async () => {
  const { out, dom } = await runWithTimeline("blue-green.ts");

  const counted = (what: string) => new RegExp(`» ${what}: (.*)`).exec(out)?.[1];
  expect(counted("version 1 verified at 0 %")).toBe("no answers yet");
  expect(counted("version 1 is live")).toMatch(/^\d+ of version 1$/);
  // Only verify has seen version 2 by then.
  expect(counted("version 2 verified at 0 %")).toMatch(/^\d+ of version 1$/);
  // Shares by chance, of some hundred requests each.
  for (const percent of [10, 50]) {
    const [, ones, twos] = /^(\d+) of version 1, (\d+) of version 2$/.exec(
      counted(`version 2 verified at ${percent} %`) ?? "",
    )!;
    const share = (100 * Number(twos)) / (Number(ones) + Number(twos));
    expect(Math.abs(share - percent)).toBeLessThan(15);
  }
  expect(counted("green is live")).toMatch(/^\d+ of version 2$/);
  expect(counted("rolled back")).toMatch(/^\d+ of version 1$/);
  expect(counted("promoted")).toMatch(/^\d+ of version 2$/);
  expect(counted("the old version is retired")).toMatch(/^\d+ of version 2$/);
  expect(out).toContain("0 requests failed.");

  const [, release] = expectRuns(dom, 2);
  expect(release!.rows.filter(({ isCritical }) => isCritical).at(-1)).toMatchObject({ resource: "traffic" });
  // The traffic of the second release: all on blue, then 10, 50 and 100 % on green.
  const second = dom.slice(dom.lastIndexOf('class="run"'));
  expect(seriesOf(second, /^traffic/)).toEqual({ blue: [100, 90, 50, 0], green: [0, 10, 50, 100] });
});
