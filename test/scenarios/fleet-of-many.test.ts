import { expect, test } from "vitest";
import { measureFleet } from "../../bench/fleet.js";

test("the calls of a fleet without changes, and with a change to one, grow with pages and not with services", async () => {
  const [ten, hundred] = [await measureFleet(10), await measureFleet(100)];
  const calls = (fleet: typeof ten, title: string) => fleet[title]!.calls;

  expect(calls(ten, "plan, nothing to do")).toBeLessThan(60);
  expect(calls(hundred, "plan, nothing to do")).toBeLessThan(150);
  // Ninety services more: nine pages of ten of each of a handful of reads.
  expect(calls(hundred, "plan, nothing to do") - calls(ten, "plan, nothing to do")).toBeLessThan(90);
  expect(calls(hundred, "deploy, one changed") - calls(ten, "deploy, one changed")).toBeLessThan(120);
}, 120_000);
