import { expect, test } from "vitest";
import { issuesOf, refusals, talk } from "./issues-of.js";

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
      "service.rolling.min: unknown option; valid options: minHealthyPercent, maxPercent",
    ]
  `);
});

test("an unknown service option is rejected", () => {
  expect(refusals([{ desiredCount: 2 }], service)).toMatchInlineSnapshot(`
    [
      "service.desiredCount: unknown option; valid options: name, desired, circuitBreaker, healthCheckGrace, rolling, exec, keepReleases, placement",
    ]
  `);
});

test("a health check grace period requires a load balancer", () => {
  expect(issuesOf(service({ healthCheckGrace: "2m" }))).toMatchInlineSnapshot(`
    [
      "service.healthCheckGrace: is supported only behind a load balancer: call .behindAlb(...), or remove it",
    ]
  `);
  expect(issuesOf(behindAlb["service"]!({ healthCheckGrace: "2m" }))).toEqual([]);
  expect(refusals([90, "2 minutes"], (healthCheckGrace) => behindAlb["service"]!({ healthCheckGrace })))
    .toMatchInlineSnapshot(`
      [
        "service.healthCheckGrace: must be a duration from 0s to 24855d, such as "60s", "5m", "1h" or "3d"; got 90",
        "service.healthCheckGrace: must be a duration from 0s to 24855d, such as "60s", "5m", "1h" or "3d"; got "2 minutes"",
      ]
    `);
});
