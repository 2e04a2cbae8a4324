import { expect, test } from "vitest";
import { CHAINS, PHASES } from "../../bench/chains.js";
import { measureFloor, measureRoundTrips, type Counts } from "../../bench/measure.js";

/** Phase -> round trips in a row / calls. They do not depend on the machine. */
const shown = (counts: Counts): readonly string[] =>
  PHASES.map((phase) => `${phase}: ${counts[phase].roundTrips} / ${counts[phase].calls}`);

test("a run takes few round trips in a row, and few calls", async () => {
  expect(shown(await measureRoundTrips(CHAINS["EC2, capacity provider, load balancer by its name"]!)))
    .toMatchInlineSnapshot(`
      [
        "first deploy: 18 / 71",
        "plan: 4 / 41",
        "no-op deploy: 4 / 39",
        "update: 9 / 48",
        "destroy: 19 / 81",
      ]
    `);
  expect(shown(await measureRoundTrips(CHAINS["Fargate"]!))).toMatchInlineSnapshot(`
    [
      "first deploy: 11 / 50",
      "plan: 4 / 30",
      "no-op deploy: 4 / 30",
      "update: 9 / 39",
      "destroy: 13 / 63",
    ]
  `);
});

test("a plan and a deploy without changes ask nothing twice", async () => {
  for (const title of ["EC2, capacity provider, new LoadBalancer", "EC2"]) {
    const counts = await measureRoundTrips(CHAINS[title]!);
    expect(counts.plan.repeated, title).toBe(0);
    expect(counts["no-op deploy"].repeated, title).toBe(0);
    expect(counts.update.repeated, title).toBe(0);
    expect(counts.plan.roundTrips, title).toBeLessThanOrEqual(5);
    expect(counts["no-op deploy"].roundTrips, title).toBeLessThanOrEqual(6);
  }
});

test("the floor is what AWS makes it cost: each call waits only for what it needs", async () => {
  expect(shown(await measureFloor())).toMatchInlineSnapshot(`
    [
      "first deploy: 12 / 36",
      "plan: 1 / 15",
      "no-op deploy: 1 / 15",
      "update: 3 / 3",
      "destroy: 6 / 20",
    ]
  `);
});
