import { expect, test } from "vitest";
import { refusals, talk, wronglyRefused, type Untyped } from "../issues-of.js";

const scaled = (options: unknown): Untyped => talk["autoscale"]!(options);
const steps = (...list: unknown[]): Untyped => scaled({ max: 6, steps: list });
const specOf = (chain: Untyped) =>
  (chain["toJSON"]!() as unknown as { scaling: Record<string, unknown> }).scaling;

test("steps of one metric in one direction become one policy, with the mildest threshold for its alarm", () => {
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

test("percentages, other metrics and existing alarms become separate policies", () => {
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

test("steps that overlap, conflict or work against the load are rejected with their paths", () => {
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

test("steps can act beside target tracking in the same direction", () => {
  const help = [
    { when: "cpu >= 80", add: 2 },
    { when: "cpu <= 20", remove: 1 },
    { when: "memory >= 30", add: 1 },
  ];
  expect(wronglyRefused([{ max: 6, cpu: 50, steps: help }], scaled)).toEqual([]);
});
