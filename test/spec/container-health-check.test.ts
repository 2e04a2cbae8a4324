import { expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { refusals, talk } from "./issues-of.js";

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
      "container.healthCheck: must be a shell command line or { command, interval, timeout, retries, startPeriod }; got true",
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
