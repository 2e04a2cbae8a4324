import { expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { refusals, talk, wronglyRefused } from "./issues-of.js";

const container = (options: object) => talk["container"]!(options);
const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

test("a container health check is within ECS's ranges", () => {
  const bad = [
    { interval: "4s" },
    { interval: "301s" },
    { timeout: "1s" },
    { timeout: "61s" },
    { retries: 0 },
    { retries: 11 },
    { startPeriod: "6m" },
    { startPeriod: 10 },
    { command: " " },
    { command: [] },
    { path: "/" },
  ];
  expect(refusals(bad, (check) => container({ healthCheck: { command: "true", ...check } })))
    .toMatchInlineSnapshot(`
      [
        "container.healthCheck.interval: must be a duration from 5s to 5m, such as "60s", "5m", "1h" or "3d"; got "4s"",
        "container.healthCheck.interval: must be a duration from 5s to 5m, such as "60s", "5m", "1h" or "3d"; got "301s"",
        "container.healthCheck.timeout: must be a duration from 2s to 1m, such as "60s", "5m", "1h" or "3d"; got "1s"",
        "container.healthCheck.timeout: must be a duration from 2s to 1m, such as "60s", "5m", "1h" or "3d"; got "61s"",
        "container.healthCheck.retries: must be a whole number from 1 to 10; got 0",
        "container.healthCheck.retries: must be a whole number from 1 to 10; got 11",
        "container.healthCheck.startPeriod: must be a duration from 0s to 5m, such as "60s", "5m", "1h" or "3d"; got "6m"",
        "container.healthCheck.startPeriod: must be a duration from 0s to 5m, such as "60s", "5m", "1h" or "3d"; got 10",
        "container.healthCheck.command: must be a shell command line or an array of words: ["node", "check.mjs"]; got " "",
        "container.healthCheck.command: must be a shell command line or an array of words: ["node", "check.mjs"]; got an empty array",
        "container.healthCheck.path: unknown option; valid options: command, interval, timeout, retries, startPeriod",
      ]
    `);
  expect(refusals(["", true], (healthCheck) => container({ healthCheck }))).toMatchInlineSnapshot(`
    [
      "container.healthCheck.command: must be a shell command line or an array of words: ["node", "check.mjs"]; got """,
      "container.healthCheck: must be a shell command line, { command, interval, timeout, retries, startPeriod }, or false for none; got true",
    ]
  `);
});

test("a container health check is a shell command line, or the words of a command", () => {
  const checks = [
    "curl -f localhost",
    { command: ["node", "check.mjs"] },
    { command: ["CMD-SHELL", "true"] },
  ];
  const read = checks.map(
    (healthCheck) => complete.container({ healthCheck }).toJSON().container.healthCheck,
  );
  expect(read.map((check) => check?.command)).toEqual([
    ["CMD-SHELL", "curl -f localhost"],
    ["CMD", "node", "check.mjs"],
    ["CMD-SHELL", "true"],
  ]);
  expect(read[0]).toMatchObject({ interval: 30, timeout: 5, retries: 3, startPeriod: undefined });
});

test.each([
  [["curl -f http://localhost/ || exit 1"], "one word per string"],
  [["curl", "-f", "localhost:${PORT}", "||", "exit", "1"], "only a shell understands localhost:${PORT}"],
  [["curl", "localhost", "||", "exit", "1"], "only a shell understands ||"],
  [["wget", "localhost", ">", "/dev/null"], "only a shell understands >"],
  [["wget", "localhost", "2>/dev/null"], "only a shell understands 2>/dev/null"],
  [["curl", "$URL"], "only a shell understands $URL"],
  [["curl", "$(cat /url)"], "only a shell understands $(cat /url)"],
  [["CMD"], "must name a program"],
  [["CMD", "NONE"], "instead of NONE"],
  [["NONE"], "instead of NONE"],
  [["cmd-shell", "true"], "instead of cmd-shell"],
  [["CMD-SHELL"], "exactly one line"],
  [["CMD-SHELL", "curl", "localhost"], "exactly one line"],
  ["CMD-SHELL curl -f localhost || exit 1", "the command line itself"],
  ["CMD-SHELL, curl -f localhost", "the command line itself"],
  ["NONE", "the command line itself"],
  ['["CMD", "curl"]', "the command line itself"],
  ["['curl', 'localhost']", "the command line itself"],
  ['["curl"]', "the command line itself"],
  ["curl -f localhost; exit 1", "write || before exit"],
])("a health check that can never pass is refused: %j", (command, message) => {
  const [refusal] = refusals([command], (each) => container({ healthCheck: { command: each } }));
  expect(refusal).toContain(message);
});

test.each([
  ["curl -f localhost:$PORT || exit 1"],
  ["curl -f localhost; [ $? = 0 ] || exit 1"],
  ["if ! true; then exit 1; fi"],
  ["CMDER --check"],
  ['[ "$(cat /state)" = "ok" ]'],
  [["node", "-e", "fetch(`http://localhost:${process.env.PORT}`).then(() => process.exit(0))"]],
  [["/usr/bin/env", "python3", "-c", "import os; os.environ['$X']"]],
  [["/sbin/tini", "--", "bash", "-euc", "curl $URL || exit 1"]],
  [["sh", "-c", "curl localhost || exit 1"]],
  [["/bin/bash", "-ec", "curl $URL"]],
  [["curl", "http://localhost/?a=1&b=2"]],
  [["grep", "-q", "a|b", "/state"]],
  [["node", "-e", "process.exit(0)"]],
])("a health check that may pass is accepted: %j", (command) => {
  expect(wronglyRefused([command], (each) => container({ healthCheck: { command: each } }))).toEqual([]);
});
