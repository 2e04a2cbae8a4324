import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";

const MINUTES = 10 * 60_000;
const directory = fileURLToPath(new URL("../../examples/talk-service", import.meta.url));

/** As little as an image needs around it. */
const talk = (cloud: LocalCloud, buildArgs = {}) =>
  new Deployment("talk-service")
    .image(directory, { buildArgs })
    .container({ cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);

test(
  "a deploy that builds and meets any fault at any call is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: async () => {},
      run: (cloud, options) => talk(cloud).deploy(options),
      after: (cloud) => talk(cloud).destroy({ images: true }),
    });
    expect(runs).toBeGreaterThan(80);
  },
);

test(
  "a destroy with images that meets any fault is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: (cloud) => talk(cloud).deploy(),
      run: (cloud, options) => talk(cloud).destroy({ ...options, images: true }),
      strangers: "beside",
    });
    expect(runs).toBeGreaterThan(40);
  },
);
