import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("the load test scales tasks and instances out and back in one by one, and loses no request", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "examples/load-test.ts", "--speed", "100"], {
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);

  expect({ code, err }).toEqual({ code: 0, err: "" });
  const sizes = [...out.matchAll(/\d+ of (\d+) +[█░]+ +\d+ of (\d+)/g)].map(([, tasks, instances]) => ({
    tasks: Number(tasks),
    instances: Number(instances),
  }));
  expect(sizes).toContainEqual({ tasks: 6, instances: 4 });
  expect(sizes.at(-1)).toEqual({ tasks: 2, instances: 2 });
  expect(out).toMatch(/\d+ requests were answered, 0 were lost\./);
});
