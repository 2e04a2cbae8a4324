import { expect, test } from "vitest";
import { ClockOffset } from "../../src/aws/clock-offset.js";

const NOON = Date.parse("Thu, 26 Nov 2026 12:00:00 GMT");
const header = (at: number) => new Date(at).toUTCString();

test("AWS's clock is known from its answers: the nearest of them counts", () => {
  const offset = new ClockOffset();
  expect(offset.milliseconds).toBe(0);
  // The computer is five minutes behind; the header has no milliseconds.
  const computer = NOON - 300_000;
  offset.note(header(NOON), computer + 700, computer + 800);
  expect(offset.milliseconds).toBe(299_200);
  offset.note(header(NOON + 1_000), computer + 1_000, computer + 1_050);
  expect(offset.milliseconds).toBe(299_950);
  offset.note(header(NOON + 1_000), computer + 1_800, computer + 1_900);
  expect(offset.milliseconds).toBe(299_950);
});

test("an answer without a date, or that took long, says nothing", () => {
  const offset = new ClockOffset();
  offset.note(undefined, NOON, NOON);
  offset.note("yesterday", NOON, NOON);
  offset.note(header(NOON + 60_000), NOON, NOON + 3_000);
  expect(offset.milliseconds).toBe(0);
});

test("a clock that is set while the program runs is noticed", () => {
  const offset = new ClockOffset();
  offset.note(header(NOON), NOON, NOON);
  offset.note(header(NOON), NOON + 300_000, NOON + 300_000);
  expect(offset.milliseconds).toBe(-300_000);
});
