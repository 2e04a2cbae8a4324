import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, SpecError, type OperationOptions } from "../../src/index.js";
import { issuesOf, refusals, talk, untyped, type Untyped } from "../spec/issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

test("a deployment's mistakes are reported all at once, each with its path", async () => {
  const cluster = new Cluster("conference cluster").ec2({ instanceType: "small" });
  const deployment = new Deployment("talk-service")
    .image("./talk-service")
    .container({ cpu: 0 })
    .env({ DB: "x" })
    .secrets({ DB: "ssm:/db" })
    .cluster(cluster)
    .behindAlb(new LoadBalancer("a".repeat(33)).http(0), { healthCheck: { interval: "1s" } })
    .logs({ retention: "31d" });
  const error: unknown = await deployment.deploy({ timeout: "soon" }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SpecError);
  const { code, message, issues } = error as SpecError;
  expect({ code, paths: issues.map(({ path }) => path) }).toMatchInlineSnapshot(`
    {
      "code": "invalid-spec",
      "paths": [
        "image",
        "container.cpu",
        "container.secrets.DB",
        "logs.retention",
        "cluster.name",
        "cluster.ec2.instanceType",
        "loadBalancer.name",
        "loadBalancer.http",
        "behindAlb.healthCheck.interval",
        "options.timeout",
      ],
    }
  `);
  expect(message.split("\n").slice(0, 2)).toMatchInlineSnapshot(`
    [
      "Deployment talk-service is not valid:",
      "  image: the file talk-service/Dockerfile was not found: check the directory, or set the path of the Dockerfile: { dockerfile: "docker/Dockerfile" }",
    ]
  `);
});

describe("in JavaScript, a deployment that lacks its image or its cluster", () => {
  const image = "image: call .image(...) first";
  const cluster = "cluster: call .cluster(...) first";
  const lacking: [string, Untyped, string[]][] = [
    ["both", untyped(new Deployment("talk")), [image, cluster]],
    ["the image", untyped(new Deployment("talk").cluster("c")), [image]],
    ["the cluster", untyped(new Deployment("talk").image("talk")), [cluster]],
  ];
  test.each(lacking)("says which call is missing: %s", (_, chain, sentences) => {
    expect(issuesOf(chain)).toEqual(sentences);
  });

  test.each(["plan", "deploy", "status", "destroy"])("rejects %s before anything is sent", async (act) => {
    const sent: string[] = [];
    const chain = lacking[0]![1]["on"]!(recordingCloud(sent));
    await expect(chain[act]!()).rejects.toMatchObject({ code: "invalid-spec" });
    expect(sent).toEqual([]);
  });
});

test("options of a run are checked before anything is sent", async () => {
  const sent: string[] = [];
  const chain = complete.on(recordingCloud(sent) as never);
  const bad = [
    { timeout: "soon" },
    { timeout: 60 },
    { timeout: "25d" },
    { signal: {} },
    { onEvent: "x" },
    { adopt: 1 },
    { dryRun: true },
    "now",
  ];
  const issues = await Promise.all(
    bad.map((options) => chain.deploy(options as OperationOptions).catch((error: SpecError) => error.issues)),
  );
  expect(
    issues.flatMap((each) => (each as SpecError["issues"]).map(({ path, message }) => `${path}: ${message}`)),
  ).toMatchInlineSnapshot(`
    [
      "options.timeout: must be a duration from 1s to 24d, such as "60s", "5m", "1h" or "3d"; got "soon"",
      "options.timeout: must be a duration from 1s to 24d, such as "60s", "5m", "1h" or "3d"; got 60",
      "options.timeout: must be a duration from 1s to 24d, such as "60s", "5m", "1h" or "3d"; got "25d"",
      "options.signal: must be an AbortSignal; got an empty object",
      "options.onEvent: must be a function; got "x"",
      "options.adopt: must be true or false; got 1",
      "options.dryRun: unknown option; valid options: signal, onEvent, timeout, adopt, showSensitive, wait",
      "options: must be an object of options; got "now"",
    ]
  `);
  expect(sent).toEqual([]);
});

test("an override is a function for an operation that changes resources", () => {
  const bad = [
    { createServce: () => ({}) },
    { describeServices: () => ({}) },
    { createService: {} },
    "createService",
  ];
  const issues = refusals(bad, (overrides) => talk["override"]!(overrides));
  expect(issues.map((line) => line.replace(/valid options: .*/, "valid options: …"))).toMatchInlineSnapshot(`
    [
      "override.createServce: unknown option; did you mean createService?",
      "override.describeServices: unknown option; valid options: …",
      "override.createService: must be a function that takes and returns the request's input; got an empty object",
      "override: must be an object of functions; got "createService"",
    ]
  `);
});

test("a value that is not a cloud is rejected", () => {
  expect(refusals(["eu-west-1", {}, null], (cloud) => talk["on"]!(cloud))).toMatchInlineSnapshot(`
    [
      "on: must be a cloud: aws({ region, … }) or localCloud(); got "eu-west-1"",
      "on: must be a cloud: aws({ region, … }) or localCloud(); got an empty object",
      "on: must be a cloud: aws({ region, … }) or localCloud(); got null",
    ]
  `);
});

test("importing the library and describing a deployment loads no AWS client", async () => {
  const refuseClients = `
    export const resolve = (specifier, context, next) => {
      if (/^@(aws-sdk|smithy)[/]/.test(specifier)) throw new Error("loaded " + specifier);
      return next(specifier, context);
    };`;
  const script = `
    import { register } from "node:module";
    register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(refuseClients)}`)});
    const { aws, Deployment } = await import("./src/index.ts");
    new Deployment("talk").image("talk:1").cluster("c").on(aws()).toJSON();
    const control = await import("@aws-sdk/client-ecs").catch((error) => error.message);
    console.log(control);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", script],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)) },
  );
  expect(stdout.trim()).toBe("loaded @aws-sdk/client-ecs");
});

/** A cloud that remembers what it was asked for. */
function recordingCloud(sent: string[]): object {
  const port = (service: string) =>
    new Proxy({}, { get: (_, operation) => () => void sent.push(`${service}.${String(operation)}`) });
  return {
    region: () => Promise.resolve("eu-west-1"),
    ports: new Proxy({}, { get: (_, service) => port(String(service)) }),
    clock: { now: () => 0, sleep: () => new Promise(() => {}) },
    random: () => 0,
    address: () => "",
  };
}
