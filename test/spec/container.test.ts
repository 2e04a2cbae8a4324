import { expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { issuesOf, refusals, talk, wronglyRefused } from "./issues-of.js";

const container = (options: object) => talk["container"]!(options);
const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

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

test("a load balancer needs a port, however it is given", () => {
  const behind = talk["behindAlb"]!("conferenceAlb");
  expect(issuesOf(behind)).toMatchInlineSnapshot(`
    [
      "container.port: is required behind a load balancer: call .port(8080), or .container({ port: 8080 })",
    ]
  `);
  expect(issuesOf(behind["port"]!(8080))).toEqual([]);
  expect(issuesOf(behind["container"]!({ port: 8080 }))).toEqual([]);
});

test("cpu and memory are whole numbers within what ECS takes", () => {
  const bad = [
    { cpu: 0 },
    { cpu: 196_609 },
    { cpu: "128" },
    { memory: 5 },
    { memory: 128.5 },
    { memoryReservation: 0 },
  ];
  expect(refusals(bad, container)).toMatchInlineSnapshot(`
    [
      "container.cpu: must be a whole number from 1 to 196608 (1024 = 1 vCPU); got 0",
      "container.cpu: must be a whole number from 1 to 196608 (1024 = 1 vCPU); got 196609",
      "container.cpu: must be a whole number from 1 to 196608 (1024 = 1 vCPU); got "128"",
      "container.memory: must be a whole number of 6 or more (MiB); got 5",
      "container.memory: must be a whole number of 6 or more (MiB); got 128.5",
      "container.memoryReservation: must be a whole number of 6 or more (MiB); got 0",
    ]
  `);
});

test("memory is more than what is reserved of it", () => {
  const bad = [
    { memory: 128, memoryReservation: 128 },
    { memory: 128, memoryReservation: 256 },
  ];
  expect(refusals(bad, container)).toMatchInlineSnapshot(`
    [
      "container.memoryReservation: must be less than memory, 128 (MiB); got 128",
      "container.memoryReservation: must be less than memory, 128 (MiB); got 256",
    ]
  `);
  expect(issuesOf(container({ memory: 129, memoryReservation: 128 }))).toEqual([]);
});

test.each([
  ["nothing", {}, { memory: undefined, memoryReservation: 256 }],
  ["a limit", { memory: 512 }, { memory: 512, memoryReservation: undefined }],
  ["a reservation", { memoryReservation: 128 }, { memory: undefined, memoryReservation: 128 }],
])("on instances, with %s said of memory, ECS gets what it needs", (_, said, memory) => {
  expect(complete.container(said).toJSON().container).toMatchObject(memory);
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

test("an environment variable has a name and a value", () => {
  const bad = [
    { "A=B": "1" },
    { "": "1" },
    { "A B": "1" },
    { DB: undefined },
    { DB: null },
    { DB: {} },
    "DB=1",
  ];
  expect(refusals(bad, (environment) => talk["env"]!(environment))).toMatchInlineSnapshot(`
    [
      "container.environment.A=B: must be a variable name in ASCII without "=" and spaces; got "A=B"",
      "container.environment.: must be a variable name in ASCII without "=" and spaces; got """,
      "container.environment.A B: must be a variable name in ASCII without "=" and spaces; got "A B"",
      "container.environment.DB: must be a string, a number or a boolean; got undefined",
      "container.environment.DB: must be a string, a number or a boolean; got null",
      "container.environment.DB: must be a string, a number or a boolean; got an object",
      "container.environment: must be an object of names and values; got "DB=1"",
    ]
  `);
  const environment = { PORT: 8080, DEBUG: false, "spring.profiles.active": "aws", EMPTY: "" };
  expect(complete.env(environment).toJSON().container.environment).toEqual({
    PORT: "8080",
    DEBUG: "false",
    "spring.profiles.active": "aws",
    EMPTY: "",
  });
});

test("a secret is a parameter or an ARN", () => {
  const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/talk/db";
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::";
  expect(
    complete.secrets({ A: "ssm:/talk/db", B: "ssm:db", C: parameter, D: secret }).toJSON().container.secrets,
  ).toEqual({
    A: { from: "parameter-store", parameter: "/talk/db" },
    B: { from: "parameter-store", parameter: "db" },
    C: { from: "arn", arn: parameter },
    D: { from: "arn", arn: secret },
  });
});

test("what is no source of a secret is refused, and not repeated: it may be the secret itself", () => {
  const bad = ["hunter2", "ssm:", "ssm:/talk//db", "arn:aws:s3:::bucket", 1];
  const said = refusals(bad, (DB) => talk["secrets"]!({ DB }));
  expect(said).toMatchInlineSnapshot(`
    [
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got another string",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got another string",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got another string",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got another string",
      "container.secrets.DB: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got 1",
    ]
  `);
  expect(said.join()).not.toContain("hunter2");
});

test("a secret that is also an environment variable is refused", () => {
  expect(issuesOf(talk["env"]!({ DB: "x" })["secrets"]!({ DB: "ssm:/db" }))).toMatchInlineSnapshot(`
    [
      "container.secrets.DB: is also set in environment: a name can be either an environment variable or a secret",
    ]
  `);
});

test("a container health check is within ECS's ranges", () => {
  const bad = [
    { interval: "4s" },
    { interval: "301s" },
    { timeout: "1s" },
    { timeout: "61s" },
    { retries: 0 },
    { retries: 11 },
    { startPeriod: "6m" },
    { startPeriod: 10 },
    { command: " " },
    { command: [] },
    { path: "/" },
  ];
  expect(refusals(bad, (check) => container({ healthCheck: { command: "true", ...check } })))
    .toMatchInlineSnapshot(`
      [
        "container.healthCheck.interval: must be a duration from 5s to 5m, such as "60s", "5m", "1h" or "3d"; got "4s"",
        "container.healthCheck.interval: must be a duration from 5s to 5m, such as "60s", "5m", "1h" or "3d"; got "301s"",
        "container.healthCheck.timeout: must be a duration from 2s to 1m, such as "60s", "5m", "1h" or "3d"; got "1s"",
        "container.healthCheck.timeout: must be a duration from 2s to 1m, such as "60s", "5m", "1h" or "3d"; got "61s"",
        "container.healthCheck.retries: must be a whole number from 1 to 10; got 0",
        "container.healthCheck.retries: must be a whole number from 1 to 10; got 11",
        "container.healthCheck.startPeriod: must be a duration from 0s to 5m, such as "60s", "5m", "1h" or "3d"; got "6m"",
        "container.healthCheck.startPeriod: must be a duration from 0s to 5m, such as "60s", "5m", "1h" or "3d"; got 10",
        "container.healthCheck.command: must be a shell command line or an array of words: ["node", "check.mjs"]; got " "",
        "container.healthCheck.command: must be a shell command line or an array of words: ["node", "check.mjs"]; got an empty array",
        "container.healthCheck.path: unknown option; valid options: command, interval, timeout, retries, startPeriod",
      ]
    `);
  expect(refusals(["", true], (healthCheck) => container({ healthCheck }))).toMatchInlineSnapshot(`
    [
      "container.healthCheck.command: must be a shell command line or an array of words: ["node", "check.mjs"]; got """,
      "container.healthCheck: must be a shell command line or { command, interval, timeout, retries, startPeriod }; got true",
    ]
  `);
});

test("a container health check is a shell line, or the words of a command", () => {
  const checks = [
    "curl -f localhost",
    { command: ["node", "check.mjs"] },
    { command: ["CMD-SHELL", "true"] },
  ];
  const read = checks.map(
    (healthCheck) => complete.container({ healthCheck }).toJSON().container.healthCheck,
  );
  expect(read.map((check) => check?.command)).toEqual([
    ["CMD-SHELL", "curl -f localhost"],
    ["CMD", "node", "check.mjs"],
    ["CMD-SHELL", "true"],
  ]);
  expect(read[0]).toMatchObject({ interval: 30, timeout: 5, retries: 3, startPeriod: undefined });
});

test("on instances a container may have as long to stop as it likes", () => {
  expect(complete.container({ stopTimeout: "10m" }).toJSON().container.stopTimeout).toBe(600);
  expect(refusals(["0s", 30, "30"], (stopTimeout) => container({ stopTimeout }))).toMatchInlineSnapshot(`
    [
      "container.stopTimeout: must be a duration of 1s or more, such as "60s", "5m", "1h" or "3d"; got "0s"",
      "container.stopTimeout: must be a duration of 1s or more, such as "60s", "5m", "1h" or "3d"; got 30",
      "container.stopTimeout: must be a duration of 1s or more, such as "60s", "5m", "1h" or "3d"; got "30"",
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

test("container options that are no object are refused", () => {
  expect(refusals(["web", 1, [], null], (options) => talk["container"]!(options))).toMatchInlineSnapshot(`
    [
      "container: must be an object of options; got "web"",
      "container: must be an object of options; got 1",
      "container: must be an object of options; got an empty array",
      "container: must be an object of options; got null",
    ]
  `);
});
