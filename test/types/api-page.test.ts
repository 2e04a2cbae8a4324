import { expect, expectTypeOf, test } from "vitest";
import {
  AbortedError,
  aws,
  AwsError,
  Cluster,
  Deployment,
  Fleet,
  Job,
  jsonReporter,
  LoadBalancer,
  OwnershipError,
  QuaysideError,
  RolloutError,
  SpecError,
  terminalReporter,
  TimeoutError,
  type Change,
  type Cloud,
  type Plan,
  type QuaysideEvent,
} from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";

/*
 * The public API that users' scripts rely on. Operations that send requests are only compiled; descriptions
 * are also evaluated.
 */

const image = "registry.example.com/talk-service:1";

test("the shortest deployment", () => {
  void (async () => {
    const outcome = await new Deployment("talk-service")
      .image("./talk-service")
      .cluster("conference-cluster")
      .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
      .autoscale({ min: 2, max: 6, cpu: 50 })
      .deploy();
    console.log(outcome.url);
    expectTypeOf(outcome).toHaveProperty("changes");
    expectTypeOf(outcome).toHaveProperty("service");
    expectTypeOf(outcome).toHaveProperty("taskDefinition");
    expectTypeOf(outcome).toHaveProperty("image");
    expectTypeOf(outcome).toHaveProperty("cluster");
    expectTypeOf(outcome).toHaveProperty("duration");
  });
});

const cluster = new Cluster("conference-cluster")
  .ec2({
    instanceType: "t3.micro",
    keyPair: "conference-key",
    securityGroup: "conferenceEcsSecurityGroup",
    instanceRole: "ecsInstanceRole",
  })
  .autoscale({
    min: 2,
    max: 4,
    steps: [
      { when: "cpu >= 30", for: "60s", add: 2 },
      { when: "cpu <= 10", for: "5m", remove: 1 },
    ],
  });
