import { expect, test } from "vitest";
import { runExample } from "./run-example.js";

test("the conference's services answer each at its path, and one goes without the other", async () => {
  const out = await runExample("conference.ts");
  expect(out).toMatchInlineSnapshot(`
    "/talk → 200 talk-service answers
    /speaker → 200 speaker-service answers
    / → 404 Not found
    talk-service was deleted
    /talk → 404 Not found
    /speaker → 200 speaker-service answers
    speaker-service was deleted; kept: 0, remaining: 0
    "
  `);
});
