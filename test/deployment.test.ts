import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, SpecError, type ActOptions } from "../src/index.js";
import { issuesOf, refusals, talk, untyped, type Untyped } from "./spec/issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");

test("the tutorial's chain is read with all its defaults", () => {
  const cluster = new Cluster("conference-cluster")
    .ec2({
      instanceType: "t2.micro",
      keyPair: "conference-key",
      securityGroup: "conferenceEcsSecurityGroup",
      instanceRole: "ecsInstanceRole",
    })
    .autoscale({ min: 2, max: 4 });
  const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
  const deployment = new Deployment("talk-service")
    .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1")
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ name: "talk-service-ecs", desired: 2 })
    .cluster(cluster)
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" })
    .logs("talk-service-cloudwatch", { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" });

  expect(deployment.toJSON()).toMatchInlineSnapshot(`
    {
      "cluster": {
        "capacity": {
          "ami": undefined,
          "instanceRole": "ecsInstanceRole",
          "instanceType": "t2.micro",
          "keyPair": {
            "createTo": undefined,
            "name": "conference-key",
          },
          "max": 4,
          "min": 2,
          "securityGroup": "conferenceEcsSecurityGroup",
          "spot": false,
          "type": "ec2",
          "userData": undefined,
        },
        "claim": "own",
        "name": "conference-cluster",
        "tags": {},
      },
      "container": {
        "command": undefined,
        "cpu": 128,
        "entryPoint": undefined,
        "environment": {},
        "healthCheck": undefined,
        "memory": undefined,
        "memoryReservation": 128,
        "name": "web",
        "port": 8080,
        "secrets": {},
        "stopTimeout": undefined,
        "user": undefined,
      },
      "image": {
        "credentials": undefined,
        "reference": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1",
      },
      "logs": {
        "group": "talk-service-cloudwatch",
        "retention": 30,
        "streamPrefix": "aws-talk-service-cloudwatch",
      },
      "name": "talk-service",
      "route": {
        "deregistrationDelay": 60,
        "healthCheck": {
          "codes": "200-399",
          "healthyThreshold": 2,
          "interval": 10,
          "path": "/health",
          "timeout": 5,
          "unhealthyThreshold": 3,
        },
        "host": [],
        "loadBalancer": {
          "allow": [
            "0.0.0.0/0",
            "::/0",
          ],
          "listeners": [
            {
              "port": 80,
              "protocol": "http",
            },
          ],
          "name": "conferenceAlb",
          "scheme": "internet-facing",
          "securityGroup": "conferenceAlbSecurityGroup",
          "tags": {},
        },
        "path": [
          "/talk*",
        ],
        "priority": undefined,
        "stickiness": undefined,
        "targetGroup": "talkServiceTargetGroup",
      },
      "service": {
        "circuitBreaker": true,
        "desired": 2,
        "healthCheckGrace": 60,
        "maxPercent": 200,
        "minHealthyPercent": 100,
        "name": "talk-service-ecs",
      },
      "tags": {},
    }
  `);
});

test("the least that can be said is enough", () => {
  const deployment = new Deployment().image("nginx").cluster("conference-cluster");
  const { cluster: _, ...spec } = deployment.toJSON();
  expect(spec).toMatchInlineSnapshot(`
    {
      "container": {
        "command": undefined,
        "cpu": undefined,
        "entryPoint": undefined,
        "environment": {},
        "healthCheck": undefined,
        "memory": undefined,
        "memoryReservation": 256,
        "name": "nginx",
        "port": undefined,
        "secrets": {},
        "stopTimeout": undefined,
        "user": undefined,
      },
      "image": {
        "credentials": undefined,
        "reference": "nginx",
      },
      "logs": {
        "group": "nginx",
        "retention": 30,
        "streamPrefix": "nginx",
      },
      "name": "nginx",
      "route": undefined,
      "service": {
        "circuitBreaker": true,
        "desired": undefined,
        "healthCheckGrace": undefined,
        "maxPercent": 200,
        "minHealthyPercent": 100,
        "name": "nginx",
      },
      "tags": {},
    }
  `);
});

describe("a deployment without a name", () => {
  test.each([
    ["nginx:1.29", "nginx"],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/conference/talk-service:1", "talk-service"],
    ["registry.example.com:5000/a/b/my_app@sha256:" + "0".repeat(64), "my_app"],
  ])("of %s is called %s", (image, name) => {
    expect(new Deployment().image(image).cluster("c").toJSON().name).toBe(name);
  });

  test("is called something that ECS takes, whatever its repository is called", () => {
    expect(
      new Deployment().image("conference/talk.service").cluster("c").toJSON().name,
    ).toMatchInlineSnapshot(`"talk-service-48d09913"`);
  });

  test("is called after the image that it has in the end", () => {
    expect(new Deployment().image("a").cluster("c").image("b").toJSON().name).toBe("b");
  });
});

