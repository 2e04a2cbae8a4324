import { describe, expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { issuesOf, refusals, talk, untyped, wronglyRefused, type Untyped } from "./issues-of.js";

const scaled = (options: unknown): Untyped => talk["autoscale"]!(options);
const clustered = (options: unknown): Untyped =>
  untyped(new Deployment("talk-service").image("talk-service:1"))["cluster"]!(
    untyped(new Cluster("conference"))["autoscale"]!(options),
  );
const steps = (...list: unknown[]): Untyped => scaled({ max: 6, steps: list });

const specOf = (chain: Untyped) =>
  (chain["toJSON"]!() as unknown as { scaling: Record<string, unknown> }).scaling;

describe("the scaling of a service", () => {
  test("follows a metric that is held; the minimum is 2 unless the maximum is less", () => {
    expect(specOf(scaled({ max: 6, cpu: 50 }))).toMatchObject({
      min: 2,
      max: 6,
      targets: [{ metric: "cpu", value: 50 }],
    });
    expect(specOf(scaled({ max: 1, cpu: 50 }))).toMatchObject({ min: 1 });
  });

  test("steps of one metric in one direction are one policy, whose alarm begins at the mildest", () => {
    const policies = specOf(
      steps(
        { when: "cpu >= 60", add: 3 },
        { when: "cpu >= 30", add: 1 },
        { when: "cpu <= 10", for: "5m", remove: 1 },
        { when: "cpu <= 2%", for: "5m", remove: 2 },
      ),
    )["policies"];
    expect(policies).toMatchObject([
      {
        name: "cpu-add",
        when: { metric: "cpu", comparison: ">=", threshold: 30, seconds: 60 },
        adjustments: [
          { lower: 0, upper: 30, change: 1 },
          { lower: 30, upper: undefined, change: 3 },
        ],
      },
      {
        name: "cpu-remove",
        when: { comparison: "<=", threshold: 10, seconds: 300 },
        adjustments: [
          { lower: undefined, upper: -8, change: -2 },
          { lower: -8, upper: 0, change: -1 },
        ],
      },
    ]);
  });

  test("per cent, other metrics and existing alarms are policies of their own", () => {
    const metric = { namespace: "AWS/SQS", name: "Visible", dimensions: { QueueName: "q" } };
    const policies = specOf(
      steps(
        { when: { metric, is: ">= 100" }, for: "3m", add: "50%", cooldown: "2m" },
        { when: { alarm: "my-alarm" }, remove: 1 },
      ),
    )["policies"];
    expect(policies).toMatchObject([
      {
        name: "Visible-add",
        unit: "percent",
        cooldown: 120,
        when: { metric: { ...metric, statistic: "Average" }, seconds: 180 },
      },
      { name: "my-alarm-remove", when: { existing: "my-alarm" } },
    ]);
  });
});

test("what is wrong with the bounds is said with its path", () => {
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

test("steps that overlap, fight or turn against the load are refused with their paths", () => {
  expect(
    refusals(
      [
        [
          { when: "cpu >= 30", add: 1 },
          { when: "cpu >= 30", add: 2 },
        ],
        [
          { when: "cpu >= 30", add: 2 },
          { when: "cpu >= 60", add: 1 },
        ],
        [
          { when: "cpu >= 30", add: 1 },
          { when: "cpu <= 40", remove: 1 },
        ],
        [
          { when: "cpu >= 30", add: 1 },
          { when: "cpu <= 30", remove: 1 },
        ],
        [{ when: "cpu <= 30", add: 1 }],
        [{ when: "cpu", add: 1 }],
        [{ when: "load >= 30", add: 1 }],
        [{ when: "cpuReservation >= 30", add: 1 }],
        [{ when: "cpu >= 30" }],
        [{ when: "cpu >= 30", add: 1, remove: 1 }],
        [{ when: "cpu >= 30", add: 0 }],
        [{ when: "cpu >= 30", for: "90s", add: 1 }],
        [{ when: { alarm: "theirs" }, for: "60s", add: 1 }],
        [{ when: { metric: { namespace: "N" }, is: ">= 1" }, add: 1 }],
        [{ when: { metric: { namespace: "N", name: "M" }, is: "100" }, add: 1 }],
      ],
      (list) => steps(...list),
    ),
  ).toMatchInlineSnapshot(`
    [
      "autoscale.steps.1.when: has the same threshold as autoscale.steps.0: 30",
      "autoscale.steps.1: must change at least as much as autoscale.steps.0, which has a milder threshold",
      "autoscale.steps.1.when: conflicts with autoscale.steps.0: between 30 and 40, one adds what the other removes: use a threshold below 30",
      "autoscale.steps.1.when: conflicts with autoscale.steps.0: between 30 and 30, one adds what the other removes: use a threshold below 30",
      "autoscale.steps.0.add: works against the load: add when cpu rises (>=), remove when it falls (<=)",
      "autoscale.steps.0.when: must compare cpu or memory with a threshold in percent, such as "cpu >= 30"; got "cpu"",
      "autoscale.steps.0.when: must compare cpu or memory with a threshold in percent, such as "cpu >= 30"; got "load >= 30"",
      "autoscale.steps.0.when: must compare cpu or memory with a threshold in percent, such as "cpu >= 30"; got "cpuReservation >= 30"",
      "autoscale.steps.0: must have either add or remove, but not both",
      "autoscale.steps.0: must have either add or remove, but not both",
      "autoscale.steps.0.add: must be a whole number of 1 or more, or a percentage from "1%" to "1000%"; got 0",
      "autoscale.steps.0.for: must be whole minutes, the period of AWS's metrics; got 90s",
      "autoscale.steps.0.for: is not supported for an existing alarm, which has its own period: remove it",
      "autoscale.steps.0.when.metric.name: is required",
      "autoscale.steps.0.when.is: must compare with a threshold, such as ">= 100"; got "100"",
    ]
  `);
});

test("a schedule may set one bound where another one makes room for it", () => {
  const schedule = [
    { at: "cron(0 7 * * ? *)", max: 12 },
    { at: "cron(0 8 * * ? *)", min: 8 },
    { at: "cron(0 20 * * ? *)", min: 0 },
    { at: "cron(0 21 ? * FRIL *)", max: 1 },
    { at: "cron(0/15 8-18 15W JAN,MAR ? 2027-2030)", min: 3 },
  ];
  expect(wronglyRefused([{ min: 2, max: 6, schedule }], scaled)).toEqual([]);
});

test("steps may help target tracking where they pull the same way", () => {
  const help = [
    { when: "cpu >= 80", add: 2 },
    { when: "cpu <= 20", remove: 1 },
    { when: "memory >= 30", add: 1 },
  ];
  expect(wronglyRefused([{ max: 6, cpu: 50, steps: help }], scaled)).toEqual([]);
});

test("of instances, bounds, steps and schedules are checked as well", () => {
  expect(
    refusals(
      [
        { min: 5, max: 4 },
        { steps: [{ when: "cpu >= 130", add: 1 }] },
        { steps: [{ when: "cpu >= 30", add: 1 }], targetCapacity: 80 },
        { targetCapacity: 0 },
        { schedule: [{ at: "rate(1 day)", min: 2 }] },
        { schedule: [{ at: "cron(0 8 L * ? *)", min: 2 }] },
        { min: 1, max: 2, schedule: [{ at: "cron(0 8 * * ? *)", min: 4 }] },
      ],
      clustered,
    ),
  ).toMatchInlineSnapshot(`
    [
      "cluster.autoscale.min: must be at most max, 4; got 5",
      "cluster.autoscale.steps.0.when: must have a threshold from 0 to 100 percent; got "cpu >= 130"",
      "cluster.autoscale.targetCapacity: applies to ECS managed scaling and cannot be combined with steps: remove one",
      "cluster.autoscale.targetCapacity: must be a whole number from 1 to 100 (percent); got 0",
      "cluster.autoscale.schedule.0.at: must be cron(minutes hours day-of-month month day-of-week *) or at(2030-01-31T18:00:00): EC2 Auto Scaling does not support rates; got "rate(1 day)"",
      "cluster.autoscale.schedule.0.at: must have no year and no L, W or #, which EC2 Auto Scaling does not support; got "cron(0 8 L * ? *)"",
      "cluster.autoscale.schedule.0.min: is above the maximum, 2: set max as well; got 4",
    ]
  `);
});
