import { expect, test } from "vitest";
import { refusals, talk, wronglyRefused } from "./issues-of.js";

const service = (options: object) => talk["service"]!(options);

test("a rolling update that can neither stop nor start a task is rejected", () => {
  const stuck = [
    { rolling: { minHealthyPercent: 100, maxPercent: 100 } },
    { desired: 0, rolling: { minHealthyPercent: 100, maxPercent: 100 } },
    { desired: 1, rolling: { minHealthyPercent: 50, maxPercent: 100 } },
    { desired: 1, rolling: { minHealthyPercent: 100, maxPercent: 150 } },
    { desired: 3, rolling: { minHealthyPercent: 70, maxPercent: 133 } },
  ];
  expect(refusals(stuck, service)).toMatchInlineSnapshot(`
    [
      "service.rolling: prevents any rollout: with 2 tasks, minHealthyPercent 100 and maxPercent 100, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 0 tasks, minHealthyPercent 100 and maxPercent 100, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 1 task, minHealthyPercent 50 and maxPercent 100, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 1 task, minHealthyPercent 100 and maxPercent 150, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 3 tasks, minHealthyPercent 70 and maxPercent 133, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
    ]
  `);
});

test("a rolling update that can stop or start a task is accepted", () => {
  const moving = [
    { desired: 1, rolling: { minHealthyPercent: 0, maxPercent: 100 } },
    { desired: 1, rolling: { minHealthyPercent: 100, maxPercent: 200 } },
    { desired: 2, rolling: { minHealthyPercent: 50, maxPercent: 100 } },
    { desired: 3, rolling: { minHealthyPercent: 70, maxPercent: 134 } },
    { desired: 0 },
  ];
  expect(wronglyRefused(moving, service)).toEqual([]);
});

test("a rolling update that can never move at the fewest tasks of the scaling is rejected", () => {
  const rolling = { minHealthyPercent: 100, maxPercent: 150 };
  const scaled = (autoscale: object) =>
    talk["service"]!({ rolling })["autoscale"]!({ cpu: 50, ...autoscale });
  const night = { at: "cron(0 20 * * ? *)", min: 1, max: 1 };
  const stuck = [
    { min: 1, max: 3 },
    { min: 0, max: 3 },
    { min: 2, max: 4, schedule: [night] },
  ];
  expect(refusals(stuck, scaled)).toMatchInlineSnapshot(`
    [
      "service.rolling: prevents a rollout whenever the service has as few tasks as autoscale.min allows: with 1 task, minHealthyPercent 100 and maxPercent 150, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent, or increase autoscale.min",
      "service.rolling: prevents a rollout whenever the service has as few tasks as autoscale.min allows: with 1 task, minHealthyPercent 100 and maxPercent 150, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent, or increase autoscale.min",
      "service.rolling: prevents a rollout whenever the service has as few tasks as autoscale.schedule.0.min allows: with 1 task, minHealthyPercent 100 and maxPercent 150, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent, or increase autoscale.schedule.0.min",
    ]
  `);
  expect(wronglyRefused([{ min: 2, max: 4 }, { max: 4 }], scaled)).toEqual([]);
  expect(wronglyRefused([{ min: 1, max: 4 }], (each) => talk["autoscale"]!({ cpu: 50, ...each }))).toEqual(
    [],
  );
});
