import { expect, test } from "vitest";
import { runExample } from "./run-example.js";

test("the load test scales tasks and instances out and back in one by one, and loses no request", async () => {
  // At its own speed: faster, targets would drain in less time than a busy machine needs for a request.
  const out = await runExample("load-test.ts");
  const sizes = [...out.matchAll(/\d+ of (\d+) +[█░]+ +\d+ of (\d+)/g)].map(([, tasks, instances]) => ({
    tasks: Number(tasks),
    instances: Number(instances),
  }));
  expect(sizes).toContainEqual({ tasks: 6, instances: 4 });
  expect(sizes.at(-1)).toEqual({ tasks: 2, instances: 2 });
  expect(out).toMatch(/\d+ requests were answered, 0 were lost\./);
});