test("a name is 1 to 245 of ECS's characters: it becomes a tag's value, too", () => {
  const named = (name: string) => untyped(new Deployment(name).image("talk").cluster("c"));
  expect(refusals(["", "talk service", "talk.service", "t".repeat(246)], named)).toMatchInlineSnapshot(`
    [
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got """,
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got "talk service"",
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got "talk.service"",
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttt…" (246 characters)",
    ]
  `);
  expect(issuesOf(named("t".repeat(245)))).toEqual([]);
});

test("of a deployment with the longest name every default is one that AWS takes", () => {
  const { logs, route, cluster } = new Deployment("t".repeat(245))
    .image("talk")
    .port(80)
    .cluster("c".repeat(248))
    .behindAlb()
    .toJSON();
  expect(logs.streamPrefix.length).toBeLessThanOrEqual(223);
  expect([route!.loadBalancer.name, route!.targetGroup].map((name) => name.length)).toEqual([32, 32]);
  expect(cluster.capacity).toMatchObject({ instanceRole: expect.stringMatching(/^.{64}$/) });
});

test("everything wrong is said at once, and where", async () => {
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
        "cluster.name",
        "cluster.ec2.instanceType",
        "loadBalancer.name",
        "loadBalancer.http",
        "behindAlb.healthCheck.interval",
        "container.port",
        "container.cpu",
        "container.secrets.DB",
        "logs.retention",
        "options.timeout",
      ],
    }
  `);
  expect(message.split("\n").slice(0, 2)).toMatchInlineSnapshot(`
    [
      "Deployment talk-service is not valid: ",
      "  image: building from a directory is not there yet: push the image of "./talk-service" to a registry and give its reference, such as "123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1"",
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
    bad.map((options) => chain.deploy(options as ActOptions).catch((error: SpecError) => error.issues)),
  );
  expect(
    issues.flatMap((each) => (each as SpecError["issues"]).map(({ path, message }) => `${path}: ${message}`)),
  ).toMatchInlineSnapshot(`
    [
      "options.timeout: must be a duration from 1s to 24d, written like "60s", "5m", "1h" or "3d"; got "soon"",
      "options.timeout: must be a duration from 1s to 24d, written like "60s", "5m", "1h" or "3d"; got 60",
      "options.timeout: must be a duration from 1s to 24d, written like "60s", "5m", "1h" or "3d"; got "25d"",
      "options.signal: must be an AbortSignal; got an object",
      "options.onEvent: must be a function; got "x"",
      "options.adopt: must be true or false; got 1",
      "options.dryRun: unknown option; there are: signal, onEvent, timeout, adopt",
      "options: must be an object of options; got "now"",
    ]
  `);
  expect(sent).toEqual([]);
});

test("an override is a function of an operation that changes something", () => {
  const bad = [
    { createServce: () => ({}) },
    { describeServices: () => ({}) },
    { createService: {} },
    "createService",
  ];
  const said = refusals(bad, (overrides) => talk["override"]!(overrides));
  expect(said.map((line) => line.replace(/there are: .*/, "there are: …"))).toMatchInlineSnapshot(`
    [
      "override.createServce: unknown option; did you mean createService?",
      "override.describeServices: unknown option; there are: …",
      "override.createService: must be a function that takes the request's input and returns it; got an object",
      "override: must be an object of functions; got "createService"",
    ]
  `);
});

test("what is no cloud is refused", () => {
  expect(refusals(["eu-west-1", {}, null], (cloud) => talk["on"]!(cloud))).toMatchInlineSnapshot(`
    [
      "on: must be a cloud: aws({ region, … }) or localCloud(); got "eu-west-1"",
      "on: must be a cloud: aws({ region, … }) or localCloud(); got an object",
      "on: must be a cloud: aws({ region, … }) or localCloud(); got null",
    ]
  `);
});

test("the description is frozen, all the way down", () => {
  const seen: unknown[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    seen.push(value);
    expect(Object.isFrozen(value)).toBe(true);
    for (const part of Object.values(value)) visit(part);
  };
  visit(
    complete.port(80).behindAlb().env({ A: "1" }).secrets({ B: "ssm:/b" }).tags({ team: "talk" }).toJSON(),
  );
  expect(seen.length).toBeGreaterThan(10);
  for (const chain of [complete, new Cluster("c"), new LoadBalancer("alb")])
    expect(Object.isFrozen(chain)).toBe(true);
});

