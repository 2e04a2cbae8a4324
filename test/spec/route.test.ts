import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { refusals, talk, wronglyRefused } from "./issues-of.js";

const routed = (options: unknown) => talk["port"]!(8080)["behindAlb"]!("conferenceAlb", options);
const complete = new Deployment("talk-service")
  .image("talk-service:1")
  .port(8080)
  .cluster("conference-cluster");

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
      "behindAlb.weight: unknown option; valid options: domain, path, host, methods, headers, query, source, authenticate, protocol, slowStart, algorithm, healthCheck, targetGroup, priority, deregistrationDelay, stickiness, container, port",
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

test("a target group's name has at most 32 characters, and no hyphen at either end", () => {
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

test("the default target group on Fargate has another name, because its target type differs", () => {
  const behind = complete.behindAlb();
  expect(behind.toJSON().route?.targetGroup).toBe("talk-service");
  expect(behind.cluster(new Cluster("c").fargate()).toJSON().route?.targetGroup).toBe("talk-service-ip");
});
