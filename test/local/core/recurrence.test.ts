import { expect, test } from "vitest";
import type { LocalClock } from "../../../src/local/core/clock.js";
import {
  onceAt,
  parseRecurrence,
  parseSchedule,
  whenDue,
  withinPeriod,
  type Due,
} from "../../../src/local/core/cron.js";

const at = (text: string) => Date.parse(text);

/** The next times after `from`, as ISO 8601 without seconds. */
function times(due: Due | undefined, from: string, count = 3): string[] {
  const found: string[] = [];
  for (let last = at(from); found.length < count;) {
    const next = due?.next(last);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 16));
    last = next;
  }
  return found;
}

test.each([
  ["0 8 * * *", ["2026-01-02T08:00", "2026-01-03T08:00"]],
  ["0 8 * * 1-5", ["2026-01-02T08:00", "2026-01-05T08:00"]],
  ["0 8 * * 0", ["2026-01-04T08:00", "2026-01-11T08:00"]],
  ["0 8 * * 7", ["2026-01-04T08:00", "2026-01-11T08:00"]],
  // A day matches if either of the two day fields matches.
  ["0 8 10 * SAT", ["2026-01-03T08:00", "2026-01-10T08:00", "2026-01-17T08:00"]],
  ["0 8 13 * 5", ["2026-01-02T08:00", "2026-01-09T08:00", "2026-01-13T08:00"]],
])("%s is due at the times of a Unix cron expression", (recurrence, expected) => {
  expect(times(parseRecurrence(recurrence, "UTC"), "2026-01-01T12:00Z", expected.length)).toEqual(expected);
});

test.each(["0 8 * *", "0 8 ? * *", "cron(0 8 * * ? *)", "0 24 * * *"])(
  "%s is not a Unix cron expression",
  (recurrence) => expect(parseRecurrence(recurrence, "UTC")).toBeUndefined(),
);

test("a start and an end limit a recurrence: first at the start itself, never after the end", () => {
  const due = withinPeriod(
    parseSchedule("cron(0 8 * * ? *)", "UTC", 0)!,
    at("2026-01-05T10:00Z"),
    at("2026-01-07T08:00Z"),
  );
  expect(times(due, "2026-01-01T00:00Z", 9)).toEqual([
    "2026-01-05T10:00",
    "2026-01-06T08:00",
    "2026-01-07T08:00",
  ]);
});

test("an early timer does not run anything twice, and the last run is marked as the last", () => {
  let run: (() => void) | undefined;
  let now = 0;
  const early = {
    now: () => now,
    schedule: (ms: number, then: () => void) => {
      now += ms - 1;
      run = then;
      return { cancel: () => {} };
    },
  } as unknown as LocalClock;
  const seen: boolean[] = [];
  whenDue(early, onceAt(1000), (isLast) => seen.push(isLast));
  run!();
  expect(seen).toEqual([true]);
});
