import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { issuesOf, refusals, talk, untyped, wronglyRefused } from "./issues-of.js";

const container = (options: object) => talk["container"]!(options);
const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");
const fargate = new Deployment("talk").image("talk:1").cluster(new Cluster("conference").fargate());
const sized = (container: object) => untyped(fargate)["container"]!(container);

test("a port is 1 to 65535", () => {
  expect(refusals([0, -1, 65_536, 80.5, "80", NaN, null], (port) => talk["port"]!(port)))
    .toMatchInlineSnapshot(`
    [
      "container.port: must be a whole number from 1 to 65535; got 0",
      "container.port: must be a whole number from 1 to 65535; got -1",
      "container.port: must be a whole number from 1 to 65535; got 65536",
      "container.port: must be a whole number from 1 to 65535; got 80.5",
      "container.port: must be a whole number from 1 to 65535; got "80"",
      "container.port: must be a whole number from 1 to 65535; got NaN",
      "container.port: must be a whole number from 1 to 65535; got null",
    ]
  `);
  expect(wronglyRefused([1, 65_535], (port) => talk["port"]!(port))).toEqual([]);
});

test("a load balancer requires a container port, set by any call", () => {
  const behind = talk["behindAlb"]!("conferenceAlb");
  expect(issuesOf(behind)).toMatchInlineSnapshot(`
    [
      "container.port: is required behind a load balancer: call .port(8080), or .container({ port: 8080 })",
    ]
  `);
  expect(issuesOf(behind["port"]!(8080))).toEqual([]);
  expect(issuesOf(behind["container"]!({ port: 8080 }))).toEqual([]);
});

test("command and entry point are lists of words", () => {
  const bad = [{ command: "node server.mjs" }, { command: [] }, { entryPoint: ["node", 1] }];
  expect(refusals(bad, container)).toMatchInlineSnapshot(`
    [
      "container.command: must be an array of strings, one per word: ["node", "server.mjs"]; got "node server.mjs"",
      "container.command: must be an array of strings, one per word: ["node", "server.mjs"]; got an empty array",
      "container.entryPoint: must be an array of strings, one per word: ["node", "server.mjs"]; got an array",
    ]
  `);
});

test("the stop timeout on EC2 instances is unlimited", () => {
  expect(complete.container({ stopTimeout: "10m" }).toJSON().container.stopTimeout).toBe(600);
  expect(refusals(["0s", 30, "30"], (stopTimeout) => container({ stopTimeout }))).toMatchInlineSnapshot(`
    [
      "container.stopTimeout: must be a duration of 1s or more, such as "60s", "5m", "1h" or "3d"; got "0s"",
      "container.stopTimeout: must be a duration of 1s or more, such as "60s", "5m", "1h" or "3d"; got 30",
      "container.stopTimeout: must be a duration of 1s or more, such as "60s", "5m", "1h" or "3d"; got "30"",
    ]
  `);
});

test("the stop timeout on Fargate is at most two minutes", () => {
  expect(issuesOf(sized({ stopTimeout: "2m" }))).toEqual([]);
  expect(refusals(["121s", "3m"], (stopTimeout) => sized({ stopTimeout }))).toMatchInlineSnapshot(`
    [
      "container.stopTimeout: must be a duration from 1s to 2m, such as "60s", "5m", "1h" or "3d"; got "121s"",
      "container.stopTimeout: must be a duration from 1s to 2m, such as "60s", "5m", "1h" or "3d"; got "3m"",
    ]
  `);
});

test("a typo in a container option is named, with the option that was meant", () => {
  const bad = [{ memoryReservtion: 128 }, { Port: 80 }, { enviroment: {} }, { gpu: 1 }];
  expect(refusals(bad, container)).toMatchInlineSnapshot(`
    [
      "container.memoryReservtion: unknown option; did you mean memoryReservation?",
      "container.Port: unknown option; did you mean port?",
      "container.enviroment: unknown option; did you mean environment?",
      "container.gpu: unknown option; did you mean cpu?",
    ]
  `);
});

test("container options that are not an object are rejected", () => {
  expect(refusals(["web", 1, [], null], (options) => talk["container"]!(options))).toMatchInlineSnapshot(`
    [
      "container: must be an object of options; got "web"",
      "container: must be an object of options; got 1",
      "container: must be an object of options; got an empty array",
      "container: must be an object of options; got null",
    ]
  `);
});
