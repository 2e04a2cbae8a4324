import { expect, test } from "vitest";
import { talk, wronglyRefused, type Untyped } from "../issues-of.js";

const scaled = (options: unknown): Untyped => talk["autoscale"]!(options);

test("a schedule can set one bound if another entry sets the other one", () => {
  const schedule = [
    { at: "cron(0 7 * * ? *)", max: 12 },
    { at: "cron(0 8 * * ? *)", min: 8 },
    { at: "cron(0 20 * * ? *)", min: 0 },
    { at: "cron(0 21 ? * FRIL *)", max: 1 },
    { at: "cron(0/15 8-18 15W JAN,MAR ? 2027-2030)", min: 3 },
  ];
  expect(wronglyRefused([{ min: 2, max: 6, schedule }], scaled)).toEqual([]);
});
