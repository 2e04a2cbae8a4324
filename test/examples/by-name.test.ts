import { expect, test } from "vitest";
import { runExample } from "./run-example.js";

/** What differs from run to run. */
const normalized = (out: string): string =>
  out
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC, \d+ minutes? ago/g, "TIME UTC, 5 minutes ago")
    .replace(/until \d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "until TIME UTC")
    .replace(/conference-\d+\./g, "conference-ID.")
    .replace(/by [0-9a-f]{12}/g, "by HOST");

test("three previews on one load balancer answer at their URLs; one is closed by its name, the rest are found", async () => {
  const out = await runExample("previews.ts");
  expect(normalized(out)).toMatchInlineSnapshot(`
    "talk-pr-101  http://127.0.0.1:PORT/talk
                 Talk details returned by HOST (version 101)
    talk-pr-102  http://127.0.0.1:PORT/talk
                 Talk details returned by HOST (version 102)
    talk-pr-103  http://127.0.0.1:PORT/talk
                 Talk details returned by HOST (version 103)

    talk-pr-102 was closed: 8 resources were deleted

    talk-pr-101  pull request 101  http://127.0.0.1:PORT/talk  200
    talk-pr-103  pull request 103  http://127.0.0.1:PORT/talk  200

    What is left: 0 deployments
    "
  `);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  const urls = [...out.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url);
  expect(new Set(urls).size).toBe(3);
});

test("a held version is looked at and approved by a process that knows the deployment's name only", async () => {
  const out = normalized(await runExample("approve-later.sh"));
  expect(out).toMatchInlineSnapshot(`
    "$ approve-later deploy 1
    Users get it at http://conference-ID.eu-west-1.elb.amazonaws.com/talk
    $ approve-later deploy 2 --hold
    Users get it at http://conference-ID.eu-west-1.elb.amazonaws.com/talk

    $ approve-later look
    talk-service:2  talk-service:2  held
    talk-service:1  talk-service:1  live

    talk-service: blue is live, green is held
      blue   ████████████████████ 100 %  release 1, 1 of 1 tasks
             talk-service:1
             deployed TIME UTC, 5 minutes ago
      green  ░░░░░░░░░░░░░░░░░░░░   0 %  release 2, 1 of 1 tasks
             talk-service:2
             deployed TIME UTC, 5 minutes ago
             look at it: http://conference-ID.eu-west-1.elb.amazonaws.com/talk with the header x-preview: talk-service

    Users see:     Talk details returned (version 1)
    A person sees: Talk details returned (version 2)

    $ approve-later approve
    talk-service: green is live, blue is kept until TIME UTC
      green  ████████████████████ 100 %  release 2, 1 of 1 tasks
             talk-service:2
             deployed TIME UTC, 5 minutes ago
      blue   ░░░░░░░░░░░░░░░░░░░░   0 %  release 1, 1 of 1 tasks
             talk-service:1
             deployed TIME UTC, 5 minutes ago

    Users see:     Talk details returned (version 2)
    $ approve-later destroy

    "
  `);
  // An address is not broken: the terminal does it.
  for (const line of out.split("\n").filter((each) => !each.includes("http://")))
    expect(line.length).toBeLessThanOrEqual(80);
});
