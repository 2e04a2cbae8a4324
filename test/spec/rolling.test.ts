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
