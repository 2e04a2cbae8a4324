import { expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { RETENTION_DAYS } from "../../src/spec/logs.js";
import { issuesOf, refusals, talk } from "./issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

test("every retention that CloudWatch Logs supports is accepted", () => {
  for (const days of RETENTION_DAYS)
    expect(complete.logs({ retention: `${days}d` }).toJSON().logs.retention).toBe(days);
  expect(complete.logs({ retention: "24h" }).toJSON().logs.retention).toBe(1);
  expect(complete.logs({ retention: "never" }).toJSON().logs.retention).toBeUndefined();
});

test("a retention that CloudWatch Logs does not support is rejected with those that it supports", () => {
  expect(issuesOf(talk["logs"]!("talk", { retention: "31d" }))).toMatchInlineSnapshot(`
    [
      "logs.retention: must be a retention that CloudWatch Logs supports, 1d, 3d, 5d, 7d, 14d, 30d, 60d, 90d, 120d, 150d, 180d, 365d, 400d, 545d, 731d, 1096d, 1827d, 2192d, 2557d, 2922d, 3288d, 3653d or "never"; got "31d"",
    ]
  `);
  expect(
    refusals(["30", 30, "0d", "12h", "forever"], (retention) => talk["logs"]!({ retention })),
  ).toHaveLength(5);
});

test("a log group's name follows CloudWatch's rule", () => {
  const bad = ["talk service", "", "a".repeat(513), "aws/talk", "talk:1", 1];
  expect(refusals(bad, (group) => talk["logs"]!(group))).toMatchInlineSnapshot(`
    [
      "logs.group: must be 1 to 512 letters, digits and ._-/#, not beginning with "aws/"; got "talk service"",
      "logs.group: must be 1 to 512 letters, digits and ._-/#, not beginning with "aws/"; got """,
      "logs.group: must be 1 to 512 letters, digits and ._-/#, not beginning with "aws/"; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (513 characters)",
      "logs.group: must be 1 to 512 letters, digits and ._-/#, not beginning with "aws/"; got "aws/talk"",
      "logs.group: must be 1 to 512 letters, digits and ._-/#, not beginning with "aws/"; got "talk:1"",
      "logs.group: must be 1 to 512 letters, digits and ._-/#, not beginning with "aws/"; got 1",
    ]
  `);
  expect(issuesOf(talk["logs"]!("/ecs/talk-service#1.log_a"))).toEqual([]);
});

test("a stream prefix leaves room for the container and the task", () => {
  expect(
    refusals(["a:b", "a*", "a".repeat(224), ""], (streamPrefix) => talk["logs"]!("talk", { streamPrefix })),
  ).toMatchInlineSnapshot(`
    [
      "logs.streamPrefix: must be 1 to 223 characters other than : and *; got "a:b"",
      "logs.streamPrefix: must be 1 to 223 characters other than : and *; got "a*"",
      "logs.streamPrefix: must be 1 to 223 characters other than : and *; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (224 characters)",
      "logs.streamPrefix: must be 1 to 223 characters other than : and *; got """,
    ]
  `);
});

test("log options can be given without a group, and unknown ones are rejected", () => {
  expect(issuesOf(talk["logs"]!({ retension: "30d" }))).toMatchInlineSnapshot(`
    [
      "logs.retension: unknown option; did you mean retention?",
    ]
  `);
});
