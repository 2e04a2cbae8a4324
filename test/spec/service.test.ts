import { expect, test } from "vitest";
import { issuesOf, refusals, talk, wronglyRefused } from "./issues-of.js";

const service = (options: object) => talk["service"]!(options);
const behindAlb = talk["port"]!(8080)["behindAlb"]!();

test("a service has ECS's name, number of tasks and limits", () => {
  const bad = [
    { name: "talk service" },
    { name: "" },
    { name: "a".repeat(256) },
    { desired: -1 },
    { desired: 5001 },
    { desired: 1.5 },
    { circuitBreaker: "yes" },
    { rolling: { minHealthyPercent: 101 } },
    { rolling: { maxPercent: 99 } },
    { rolling: { maxPercent: 201 } },
    { rolling: 50 },
    { rolling: { min: 50 } },
  ];
  expect(refusals(bad, service)).toMatchInlineSnapshot(`
    [
      "service.name: must be 1 to 255 letters, digits, hyphens and underscores; got "talk service"",
      "service.name: must be 1 to 255 letters, digits, hyphens and underscores; got """,
      "service.name: must be 1 to 255 letters, digits, hyphens and underscores; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (256 characters)",
      "service.desired: must be a whole number from 0 to 5000; got -1",
      "service.desired: must be a whole number from 0 to 5000; got 5001",
      "service.desired: must be a whole number from 0 to 5000; got 1.5",
      "service.circuitBreaker: must be true or false; got "yes"",
      "service.rolling.minHealthyPercent: must be a whole number from 0 to 100; got 101",
      "service.rolling.maxPercent: must be a whole number from 100 to 200; got 99",
      "service.rolling.maxPercent: must be a whole number from 100 to 200; got 201",
      "service.rolling: must be an object of options; got 50",
      "service.rolling.min: unknown option; there are: minHealthyPercent, maxPercent",
    ]
  `);
});

test("what is not there yet is not taken silently", () => {
  expect(refusals([{ placement: "spread" }, { desiredCount: 2 }], service)).toMatchInlineSnapshot(`
    [
      "service.placement: unknown option; there are: name, desired, circuitBreaker, healthCheckGrace, rolling, exec, keepReleases",
      "service.desiredCount: unknown option; there are: name, desired, circuitBreaker, healthCheckGrace, rolling, exec, keepReleases",
    ]
  `);
});

test("a rolling update that could move no task is refused", () => {
  const stuck = [
    { rolling: { minHealthyPercent: 100, maxPercent: 100 } },
    { desired: 0, rolling: { minHealthyPercent: 100, maxPercent: 100 } },
    { desired: 1, rolling: { minHealthyPercent: 50, maxPercent: 100 } },
    { desired: 1, rolling: { minHealthyPercent: 100, maxPercent: 150 } },
    { desired: 3, rolling: { minHealthyPercent: 70, maxPercent: 133 } },
  ];
  expect(refusals(stuck, service)).toMatchInlineSnapshot(`
    [
      "service.rolling: with 2 tasks, minHealthyPercent 100 and maxPercent 100 let ECS neither stop an old task nor start a new one: lower minHealthyPercent or raise maxPercent",
      "service.rolling: with 0 tasks, minHealthyPercent 100 and maxPercent 100 let ECS neither stop an old task nor start a new one: lower minHealthyPercent or raise maxPercent",
      "service.rolling: with 1 task, minHealthyPercent 50 and maxPercent 100 let ECS neither stop an old task nor start a new one: lower minHealthyPercent or raise maxPercent",
      "service.rolling: with 1 task, minHealthyPercent 100 and maxPercent 150 let ECS neither stop an old task nor start a new one: lower minHealthyPercent or raise maxPercent",
      "service.rolling: with 3 tasks, minHealthyPercent 70 and maxPercent 133 let ECS neither stop an old task nor start a new one: lower minHealthyPercent or raise maxPercent",
    ]
  `);
});

test("a rolling update that can move a task is taken", () => {
  const moving = [
    { desired: 1, rolling: { minHealthyPercent: 0, maxPercent: 100 } },
    { desired: 1, rolling: { minHealthyPercent: 100, maxPercent: 200 } },
    { desired: 2, rolling: { minHealthyPercent: 50, maxPercent: 100 } },
    { desired: 3, rolling: { minHealthyPercent: 70, maxPercent: 134 } },
    { desired: 0 },
  ];
  expect(wronglyRefused(moving, service)).toEqual([]);
});

test("a health check grace is for services behind a load balancer", () => {
  expect(issuesOf(service({ healthCheckGrace: "2m" }))).toMatchInlineSnapshot(`
    [
      "service.healthCheckGrace: is only for services behind a load balancer: call .behindAlb(...), or leave it out",
    ]
  `);
  expect(issuesOf(behindAlb["service"]!({ healthCheckGrace: "2m" }))).toEqual([]);
  expect(refusals([90, "2 minutes"], (healthCheckGrace) => behindAlb["service"]!({ healthCheckGrace })))
    .toMatchInlineSnapshot(`
    [
      "service.healthCheckGrace: must be a duration from 0s to 24855d, written like "60s", "5m", "1h" or "3d"; got 90",
      "service.healthCheckGrace: must be a duration from 0s to 24855d, written like "60s", "5m", "1h" or "3d"; got "2 minutes"",
    ]
  `);
});
