import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../src/spec/parsing/duration.js";

test.each([
  ["60s", 60],
  ["5m", 300],
  ["1h", 3600],
  ["3d", 259_200],
  ["0s", 0],
])("%s is %d seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "60", "60 s", "1.5h", "-5m", "5M", "1w", "1h30m", " 5m", 60, null, undefined, ["5m"]])(
  "%j is no duration",
  (value) => {
    expect(parseDuration(value)).toBeUndefined();
  },
);

test("a formatted duration reads back as the same number of seconds", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000_000 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds))).toBe(seconds);
    }),
  );
});
