import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";

const directory = fileURLToPath(new URL("../../examples/talk-service", import.meta.url));

/** As little as an image needs around it. */
const talk = (cloud: LocalCloud) =>
  new Deployment("talk-service")
    .image(directory)
    .container({ cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);

test("a deploy that builds and meets any fault at any call is finished by the next run", async () => {
  const positions = await sweep({
    to: talk,
    after: (cloud) => talk(cloud).destroy({ images: true }),
  });
  expect(positions).toMatchInlineSnapshot(`191`);
});

test("a destroy with images that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    from: talk,
    run: (cloud, options) => talk(cloud).destroy({ ...options, images: true }),
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`145`);
});