test("the description is computed once", () => {
  expect(complete.toJSON()).toBe(complete.toJSON());
});

test("the description survives JSON", () => {
  const spec = complete.port(80).behindAlb().toJSON();
  expect(JSON.parse(JSON.stringify(complete.port(80).behindAlb()))).toEqual(JSON.parse(JSON.stringify(spec)));
});

test("what the caller does to his own objects afterwards reaches no chain", () => {
  const environment: Record<string, string> = { A: "1" };
  const path = ["/talk*"];
  const options = { min: 2, max: 3 };
  const cluster = new Cluster("c").autoscale(options);
  const chain = complete.env(environment).port(80).behindAlb({ path }).cluster(cluster);
  environment["A"] = "2";
  path.push("/other");
  options.max = 9;
  const spec = chain.toJSON();
  expect(spec.container.environment).toEqual({ A: "1" });
  expect(spec.route?.path).toEqual(["/talk*"]);
  expect(spec.cluster.capacity).toMatchObject({ max: 3 });
});

test("container calls merge: a later one wins, and leaves alone what it does not name", () => {
  const { container } = complete
    .container({ name: "web", port: 80, environment: { A: "1", B: "1" } })
    .container({ port: 8080, user: undefined, environment: { B: "2" } })
    .env({ C: "3" })
    .toJSON();
  expect(container).toMatchObject({ name: "web", port: 8080, environment: { A: "1", B: "2", C: "3" } });
});

test("of what is said twice as a whole, the last word counts", () => {
  const spec = complete
    .port(80)
    .behindAlb("first", { path: "/first*" })
    .behindAlb("second")
    .logs("first", { retention: "1d" })
    .logs("second")
    .toJSON();
  expect(spec.route).toMatchObject({ loadBalancer: { name: "second" }, path: ["/*"] });
  expect(spec.logs).toMatchObject({ group: "second", retention: 30 });
});

test("a key that JavaScript treats specially is a key like any other", () => {
  const environment = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
  expect(Object.entries(complete.env(environment).toJSON().container.environment)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

/** One call of every method, of which a branch is made. */
const calls = fc.constantFrom<(chain: Untyped) => Untyped>(
  (chain) => chain["image"]!("other:2"),
  (chain) => chain["container"]!({ cpu: 512, memory: 512 }),
  (chain) => chain["port"]!(9090),
  (chain) => chain["env"]!({ VERSION: "2" }),
  (chain) => chain["secrets"]!({ TOKEN: "ssm:/token" }),
  (chain) => chain["service"]!({ desired: 7 }),
  (chain) => chain["cluster"]!("other-cluster"),
  (chain) => chain["port"]!(80)["behindAlb"]!("other-alb", { path: "/other*" }),
  (chain) => chain["logs"]!("other-group"),
  (chain) => chain["tags"]!({ team: "other" }),
  (chain) => chain["override"]!({ createService: (input: unknown) => input }),
);

test("a branch never changes what it branched from", () => {
  fc.assert(
    fc.property(
      fc.array(calls, { maxLength: 6 }),
      fc.array(calls, { minLength: 1, maxLength: 6 }),
      (trunk, branch) => {
        const base = trunk.reduce((chain, call) => call(chain), untyped(complete));
        const before = JSON.stringify(base);
        branch.reduce((chain, call) => call(chain), base);
        // From the same words again, so that a description computed before hides nothing.
        const again = trunk.reduce((chain, call) => call(chain), untyped(complete));
        expect(JSON.stringify(base)).toBe(before);
        expect(JSON.stringify(again)).toBe(before);
      },
    ),
  );
});

test("a branch of a cluster or a load balancer never changes what it branched from", () => {
  const cluster = new Cluster("c").ec2({ spot: true });
  const alb = new LoadBalancer("alb").http(80);
  cluster.fargate();
  cluster.autoscale({ max: 9 }).tags({ team: "x" });
  alb.http(8080).internal().allow("10.0.0.0/8").securityGroup("x").tags({ team: "x" });
  const spec = complete.port(80).cluster(cluster).behindAlb(alb).toJSON();
  const fresh = new LoadBalancer("alb");
  expect(spec.cluster).toMatchObject({ capacity: { type: "ec2", spot: true, max: 4 }, tags: {} });
  expect(spec.route?.loadBalancer).toEqual(complete.port(80).behindAlb(fresh).toJSON().route?.loadBalancer);
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
    { cwd: fileURLToPath(new URL("..", import.meta.url)) },
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
