/*
 * Unit tests of a deploy script, on a local cloud whose clock is virtual: minutes and days of AWS pass in
 * milliseconds, and no process runs. Any test runner will do.
 */
import { localCloud, type ImageBehavior } from "quayside/local";
import { afterAll, beforeEach, expect, test } from "vitest";
import { deployTalk } from "./deploy-script.js";

/** An image whose version is its tag. */
const version = (text: string): ImageBehavior => ({
  answers: { "/health": 200, "/talk/version": { body: text } },
});

const cloud = localCloud({
  clock: "virtual",
  images: {
    "talk-service:1": version("1"),
    "talk-service:2": version("2"),
    "talk-service:mislabeled": version("1"),
    "talk-service:broken": { exits: 1, log: ["DATABASE_URL is not set"] },
  },
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const services = () => cloud.state().services;

test("a new version replaces the old one, which is kept for three days", async () => {
  await deployTalk("1", cloud);
  await deployTalk("2", cloud);
  expect(services()["conference-cluster/talk-service-blue"]?.runningCount).toBe(2);
  await cloud.advance("4d");
  expect(services()["conference-cluster/talk-service-blue"]?.runningCount).toBe(0);
  expect(services()["conference-cluster/talk-service-green"]?.runningCount).toBe(2);
});

test("an image with another version inside gets no traffic", async () => {
  await deployTalk("1", cloud);
  await expect(deployTalk("mislabeled", cloud)).rejects.toMatchObject({
    code: "verification-failed",
    message: expect.stringContaining('/talk/version is "1", not "mislabeled"'),
  });
});

test("a version that does not start fails with the reason", async () => {
  await deployTalk("1", cloud);
  await expect(deployTalk("broken", cloud)).rejects.toMatchObject({
    code: "rollout-failed",
    evidence: { logs: expect.arrayContaining([expect.stringContaining("DATABASE_URL is not set")]) },
  });
});

test("a deploy is retried while AWS throttles, and can be repeated after a failure", async () => {
  cloud.faults.inject({ service: "ecs", operation: "createService", kind: "throttled", times: 3 });
  await deployTalk("1", cloud);
  cloud.faults.inject({ service: "ecs", operation: "registerTaskDefinition", kind: "access-denied" });
  await expect(deployTalk("2", cloud)).rejects.toMatchObject({ code: "access-denied" });
  await deployTalk("2", cloud);
});

test("under load, tasks are added", async () => {
  await deployTalk("1", cloud);
  cloud.load("talk-service-blue", { cpu: 300 });
  await cloud.advance("15m");
  expect(services()["conference-cluster/talk-service-blue"]?.runningCount).toBe(6);
});
