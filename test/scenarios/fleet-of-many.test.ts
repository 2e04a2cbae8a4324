import { expect, test } from "vitest";
import { measureFleet } from "../../bench/fleet.js";

test("the calls of a fleet without changes, and with a change to one, grow with pages and not with services", async () => {
  const [ten, hundred] = [await measureFleet(10), await measureFleet(100)];
  const calls = (fleet: typeof ten, title: string) => fleet[title]!.calls;

  expect(calls(ten, "plan, nothing to do")).toBeLessThan(55);
  expect(calls(hundred, "plan, nothing to do")).toBeLessThan(115);
  // Ninety services more: nine pages of ten of each of a handful of reads.
  expect(calls(hundred, "plan, nothing to do") - calls(ten, "plan, nothing to do")).toBeLessThan(65);
  expect(calls(hundred, "deploy, one changed") - calls(ten, "deploy, one changed")).toBeLessThan(100);

  // What only looks while a hundred are made or go: some calls a service, where AWS knows no other way.
  expect(hundred["first deploy"]!.reads).toBeLessThan(780);
  expect(hundred["destroy"]!.reads).toBeLessThan(900);
  // Nothing is sent sooner than AWS takes it: what is refused would be sent again.
  const writes = ({ calls, reads }: (typeof ten)[string]) => calls - reads;
  expect(writes(hundred["first deploy"]!)).toBeLessThan(800);
});

test("what scales the services of a fleet is read in pages, too", async () => {
  const plan = async (count: number) =>
    (await measureFleet(count, { scaled: true }))["plan, nothing to do"]!.calls;
  const [ten, hundred] = [await plan(10), await plan(100)];

  expect(ten).toBeLessThan(62);
  // Two policies a service, ten of them a page, and an alarm and a schedule a service.
  expect(hundred).toBeLessThan(160);
});
