import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { refusals, talk, wronglyRefused } from "./issues-of.js";

const routed = (options: unknown) => talk["port"]!(8080)["behindAlb"]!("conferenceAlb", options);
const complete = new Deployment("talk-service")
  .image("talk-service:1")
  .port(8080)
  .cluster("conference-cluster");
const checked = (healthCheck: unknown) => routed({ healthCheck });

test("a path pattern is one that a load balancer takes", () => {
  const bad = [
    "talk",
    "/talk talk",
    "/talk|x",
    `/${"a".repeat(128)}`,
    "/é",
    "",
    [],
    1,
    ["/talk", 1],
    ["/talk", "/talk"],
  ];
  expect(refusals(bad, (path) => routed({ path }))).toMatchInlineSnapshot(`
    [
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "talk"",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/talk talk"",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/talk|x"",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (129 characters)",
      "behindAlb.path: must begin with / and be at most 128 letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got "/é"",
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got """,
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got an empty array",
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got 1",
      "behindAlb.path: must be one pattern or an array of patterns, such as "/talk*"; got an array",
      "behindAlb.path: "/talk" is listed twice",
    ]
  `);
  const good = ["/talk*", "/", "*", "*.html", "/a_b-c.$~\"'@:+&d?", `/${"a".repeat(127)}`];
  expect(wronglyRefused(good, (path) => routed({ path }))).toEqual([]);
});

test("a host pattern is one that a load balancer takes", () => {
  const bad = [
    "localhost",
    "talk.example.c0m",
    "talk_service.example.com",
    `${"a".repeat(125)}.com`,
    "http://talk.example.com",
  ];
  expect(refusals(bad, (host) => routed({ host }))).toMatchInlineSnapshot(`
    [
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "localhost"",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "talk.example.c0m"",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "talk_service.example.com"",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (129 characters)",
      "behindAlb.host: must be at most 128 letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only letters after the last one; got "http://talk.example.com"",
    ]
  `);
  expect(
    wronglyRefused(["talk.example.com", "*.example.com", "talk-?.Example.COM"], (host) => routed({ host })),
  ).toEqual([]);
});

test("what does not fit into one rule goes into several; one path with one host must fit", () => {
  const paths = (count: number) => Array.from({ length: count }, (_, index) => `/p${index}`);
  const bad = [
    { path: ["/*a*"], host: ["*.?.?.*.?.example.com", "b.com"] },
    { path: ["/*?*?*?*"] },
    { path: paths(501) },
  ];
  expect(refusals(bad, routed)).toMatchInlineSnapshot(`
    [
      "behindAlb: a path and a host must have at most 6 wildcards (* and ?) together, which is a rule's maximum; got 7",
      "behindAlb: a path and a host must have at most 6 wildcards (* and ?) together, which is a rule's maximum; got 7",
      "behindAlb: path and host must fit into the 100 rules of a load balancer; they need 101",
    ]
  `);
  expect(
    wronglyRefused(
      [
        { path: ["/a", "/b", "/c", "/d"], host: ["a.example.com", "b.example.com"] },
        { path: ["/*a*", "/*b*"], host: ["*.?.?.example.com"] },
        { path: paths(500) },
      ],
      routed,
    ),
  ).toEqual([]);
});

test("a target group's health check is within the load balancer's ranges", () => {
  const bad = [
    { interval: "4s" },
    { interval: "301s" },
    { timeout: "1s" },
    { interval: "5m", timeout: "121s" },
    { interval: "10s", timeout: "10s" },
    { timeout: "10s" },
    { healthyThreshold: 1 },
    { unhealthyThreshold: 11 },
    { path: "health" },
    { path: `/${"a".repeat(1024)}` },
    { path: "/a b" },
    { codes: "199" },
    { codes: "200-500" },
    { codes: "299-200" },
    { codes: "200, 204" },
    { codes: 200 },
    { matcher: "200" },
  ];
  expect(refusals(bad, checked)).toMatchInlineSnapshot(`
    [
      "behindAlb.healthCheck.interval: must be a duration from 5s to 5m, such as "60s", "5m", "1h" or "3d"; got "4s"",
      "behindAlb.healthCheck.interval: must be a duration from 5s to 5m, such as "60s", "5m", "1h" or "3d"; got "301s"",
      "behindAlb.healthCheck.timeout: must be a duration from 2s to 2m, such as "60s", "5m", "1h" or "3d"; got "1s"",
      "behindAlb.healthCheck.timeout: must be a duration from 2s to 2m, such as "60s", "5m", "1h" or "3d"; got "121s"",
      "behindAlb.healthCheck.timeout: must be less than interval, 10s; got "10s"",
      "behindAlb.healthCheck.timeout: must be less than interval, 10s; got "10s"",
      "behindAlb.healthCheck.healthyThreshold: must be a whole number from 2 to 10; got 1",
      "behindAlb.healthCheck.unhealthyThreshold: must be a whole number from 2 to 10; got 11",
      "behindAlb.healthCheck.path: must be a path that begins with / and has at most 1024 characters; got "health"",
      "behindAlb.healthCheck.path: must be a path that begins with / and has at most 1024 characters; got "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" (1025 characters)",
      "behindAlb.healthCheck.path: must be a path that begins with / and has at most 1024 characters; got "/a b"",
      "behindAlb.healthCheck.codes: must be HTTP codes from 200 to 499, such as "200", "200-399" or "200,204"; got "199"",
      "behindAlb.healthCheck.codes: must be HTTP codes from 200 to 499, such as "200", "200-399" or "200,204"; got "200-500"",
      "behindAlb.healthCheck.codes: must be HTTP codes from 200 to 499, such as "200", "200-399" or "200,204"; got "299-200"",
      "behindAlb.healthCheck.codes: must be HTTP codes from 200 to 499, such as "200", "200-399" or "200,204"; got "200, 204"",
      "behindAlb.healthCheck.codes: must be HTTP codes from 200 to 499, such as "200", "200-399" or "200,204"; got 200",
      "behindAlb.healthCheck.matcher: unknown option; valid options: path, codes, interval, timeout, healthyThreshold, unhealthyThreshold",
    ]
  `);
  expect(refusals(["health", "", true], checked)).toMatchInlineSnapshot(`
    [
      "behindAlb.healthCheck: must be a path that begins with / and has at most 1024 characters; got "health"",
      "behindAlb.healthCheck: must be a path that begins with / and has at most 1024 characters; got """,
      "behindAlb.healthCheck: must be a path or { path, codes, interval, timeout, healthyThreshold, unhealthyThreshold }; got true",
    ]
  `);
  const good = [
    { codes: "200,204,300-399" },
    { codes: "499" },
    { interval: "5m", timeout: "2m" },
    { interval: "5s", timeout: "4s" },
    "/",
  ];
  expect(wronglyRefused(good, checked)).toEqual([]);
});

