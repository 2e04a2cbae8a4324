import { expect, test } from "vitest";
import { refusals, talk, wronglyRefused } from "./issues-of.js";

const routed = (options: unknown) => talk["port"]!(8080)["behindAlb"]!("conferenceAlb", options);
const checked = (healthCheck: unknown) => routed({ healthCheck });

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
      "behindAlb.healthCheck.matcher: unknown option; valid options: path, codes, port, interval, timeout, healthyThreshold, unhealthyThreshold",
    ]
  `);
  expect(refusals(["health", "", true], checked)).toMatchInlineSnapshot(`
    [
      "behindAlb.healthCheck: must be a path that begins with / and has at most 1024 characters; got "health"",
      "behindAlb.healthCheck: must be a path that begins with / and has at most 1024 characters; got """,
      "behindAlb.healthCheck: must be a path or { path, codes, port, interval, timeout, healthyThreshold, unhealthyThreshold }; got true",
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
