import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { shown } from "../../docs/generate/start-picture.js";
import { runExample } from "./run-example.js";

test("npm start deploys the talk-service, gets answers from two hosts, and destroys everything", async () => {
  const out = await runExample("talk-service/deploy.ts", "--once");
  const hosts = new Set([...out.matchAll(/Talk details returned by (\S+)/g)].map((match) => match[1]));
  expect(hosts.size).toBe(2);
  expect(out).toMatch(/Plan: \d+ to create/);
  expect(out).toMatch(/talk-service answers at http:\/\/127\.0\.0\.1:\d+\/talk/);
  expect(out).toMatch(/Healthy: 2 of 2 tasks run on 2 instances/);
  expect(out).toMatch(/\d+ resources were deleted/);
  expect(out).not.toMatch(/kept:/);

  // The README's picture shows these lines, with the times and ids of another run.
  const picture = readFileSync("docs/public/pictures/npm-start.svg", "utf8").matchAll(/<text .*?<\/text>/g);
  const drawn = [...picture]
    .map(([text]) => text.replaceAll(/<[^>]+>/g, "").replaceAll("&gt;", ">"))
    .slice(1);
  expect(drawn.filter(Boolean).map(masked).sort()).toEqual(shown(out.split("\n")).map(masked).sort());
});

/** A line without what differs from run to run: times, durations, ports, host names. */
const masked = (line: string): string =>
  line
    .trim()
    .replace(/^\d+:\d\d /, "")
    .replace(/(?: \d[\d.]* (?:s|min))+/, " …")
    .replace(/:\d+\/talk/, ":…/talk")
    .replace(/(?<=returned by )\w+/, "…");