test.each([
  ["not given", undefined, { path: "/", interval: 10, timeout: 5 }],
  ["a path", "/health", { path: "/health", interval: 10, timeout: 5 }],
  [
    "more frequent than the default timeout allows",
    { interval: "5s" },
    { path: "/", interval: 5, timeout: 4 },
  ],
])("a health check that is %s gets what it lacks", (_, healthCheck, expected) => {
  expect(complete.behindAlb({ healthCheck }).toJSON().route?.healthCheck).toEqual({
    codes: "200-399",
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    ...expected,
  });
});

test("priority, delay and stickiness are within the load balancer's ranges", () => {
  const bad = [
    { priority: 0 },
    { priority: 50_001 },
    { deregistrationDelay: "61m" },
    { deregistrationDelay: 60 },
    { stickiness: "0s" },
    { stickiness: "8d" },
    { stickiness: true },
    { targetgroup: "x" },
    { weight: 1 },
  ];
  expect(refusals(bad, routed)).toMatchInlineSnapshot(`
    [
      "behindAlb.priority: must be a whole number from 1 to 50000; got 0",
      "behindAlb.priority: must be a whole number from 1 to 50000; got 50001",
      "behindAlb.deregistrationDelay: must be a duration from 0s to 1h, such as "60s", "5m", "1h" or "3d"; got "61m"",
      "behindAlb.deregistrationDelay: must be a duration from 0s to 1h, such as "60s", "5m", "1h" or "3d"; got 60",
      "behindAlb.stickiness: must be a duration from 1s to 7d, such as "60s", "5m", "1h" or "3d"; got "0s"",
      "behindAlb.stickiness: must be a duration from 1s to 7d, such as "60s", "5m", "1h" or "3d"; got "8d"",
      "behindAlb.stickiness: must be a duration from 1s to 7d, such as "60s", "5m", "1h" or "3d"; got true",
      "behindAlb.targetgroup: unknown option; did you mean targetGroup?",
      "behindAlb.weight: unknown option; valid options: path, host, healthCheck, targetGroup, priority, deregistrationDelay, stickiness",
    ]
  `);
  const good = [
    { priority: 1 },
    { priority: 50_000 },
    { deregistrationDelay: "0s" },
    { deregistrationDelay: "1h" },
    { stickiness: "7d" },
  ];
  expect(wronglyRefused(good, routed)).toEqual([]);
});

test("a target group has 32 characters at most, and no hyphen at its ends", () => {
  const bad = ["t".repeat(33), "-talk", "talk-", "talk_service", ""];
  expect(refusals(bad, (targetGroup) => routed({ targetGroup }))).toMatchInlineSnapshot(`
    [
      "behindAlb.targetGroup: must be 1 to 32 letters, digits and hyphens, no hyphen at either end; got "ttttttttttttttttttttttttttttttttt" (33 characters)",
      "behindAlb.targetGroup: must be 1 to 32 letters, digits and hyphens, no hyphen at either end; got "-talk"",
      "behindAlb.targetGroup: must be 1 to 32 letters, digits and hyphens, no hyphen at either end; got "talk-"",
      "behindAlb.targetGroup: must be 1 to 32 letters, digits and hyphens, no hyphen at either end; got "talk_service"",
      "behindAlb.targetGroup: must be 1 to 32 letters, digits and hyphens, no hyphen at either end; got """,
    ]
  `);
  expect(wronglyRefused(["t".repeat(32), "internal-talk"], (targetGroup) => routed({ targetGroup }))).toEqual(
    [],
  );
});

test("on Fargate the default target group is another one, because its targets are of another type", () => {
  const behind = complete.behindAlb();
  expect(behind.toJSON().route?.targetGroup).toBe("talk-service");
  expect(behind.cluster(new Cluster("c").fargate()).toJSON().route?.targetGroup).toBe("talk-service-ip");
});
