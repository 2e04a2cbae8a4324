import { expect, test } from "vitest";
import { Fleet } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { conference, service } from "./conference.js";
import { sweep } from "./sweep.js";

const changed = (cloud: LocalCloud) =>
  new Fleet(service("talk", { path: "/talks*" }), service("speaker", { version: 2 })).on(cloud);

test("an update of a fleet among foreign resources that meets any fault is finished by the next run", async () => {
  expect(await sweep({ from: conference, to: changed, reads: "telling" })).toMatchInlineSnapshot(`39`);
});

test("a fleet's first deploy that meets any fault at what its members share, or at its last member's own, is finished by the next run", async () => {
  const positions = await sweep({
    to: conference,
    // One deployment's own calls have a sweep of theirs: here the second call of an operation counts, if there is one.
    only: ({ write, service: of }, nth) => write && ["elb", "ecs"].includes(of) && nth === 2,
    after: "destroy",
  });
  expect(positions).toMatchInlineSnapshot(`42`);
});
