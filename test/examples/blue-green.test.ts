import { expect, test } from "vitest";
import { runExample } from "./run-example.js";

test("the blue/green example releases, rolls back, promotes and retires without losing a request", async () => {
  const out = await runExample("blue-green.ts");

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
});
