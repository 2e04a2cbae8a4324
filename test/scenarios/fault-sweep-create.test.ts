import { expect, test } from "vitest";
import { sweep } from "./sweep.js";
import { talkService } from "./tutorial.js";

const MINUTES = 10 * 60_000;

test(
  "a first deploy that meets any fault at any call is finished by the next run, and leaves nothing when destroyed",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: async () => {},
      run: (cloud, options) => talkService(cloud).deploy(options),
      after: (cloud) => talkService(cloud).destroy(),
    });

    expect(runs).toBeGreaterThan(400);
  },
);
