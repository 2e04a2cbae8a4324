import { expect, test } from "vitest";
import { Fleet } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { conference, service } from "./conference.js";
import { sweep } from "./sweep.js";

const MINUTES = 10 * 60_000;

const changed = (cloud: LocalCloud) =>
  new Fleet(service("talk", { path: "/talks*" }), service("speaker", { version: 2 })).on(cloud);

test(
  "an update of a fleet among strangers that meets any fault is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: (cloud) => conference(cloud).deploy(),
      run: (cloud, options) => changed(cloud).deploy(options),
      reads: "telling",
    });

    expect(runs).toBeGreaterThan(40);
  },
);

test(
  "a fleet's first deploy that meets any fault at what its members share, or at its last member's own, is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const seen = new Map<string, number>();
    const runs = await sweep({
      before: async () => {},
      run: (cloud, options) => conference(cloud).deploy(options),
      // One deployment's own calls have a sweep of theirs: here the second of a kind counts, where there is one.
      only: ({ write, operation, service: of }) => {
        if (!write || !["elb", "ecs"].includes(of)) return false;
        const nth = (seen.get(operation) ?? 0) + 1;
        seen.set(operation, nth);
        return nth === 2;
      },
      after: (cloud) => conference(cloud).destroy(),
    });

    expect(runs).toBeGreaterThan(20);
  },
);
