import { expect, test } from "vitest";
import { Cluster } from "../../src/index.js";
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
      "service.rolling.min: unknown option; valid options: minHealthyPercent, maxPercent",
    ]
  `);
});

test("an unknown option is not taken silently", () => {
  expect(refusals([{ desiredCount: 2 }], service)).toMatchInlineSnapshot(`
    [
      "service.desiredCount: unknown option; valid options: name, desired, circuitBreaker, healthCheckGrace, rolling, exec, keepReleases, placement",
    ]
  `);
});

test("a placement is one of two words, or strategies and constraints that ECS has", () => {
  const bad = [
    "pack",
    { strategies: [] },
    { strategy: "spread" },
    { strategy: Array(6).fill("random") },
    { constraints: Array(11).fill("distinctInstance") },
    { strategy: [{ spread: "memory" }] },
    { strategy: [{ binpack: "disk" }] },
    { strategy: [{ spread: "zone", binpack: "cpu" }] },
    { constraints: ["distinct"] },
    { constraints: ["distinctInstance", { memberOf: " " }] },
  ];
  expect(refusals(bad, (placement) => service({ placement }))).toMatchInlineSnapshot(`
    [
      "service.placement: must be "spread", "binpack" or { strategy, constraints }; got "pack"",
      "service.placement.strategies: unknown option; valid options: strategy, constraints",
      "service.placement.strategy: must be an array of at most 5 items; got "spread"",
      "service.placement.strategy: must be an array of at most 5 items; got an array",
      "service.placement.constraints: must be an array of at most 10 items; got an array",
      "service.placement.strategy.0: must be "random", { spread: "zone" }, { spread: "instance" }, { spread: "attribute:…" }, { binpack: "cpu" } or { binpack: "memory" }; got an object",
      "service.placement.strategy.0: must be "random", { spread: "zone" }, { spread: "instance" }, { spread: "attribute:…" }, { binpack: "cpu" } or { binpack: "memory" }; got an object",
      "service.placement.strategy.0: must be "random", { spread: "zone" }, { spread: "instance" }, { spread: "attribute:…" }, { binpack: "cpu" } or { binpack: "memory" }; got an object",
      "service.placement.constraints.0: must be "distinctInstance" or { memberOf: "attribute:ecs.instance-type =~ g4dn.*" }; got "distinct"",
      "service.placement.constraints.1: must be "distinctInstance" or { memberOf: "attribute:ecs.instance-type =~ g4dn.*" }; got an object",
    ]
  `);
  const good = ["spread", "binpack", {}, { strategy: [] }, { strategy: [{ spread: "attribute:rack" }] }];
  expect(wronglyRefused(good, (placement) => service({ placement }))).toEqual([]);
});

test("a placement is for instances, which Fargate does not have", () => {
  const onFargate = service({ placement: "spread" })["cluster"]!(new Cluster("c").fargate());
  expect(issuesOf(onFargate)).toMatchInlineSnapshot(`
    [
      "service.placement: is not supported on Fargate, where AWS spreads tasks across Availability Zones: remove it",
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
      "service.rolling: prevents any rollout: with 2 tasks, minHealthyPercent 100 and maxPercent 100, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 0 tasks, minHealthyPercent 100 and maxPercent 100, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 1 task, minHealthyPercent 50 and maxPercent 100, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 1 task, minHealthyPercent 100 and maxPercent 150, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
      "service.rolling: prevents any rollout: with 3 tasks, minHealthyPercent 70 and maxPercent 133, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent",
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
