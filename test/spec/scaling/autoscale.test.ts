import { expect, test } from "vitest";
import { issuesOf, refusals, talk, type Untyped } from "../issues-of.js";

const scaled = (options: unknown): Untyped => talk["autoscale"]!(options);
const specOf = (chain: Untyped) =>
  (chain["toJSON"]!() as unknown as { scaling: Record<string, unknown> }).scaling;

test("target tracking follows a metric; the minimum is 2 unless the maximum is less", () => {
  expect(specOf(scaled({ max: 6, cpu: 50 }))).toMatchObject({
    min: 2,
    max: 6,
    targets: [{ metric: "cpu", value: 50 }],
  });
  expect(specOf(scaled({ max: 1, cpu: 50 }))).toMatchObject({ min: 1 });
});

test("invalid autoscale options are reported with their paths", () => {
  expect(
    refusals(
      [
        undefined,
        {},
        { max: 6 },
        { min: 7, max: 6, cpu: 50 },
        { max: 6, cpu: 0 },
        { max: 6, cpuu: 50 },
        { max: 6, requestsPerTask: 100 },
        { max: 6, steps: [] },
        { max: 6, steps: [7] },
        { max: 6, cpu: 50, schedule: [{ at: "daily", min: 2 }] },
        { max: 6, cpu: 50, schedule: [{ at: "rate(1 day)" }] },
        { max: 6, schedule: [{ at: "rate(1 day)", timezone: "Mars/Olympus", min: 2 }] },
        { max: 6, schedule: [{ at: "cron(60 8 * * ? *)", min: 2 }] },
        { max: 6, schedule: [{ at: "cron(0 8 * * * *)", min: 2 }] },
        { max: 6, schedule: [{ at: "at(2027-02-30T08:00:00)", min: 2 }] },
        { max: 6, schedule: [{ at: "rate(1 day)", min: 8 }] },
        { min: 2, max: 6, schedule: [{ at: "rate(1 day)", max: 1 }] },
        { max: 6, cpu: 50, steps: [{ when: "cpu <= 60", remove: 1 }] },
        { max: 6, memory: 50, steps: [{ when: "memory >= 30", add: 1 }] },
      ],
      scaled,
    ),
  ).toMatchInlineSnapshot(`
    [
      "autoscale: must be an object of options; got null",
      "autoscale.max: is required: the maximum number of tasks",
      "autoscale: has nothing to scale on: set cpu, memory, requestsPerTask, steps or schedule",
      "autoscale.min: must be at most max, 6; got 7",
      "autoscale.cpu: must be a whole number from 1 to 1000 (percent); got 0",
      "autoscale.cpuu: unknown option; did you mean cpu?",
      "autoscale.requestsPerTask: needs a load balancer to count the requests: call .behindAlb(...)",
      "autoscale.steps: must be an array of steps, { when, add } or { when, remove }; got an empty array",
      "autoscale.steps.0: must be a step, { when, add } or { when, remove }; got 7",
      "autoscale.schedule.0.at: must be cron(minutes hours day-of-month month day-of-week year), rate(5 minutes) or at(2030-01-31T18:00:00); got "daily"",
      "autoscale.schedule.0: must change a bound: set min, max or both",
      "autoscale.schedule.0.timezone: must be an IANA time zone, such as "Europe/Paris"; got "Mars/Olympus"",
      "autoscale.schedule.0.at: must have minutes from 0 to 59, such as 0, 0-59 or *; got "cron(60 8 * * ? *)"",
      "autoscale.schedule.0.at: must have ? as either day-of-month or day-of-week; got "cron(0 8 * * * *)"",
      "autoscale.schedule.0.at: must be a date and time such as at(2030-01-31T18:00:00); got "at(2027-02-30T08:00:00)"",
      "autoscale.schedule.0.min: is above the maximum, 6: set max as well; got 8",
      "autoscale.schedule.0.max: is below the minimum, 2: set min as well; got 1",
      "autoscale.steps.0.when: conflicts with autoscale.cpu, which adds tasks above 50: use a lower threshold",
      "autoscale.steps.0.when: conflicts with autoscale.memory, which removes tasks below 45: use a higher threshold",
    ]
  `);
  expect(issuesOf(scaled({ max: 6, cpu: 50 })["service"]!({ desired: 9 }))).toMatchInlineSnapshot(`
    [
      "service.desired: must be within autoscale's bounds, 2 to 6; got 9",
    ]
  `);
});