const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
const talk = new Deployment("talk-service")
  .image(image)
  .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
  .service({ name: "talk-service-ecs", desired: 2 })
  .cluster(cluster)
  .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" })
  .logs("talk-service-cloudwatch", { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" })
  .autoscale({ min: 2, max: 6, cpu: 50 });

test("the tutorial, in full", () => {
  const speaker = new Deployment("speaker-service")
    .image("registry.example.com/speaker-service:1")
    .port(8080)
    .cluster(cluster)
    .behindAlb(alb, { path: "/speaker*", healthCheck: "/health" });
  expect([talk, speaker].map((each) => each.toJSON().name)).toEqual(["talk-service", "speaker-service"]);
  void (async () => {
    const fleet = new Fleet(talk, speaker);
    await fleet.deploy();
    await fleet.plan();
    await fleet.status();
    await fleet.destroy();
  });
});

test("every option of a deployment", () => {
  const all = new Deployment()
    .image(image, { credentials: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf" })
    .container({
      name: "web",
      port: 8080,
      cpu: 128,
      memory: 256,
      memoryReservation: 128,
      command: ["node", "server.mjs"],
      entryPoint: ["/init"],
      environment: { LEVEL: "info" },
      secrets: { TOKEN: "ssm:/talk/token" },
      healthCheck: "true",
      stopTimeout: "30s",
      user: "node",
    })
    .port(8080)
    .env({ VERSION: 1 })
    .secrets({ DB: "ssm:/path", KEY: "arn:aws:ssm:eu-west-1:123456789012:parameter/key" })
    .sidecar("db-proxy", { image: "registry.example.com/db-proxy:2" })
    .service({
      name: "talk",
      desired: 2,
      rolling: { minHealthyPercent: 50, maxPercent: 200 },
      circuitBreaker: true,
      healthCheckGrace: "60s",
      placement: "spread",
      exec: true,
    })
    .cluster("conference-cluster")
    .behindAlb({
      path: ["/talk*", "/talks*"],
      host: "conference.example.com",
      healthCheck: "/health",
      targetGroup: "talk",
      priority: 10,
      deregistrationDelay: "30s",
      stickiness: "1h",
    })
    .logs({ retention: "30d", streamPrefix: "talk" })
    .autoscale({
      min: 2,
      max: 6,
      cpu: 50,
      memory: 60,
      requestsPerTask: 1000,
      steps: [
        { when: "cpu >= 80", for: "60s", add: 2, cooldown: "2m" },
        {
          when: {
            metric: {
              namespace: "AWS/SQS",
              name: "ApproximateNumberOfMessagesVisible",
              dimensions: { QueueName: "talk" },
              statistic: "Average",
            },
            is: ">= 100",
          },
          for: "3m",
          add: 1,
        },
        { when: { alarm: "my-alarm" }, remove: 1 },
      ],
      schedule: [{ at: "cron(0 8 * * ? *)", timezone: "Europe/Paris", min: 4 }],
    })
    .beforeRelease({ command: ["node", "migrate.mjs"] })
    .taskRole({ policies: [] })
    .taskRole("arn:aws:iam::123456789012:role/talk")
    .tags({ team: "talk" })
    .override({ createService: (input) => input })
    .on(aws({ region: "eu-west-1", profile: "conference" }))
    .on(aws({ credentials: { accessKeyId: "a", secretAccessKey: "b" }, endpoint: "http://127.0.0.1:1" }));
  expect(all.toJSON().name).toBe("talk-service");
  void (() =>
    all.image("./talk", {
      dockerfile: "Dockerfile",
      target: "release",
      buildArgs: { VERSION: "1" },
      buildSecrets: { npm: { env: "NPM_TOKEN" }, netrc: { file: "./netrc" } },
      ssh: "default",
      contexts: { shared: "../shared" },
      platform: "linux/arm64",
      repository: "talk",
    }));
});

test("every option of a cluster and of a load balancer", () => {
  const clusters = [
    cluster.ec2({
      ami: "ami-0123456789abcdef0",
      spot: true,
      userData: "echo hello",
    }),
    new Cluster("c").fargate({ spot: true }).network({ vpc: "vpc-1", subnets: ["subnet-1", "subnet-2"] }),
    new Cluster("c").autoscale({ min: 1, max: 3, targetCapacity: 90, schedule: [] }),
    new Cluster("c").autoscale({ max: 3, steps: [{ when: "cpuReservation >= 80", add: 1 }] }),
    new Cluster("c").autoscale({ max: 3, steps: [{ when: "memoryReservation >= 80", add: 1 }] }),
    Cluster.existing("theirs"),
  ];
  const balancers = [
    new LoadBalancer("a").https(443, { certificate: "conference.example.com", redirectHttp: true }),
    new LoadBalancer("a").internal().allow("10.0.0.0/8", "fd00::/8").securityGroup("a").network({ vpc: "v" }),
    LoadBalancer.existing("theirs"),
  ];
  void (async () => {
    for (const each of [...clusters, ...balancers]) {
      expectTypeOf(await each.plan()).toEqualTypeOf<Plan>();
      await each.deploy();
      await each.status();
      await each.destroy();
    }
  });
});

test("every operation, and its result", () => {
  void (async () => {
    const onEvent: (event: QuaysideEvent) => void = terminalReporter() ?? jsonReporter();
    const options = { signal: new AbortController().signal, onEvent, timeout: "20m", adopt: true };
    const plan = await talk.plan(options);
    expectTypeOf(plan.isEmpty).toEqualTypeOf<boolean>();
    expectTypeOf(plan.toString()).toEqualTypeOf<string>();
    void [plan.toJSON(), plan.toMermaid()];
    for (const { action, resource, name, fields, reason } of plan.changes) {
      expectTypeOf(action).toEqualTypeOf<"create" | "update" | "replace" | "delete" | "none">();
      for (const { path, before, after } of fields) void [resource, name, reason, path, before, after];
    }
    expectTypeOf(plan.changes[0]!).toEqualTypeOf<Change>();
    await talk.deploy(options);
    expectTypeOf((await talk.status()).isHealthy).toEqualTypeOf<boolean>();
    for await (const { time, stream, task, message } of talk.tail({
      since: "1h",
      follow: true,
      filter: "ERROR",
    }))
      void [time, stream, task, message];
    const { tasks } = await talk.run({ command: ["node", "import.mjs"], count: 2, wait: true });
    for (const { exitCode, reason, logs } of tasks) void [exitCode, reason, logs];
    for (const { id, image, taskDefinition, createdAt, state } of await talk.history()) {
      void [image, taskDefinition, createdAt, state];
      await talk.rollback({ to: id });
    }
    await talk.rollback();
    await talk.exec({ task: tasks[0]!.task, command: "ls" });
    const { deleted, kept } = await talk.destroy(options);
    for (const { resource, name, why } of kept) void [deleted, resource, name, why];
  });
});

test("jobs", () => {
  void (async () => {
    await new Job("nightly-report")
      .image("./report")
      .cluster(cluster)
      .schedule("cron(0 3 * * ? *)", { timezone: "Europe/Paris" })
      .deploy();
    const { tasks } = await new Job("load").image("./load").cluster(cluster).run({ count: 20, wait: true });
    void tasks;
  });
});

test("blue/green", () => {
  const released = talk.blueGreen({
    shift: [10, 50, 100],
    every: "5m",
    verify: async ({ url, fetch, status }) => {
      if (!(await fetch(url)).ok) throw new Error(JSON.stringify(await status()));
    },
    alarms: ["talk-5xx"],
    keepOld: "3d",
  });
  expect(released.toJSON().blueGreen).toMatchObject({ shift: [10, 50, 100], every: 300, keepOld: 259_200 });
  void (async () => {
    await released.deploy();
    await released.deploy({ hold: true });
    const release = await released.release();
    expectTypeOf(release.live).extract<"blue" | "green">().toEqualTypeOf<"blue" | "green">();
    void [release.idle, release.weights.blue, release.weights.green];
    await release.shift(25);
    await release.promote();
    await release.rollback();
    await release.retire();
  });
});

test("errors", () => {
  void ((error: unknown) => {
    if (error instanceof SpecError) for (const { path, message } of error.issues) void [path, message];
    if (error instanceof AwsError) void [error.service, error.operation, error.awsCode];
    if (error instanceof RolloutError) void [error.diagnosis, error.evidence];
    if (error instanceof QuaysideError)
      void [error.code, error.message, error.facts, error.fix, error.cause, error.outcome];
    void [AbortedError, TimeoutError, OwnershipError].map((kind) => error instanceof kind);
  });
});

test("the local cloud", () => {
  void (async () => {
    const cloud = localCloud({
      run: {
        "talk-service": { command: ["node", "server.mjs"], cwd: "./talk-service", env: { VERSION: "1" } },
        "talk-service:2": { command: ["node", "server.mjs"], cwd: "./talk-service", env: { VERSION: "2" } },
      },
      timeScale: 20,
    });
    expectTypeOf(cloud).toExtend<Cloud>();
    await talk.on(cloud).deploy();
    await using other = localCloud({ clock: "virtual", seed: 1 });
    void [other.faults, other.state()];
    await cloud.close();
  });
});
