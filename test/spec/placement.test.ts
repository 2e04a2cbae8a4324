import { expect, test } from "vitest";
import { Cluster } from "../../src/index.js";
import { issuesOf, refusals, talk, wronglyRefused } from "./issues-of.js";

const service = (options: object) => talk["service"]!(options);

test("a placement is spread, binpack, or strategies and constraints that ECS supports", () => {
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
    { constraints: [{ memberOf: "attribute:ecs.instance-type =~ *" }] },
    { constraints: [{ memberOf: "attribute:rack == a and attribute:ecs.instance-type matches *.large" }] },
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
      "service.placement.constraints.0: must be a cluster query expression with a regular expression after =~, such as "attribute:ecs.instance-type =~ g4dn.*" (any text is .*); got an object",
      "service.placement.constraints.0: must be a cluster query expression with a regular expression after =~, such as "attribute:ecs.instance-type =~ g4dn.*" (any text is .*); got an object",
    ]
  `);
  const good = [
    "spread",
    "binpack",
    {},
    { strategy: [] },
    { strategy: [{ spread: "attribute:rack" }] },
    { constraints: [{ memberOf: "attribute:ecs.instance-type =~ t3.*+" }] },
  ];
  expect(wronglyRefused(good, (placement) => service({ placement }))).toEqual([]);
});

test("a placement is rejected on Fargate, which has no instances", () => {
  const onFargate = service({ placement: "spread" })["cluster"]!(new Cluster("c").fargate());
  expect(issuesOf(onFargate)).toMatchInlineSnapshot(`
    [
      "service.placement: is not supported on Fargate, where AWS spreads tasks across Availability Zones: remove it",
    ]
  `);
});
