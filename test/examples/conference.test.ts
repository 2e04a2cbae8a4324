import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("the conference's services answer each at its path, and one goes without the other", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "examples/conference.ts"], {
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);

  expect({ code, err }).toEqual({ code: 0, err: "" });
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
