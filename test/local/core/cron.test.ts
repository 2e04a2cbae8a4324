import { describe, expect, test } from "vitest";
import { parseSchedule } from "../../../src/local/core/cron.js";

/** The first moments after `after` at which the expression is due. */
function dueAfter(expression: string, after: string, count = 3, timezone = "UTC"): string[] {
  const due = parseSchedule(expression, timezone, Date.parse(after));
  const found: string[] = [];
  for (let at = due?.next(Date.parse(after)); at !== undefined && found.length < count; at = due?.next(at))
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
  return found;
}

// 1 January 2026 is a Thursday.
describe("a cron expression is due", () => {
  test.each([
    ["0 3 * * ? *", ["2026-01-01T03:00Z", "2026-01-02T03:00Z", "2026-01-03T03:00Z"]],
    ["0/20 * * * ? *", ["2026-01-01T00:20Z", "2026-01-01T00:40Z", "2026-01-01T01:00Z"]],
    ["5,50 22-23 * * ? *", ["2026-01-01T22:05Z", "2026-01-01T22:50Z", "2026-01-01T23:05Z"]],
    ["0 8 ? * MON-FRI *", ["2026-01-01T08:00Z", "2026-01-02T08:00Z", "2026-01-05T08:00Z"]],
    ["0 8 ? * 1 *", ["2026-01-04T08:00Z", "2026-01-11T08:00Z", "2026-01-18T08:00Z"]],
    ["0 8 1 jan,JUL ? *", ["2026-01-01T08:00Z", "2026-07-01T08:00Z", "2027-01-01T08:00Z"]],
    ["0 8 31 * ? *", ["2026-01-31T08:00Z", "2026-03-31T08:00Z", "2026-05-31T08:00Z"]],
    ["0 8 L * ? *", ["2026-01-31T08:00Z", "2026-02-28T08:00Z", "2026-03-31T08:00Z"]],
    ["0 8 29 2 ? *", ["2028-02-29T08:00Z", "2032-02-29T08:00Z", "2036-02-29T08:00Z"]],
    // The 1st is a Sunday in February and March 2026, the 31st of January a Saturday.
    ["0 8 1W * ? *", ["2026-01-01T08:00Z", "2026-02-02T08:00Z", "2026-03-02T08:00Z"]],
    ["0 8 31W * ? *", ["2026-01-30T08:00Z", "2026-03-31T08:00Z", "2026-05-29T08:00Z"]],
    ["0 8 ? * TUE#2 *", ["2026-01-13T08:00Z", "2026-02-10T08:00Z", "2026-03-10T08:00Z"]],
    ["0 8 ? * 6L *", ["2026-01-30T08:00Z", "2026-02-27T08:00Z", "2026-03-27T08:00Z"]],
    ["0 8 ? * L *", ["2026-01-03T08:00Z", "2026-01-10T08:00Z", "2026-01-17T08:00Z"]],
    ["0 8 1 1 ? 2026-2027", ["2026-01-01T08:00Z", "2027-01-01T08:00Z"]],
  ])("%s", (fields, moments) => {
    expect(dueAfter(`cron(${fields})`, "2026-01-01T00:00Z")).toEqual(moments);
  });

  test("after a moment, not at it", () => {
    expect(dueAfter("cron(0 3 * * ? *)", "2026-01-01T03:00Z", 1)).toEqual(["2026-01-02T03:00Z"]);
  });

  test("at the local time of its time zone, in summer and in winter", () => {
    expect(dueAfter("cron(0 3 * * ? *)", "2026-01-01T00:00Z", 1, "Europe/Paris")).toEqual([
      "2026-01-01T02:00Z",
    ]);
    expect(dueAfter("cron(0 3 * * ? *)", "2026-07-01T00:00Z", 1, "Europe/Paris")).toEqual([
      "2026-07-01T01:00Z",
    ]);
    // In New York, it is still the evening before.
    expect(dueAfter("cron(0 20 31 12 ? *)", "2026-01-01T00:00Z", 1, "America/New_York")).toEqual([
      "2026-01-01T01:00Z",
    ]);
    expect(dueAfter("cron(0 3 * * ? *)", "2026-01-01T00:00Z", 1, "Asia/Kolkata")).toEqual([
      "2026-01-01T21:30Z",
    ]);
  });

  test("never at a time that the start of summer time skips: that day is left out", () => {
    expect(dueAfter("cron(30 2 * * ? *)", "2026-03-27T12:00Z", 3, "Europe/Paris")).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-30T00:30Z",
      "2026-03-31T00:30Z",
    ]);
    expect(dueAfter("cron(30 * * * ? *)", "2026-03-29T00:00Z", 3, "Europe/Paris")).toEqual([
      "2026-03-29T00:30Z",
      "2026-03-29T01:30Z",
      "2026-03-29T02:30Z",
    ]);
  });

  test("once at a time that the end of summer time repeats", () => {
    expect(dueAfter("cron(30 2 * * ? *)", "2026-10-24T12:00Z", 2, "Europe/Paris")).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
    ]);
    expect(dueAfter("cron(30 1 * * ? *)", "2026-11-01T00:00Z", 2, "America/New_York")).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-02T06:30Z",
    ]);
  });
});

describe("a rate", () => {
  test.each([
    ["rate(1 minute)", ["2026-01-01T00:01Z", "2026-01-01T00:02Z"]],
    ["rate(6 hours)", ["2026-01-01T06:00Z", "2026-01-01T12:00Z"]],
    ["rate(1 day)", ["2026-01-02T00:00Z", "2026-01-03T00:00Z"]],
  ])("%s counts from its beginning", (expression, moments) => {
    expect(dueAfter(expression, "2026-01-01T00:00Z", 2)).toEqual(moments);
  });

  test("of days means 24 hours, whatever the local time", () => {
    expect(dueAfter("rate(1 day)", "2026-03-28T12:00Z", 2, "Europe/Paris")).toEqual([
      "2026-03-29T12:00Z",
      "2026-03-30T12:00Z",
    ]);
  });
});

test("a moment is due once, at the local time of its time zone", () => {
  const at = "at(2026-07-01T18:00:00)";
  expect(dueAfter(at, "2026-01-01T00:00Z")).toEqual(["2026-07-01T18:00Z"]);
  expect(dueAfter(at, "2026-01-01T00:00Z", 3, "Europe/Paris")).toEqual(["2026-07-01T16:00Z"]);
  expect(dueAfter(at, "2026-07-01T18:00Z")).toEqual([]);
});

describe("AWS rejects", () => {
  test.each([
    "daily",
    "cron(0 3 * * *)",
    "cron(0 3 * * * *)",
    "cron(0 3 ? * ? *)",
    "cron(60 3 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 3 0 * ? *)",
    "cron(0 3 32W * ? *)",
    "cron(0 3 * 13 ? *)",
    "cron(0 3 ? * MOO *)",
    "cron(0 3 ? * MON#6 *)",
    "cron(0 3 * * ? 1969)",
    "cron(5-1 3 * * ? *)",
    "cron(0/0 3 * * ? *)",
    "rate(0 minutes)",
    "rate(2 minute)",
    "rate(1 weeks)",
    "at(2026-07-01)",
  ])("%s", (expression) => {
    expect(parseSchedule(expression, "UTC", 0)).toBeUndefined();
  });

  test("one in a time zone that does not exist", () => {
    expect(parseSchedule("cron(0 3 * * ? *)", "Mars/Olympus", 0)).toBeUndefined();
  });
});
