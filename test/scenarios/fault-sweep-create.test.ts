import { expect, test } from "vitest";
import { sweep } from "./sweep.js";
import { talkService } from "./tutorial.js";

test("a first deploy that meets any fault at any call is finished by the next run, and leaves nothing when destroyed", async () => {
  expect(await sweep({ to: talkService, after: "destroy" })).toMatchInlineSnapshot(`522`);
});
