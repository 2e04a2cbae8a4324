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
    });

    expect(runs).toBeGreaterThan(50);
  },
);
