import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  aws,
  Cluster,
  Deployment,
  deployments,
  Fleet,
  githubReporter,
  Job,
  jsonReporter,
  LoadBalancer,
  reporters,
  terminalReporter,
  timelineReporter,
  type Cloud,
} from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { isPlain } from "./values.js";
import { untyped, type Untyped } from "../spec/issues-of.js";

/** A public call with valid arguments, and how its result is validated. */
export interface PublicCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly call: (args: readonly unknown[]) => unknown;
}

/** Thrown by the cloud of these calls: validation is over, and the call would reach AWS. */
export class ReachedAws extends Error {}

const refuse = (): never => {
  throw new ReachedAws("the call has reached AWS");
};

/** A cloud that answers nothing. */
const cloud: Cloud = Object.assign(Object.create({ silent: true }) as Cloud, localCloud(), {
  region: refuse,
});

const STATEMENT = { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::talks/*" };
const POLICY = {
  Version: "2012-10-17",
  Statement: [
    { ...STATEMENT, Sid: "Read", Condition: { StringEquals: { "aws:RequestedRegion": ["eu-west-1"] } } },
  ],
};
const HEALTH = { command: ["CMD", "true"], interval: "10s", timeout: "5s", retries: 3, startPeriod: "10s" };
const SETTINGS = {
  ports: [9000, { port: 9090, name: "metrics", protocol: "tcp", hostPort: 9090, appProtocol: "http" }],
  command: ["node", "server.mjs"],
  entryPoint: ["/bin/sh"],
  environment: { A: "a", B: 1, C: true },
  secrets: { D: "ssm:/d" },
  healthCheck: HEALTH,
  stopTimeout: "30s",
  user: "node",
  mounts: { "/cache": { volume: "cache", readOnly: true }, "/tmp/a": "cache" },
  workingDirectory: "/app",
  readonlyRootFilesystem: true,
  tty: false,
  interactive: false,
  labels: { "com.example.team": "talks" },
  environmentFiles: ["arn:aws:s3:::config/talk.env"],
  restart: { enabled: true, ignoredExitCodes: [0], attemptPeriod: "60s" },
  startTimeout: "30s",
  versionConsistency: "enabled",
  ulimits: { nofile: { soft: 1024, hard: 2048 }, core: 0 },
  init: true,
  capabilities: { add: ["SYS_PTRACE"], drop: ["NET_RAW"] },
  systemControls: { "net.core.somaxconn": "1024" },
  logs: {
    driver: "awslogs",
    options: { "awslogs-group": "a", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "b" },
  },
};
const ON_INSTANCES = {
  privileged: true,
  extraHosts: { "db.internal": ["10.0.0.7"] },
  dnsServers: ["10.0.0.2"],
  dnsSearchDomains: ["internal"],
  dockerSecurityOptions: ["no-new-privileges"],
  sharedMemory: 64,
  tmpfs: { "/scratch": { size: 64, mountOptions: ["noexec"] } },
  maxSwap: 64,
  swappiness: 10,
  devices: [{ hostPath: "/dev/fuse", containerPath: "/dev/fuse", permissions: ["read"] }],
  hostname: "talk",
};
const BUILD = {
  dockerfile: "Dockerfile",
  target: "base",
  buildArgs: { A: "a" },
  buildSecrets: { npm: { env: "NPM_TOKEN" }, netrc: { file: "./netrc" } },
  ssh: ["default"],
  contexts: { shared: "../shared" },
  platform: "linux/amd64",
  repository: "talks",
};
const ROUTE = {
  path: ["/talk*"],
  host: ["talk.example.com"],
  healthCheck: {
    path: "/health",
    codes: "200-299",
    interval: "10s",
    timeout: "5s",
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  },
  targetGroup: "talk-targets",
  priority: 10,
  deregistrationDelay: "30s",
  stickiness: "1h",
};
const SCHEDULE = [{ at: "cron(0 8 * * ? *)", timezone: "Europe/Paris", min: 2, max: 4 }];
const METRIC = {
  metric: { namespace: "Talks", name: "Queue", dimensions: { Q: "a" }, statistic: "Average" },
  is: "> 100",
};
const OPERATION = { timeout: "5m", adopt: true, showSensitive: true, onEvent: () => undefined };
const PERMISSIONS = { account: "123456789012", region: "eu-west-1", for: ["deploy"] };
const NETWORK = {
  vpc: "vpc-0123456789abcdef0",
  subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
};

const fargate = untyped(new Cluster("talks").fargate());
const ec2 = untyped(new Cluster("talks").ec2({ instanceType: "t3.small" }));
const balancer = untyped(new LoadBalancer("talks"));
const deployment = untyped(new Deployment("talk").image("talk:1").cluster("talks").on(cloud));
const onFargate = deployment["cluster"]!(fargate);
const onEc2 = deployment["cluster"]!(ec2)["volume"]!("cache");
const routed = deployment["port"]!(8080)["behindAlb"]!(balancer, {});
const job = untyped(new Job("nightly").image("talk:1").cluster("talks").on(cloud));

const toJson = (chain: Untyped): unknown => chain["toJSON"]!();
const permissions = (chain: Untyped): unknown => chain["permissions"]!();

/** A method of a chain: the chain that it returns is validated by `end`. */
const method = (
  title: string,
  chain: Untyped,
  name: string,
  args: readonly unknown[],
  end = toJson,
): PublicCall => ({
  name: `${title}.${name}()`,
  args,
  call: (given) => end(chain[name]!(...given)),
});

/** An operation of a chain, which would go on to AWS. */
const operation = (title: string, chain: Untyped, name: string, args: readonly unknown[]): PublicCall => ({
  name: `${title}.${name}()`,
  args,
  call: async (given) => {
    const result: unknown = chain[name]!(...given);
    if (typeof result === "object" && result !== null && Symbol.asyncIterator in result)
      for await (const _ of result as AsyncIterable<unknown>) break;
    else await result;
  },
});

const create = (name: string, args: readonly unknown[], call: PublicCall["call"]): PublicCall => ({
  name,
  args,
  call,
});

const chains: readonly PublicCall[] = [
  create("new Deployment()", ["talk"], ([name]) =>
    toJson(untyped(new Deployment(name as string).image("talk:1").cluster("talks"))),
  ),
  method("deployment", deployment, "image", [
    "talk:2",
    { credentials: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf" },
  ]),
  method("deployment", deployment, "image", ["./examples/talk-service", BUILD], permissions),
  method("deployment", onEc2, "container", [
    { name: "main", port: 8080, cpu: 256, memory: 512, memoryReservation: 256, ...SETTINGS },
  ]),
  method("deployment", onEc2, "container", [ON_INSTANCES]),
  method("deployment", onEc2, "sidecar", [
    "proxy",
    {
      image: "proxy:1",
      essential: true,
      cpu: 10,
      memory: 64,
      memoryReservation: 32,
      dependsOn: { talk: "START" },
      ...SETTINGS,
      ports: [9100],
    },
  ]),
  method(
    "deployment",
    onFargate,
    "sidecar",
    ["proxy", { image: "./examples/talk-service", build: BUILD }],
    permissions,
  ),
  method("deployment", onFargate, "task", [
    {
      cpu: 512,
      memory: 1024,
      networkMode: "awsvpc",
      architecture: "arm64",
      ephemeralStorage: 50,
      executionRole: "arn:aws:iam::123456789012:role/e",
      pidMode: "task",
    },
  ]),
  method("deployment", onEc2, "task", [
    {
      cpu: 512,
      memory: 1024,
      ipcMode: "task",
      placementConstraints: ["attribute:ecs.os-type == linux"],
      compatibilities: ["EC2"],
    },
  ]),
  method("deployment", onFargate, "volume", [
    "cache",
    {
      efs: "fs-0123456789abcdef0",
      accessPoint: "fsap-0123456789abcdef0",
      rootDirectory: "/",
      iam: true,
      transitEncryption: true,
      transitEncryptionPort: 2999,
    },
  ]),
  method("deployment", onFargate, "volume", [
    "cache",
    { ebs: { size: 20, type: "gp3", encrypted: true, iops: 3000, throughput: 125, filesystem: "xfs" } },
  ]),
  method("deployment", onEc2, "volume", [
    "disk",
    {
      docker: {
        scope: "shared",
        autoprovision: true,
        driver: "local",
        driverOptions: { a: "b" },
        labels: { a: "b" },
      },
    },
  ]),
  method("deployment", onEc2, "volume", ["disk", { host: "/srv" }]),
  method("deployment", deployment, "env", [{ A: "a", B: 1 }]),
  method("deployment", deployment, "secrets", [{ A: "ssm:/a" }]),
  method("deployment", deployment, "cluster", ["talks"]),
  method("deployment", deployment, "logs", [
    "talks",
    {
      retention: "30d",
      streamPrefix: "a",
      multiline: "^\\d",
      mode: "non-blocking",
      bufferSize: "25m",
      class: "STANDARD",
      kmsKey: "arn:aws:kms:eu-west-1:123456789012:key/a",
      shared: true,
    },
  ]),
  method("deployment", onFargate, "logs", [
    {
      driver: "awsfirelens",
      options: { Name: "datadog" },
      secretOptions: { apikey: "ssm:/datadog" },
      router: { type: "fluentbit", image: "fluent:1", configFile: "/fluent.conf" },
    },
  ]),
  method("deployment", deployment, "taskRole", [
    { policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess", POLICY] },
  ]),
  method("deployment", deployment, "tags", [{ team: "talks" }]),
  method("deployment", deployment, "override", [{ createService: (input: unknown) => input }]),
  method("deployment", deployment, "port", [8080]),
  method("deployment", onEc2, "service", [
    {
      name: "talk",
      desired: 2,
      rolling: { minHealthyPercent: 50, maxPercent: 200 },
      circuitBreaker: true,
      placement: {
        strategy: ["random", { spread: "attribute:ecs.availability-zone" }],
        constraints: [{ memberOf: "attribute:a == b" }],
      },
      exec: true,
      keepReleases: 5,
    },
  ]),
  method("deployment", routed, "service", [{ healthCheckGrace: "30s" }]),
  method("deployment", deployment["port"]!(8080), "behindAlb", ["talks", ROUTE]),
  method("deployment", routed, "autoscale", [
    { min: 1, max: 4, cpu: 60, memory: 70, requestsPerTask: 100, schedule: SCHEDULE },
  ]),
  method("deployment", deployment, "autoscale", [
    {
      min: 1,
      max: 4,
      steps: [
        { when: "cpu > 80", for: "1m", add: 2, cooldown: "1m" },
        { when: METRIC, for: "1m", add: "50%" },
        { when: "cpu < 20", remove: 1 },
        { when: { alarm: "quiet" }, remove: 1 },
      ],
      schedule: SCHEDULE,
    },
  ]),
  method("deployment", deployment, "beforeRelease", [
    { command: ["node", "migrate.mjs"], environment: { A: "a" }, timeout: "5m" },
  ]),
  method("deployment", routed, "blueGreen", [
    {
      shift: [10, 100],
      every: "1m",
      verify: () => undefined,
      verifyTimeout: "1m",
      alarms: ["errors"],
      keepOld: "1h",
      preview: { host: "next.example.com" },
    },
  ]),
  method("deployment", routed, "blueGreen", [{ preview: { header: "x-preview", value: "next" } }]),
  method("deployment", deployment, "on", [cloud]),
  create(
    "Deployment.fromTaskDefinition()",
    [
      {
        family: "talk",
        networkMode: "bridge",
        cpu: "256",
        memory: "512",
        taskRoleArn: "arn:aws:iam::123456789012:role/a",
        containerDefinitions: [
          {
            name: "talk",
            image: "talk:1",
            memory: 128,
            cpu: 10,
            essential: true,
            portMappings: [{ containerPort: 8080, protocol: "tcp" }],
            environment: [{ name: "A", value: "a" }],
            secrets: [{ name: "S", valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/s" }],
            mountPoints: [{ sourceVolume: "v", containerPath: "/v", readOnly: true }],
            logConfiguration: {
              logDriver: "awslogs",
              options: { "awslogs-group": "a", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "b" },
            },
            healthCheck: { command: ["CMD", "true"], interval: 10, timeout: 5, retries: 3 },
            ulimits: [{ name: "nofile", softLimit: 1, hardLimit: 2 }],
            dependsOn: [],
          },
        ],
        volumes: [{ name: "v", host: { sourcePath: "/v" } }],
        tags: [{ key: "a", value: "b" }],
      },
      { name: "talk", container: "talk" },
    ],
    ([json, options]) =>
      toJson(untyped(Deployment.fromTaskDefinition(json as object, options as object).cluster("talks"))),
  ),
  create("new Job()", ["nightly"], ([name]) =>
    toJson(untyped(new Job(name as string).image("talk:1").cluster("talks"))),
  ),
  method("job", job, "image", ["talk:2", {}]),
  method("job", job["cluster"]!(ec2)["volume"]!("cache"), "container", [
    { ...SETTINGS, cpu: 10, memory: 64 },
  ]),
  method("job", job, "schedule", [
    "cron(0 3 * * ? *)",
    { timezone: "Europe/Paris", count: 2, enabled: true },
  ]),
  create("new Cluster()", ["talks"], ([name]) => permissions(untyped(new Cluster(name as string)))),
  create("Cluster.existing()", ["talks"], ([name]) => permissions(untyped(Cluster.existing(name as string)))),
  method(
    "cluster",
    ec2,
    "ec2",
    [
      {
        instanceType: "t3.small",
        ami: "ami-0123456789abcdef0",
        keyPair: { name: "talks", createTo: "./talks.pem" },
        securityGroup: "talks",
        instanceRole: "talks",
        spot: true,
        userData: "#!/bin/sh",
      },
    ],
    permissions,
  ),
  method("cluster", fargate, "fargate", [{ spot: { base: 1, weight: 3 } }], permissions),
  method(
    "cluster",
    ec2,
    "autoscale",
    [{ min: 1, max: 4, targetCapacity: 90, schedule: SCHEDULE }],
    permissions,
  ),
  method(
    "cluster",
    ec2,
    "autoscale",
    [{ min: 1, max: 4, steps: [{ when: "cpuReservation > 80", for: "1m", add: 1, cooldown: "1m" }] }],
    permissions,
  ),
  method("cluster", fargate, "network", [NETWORK], permissions),
  method("cluster", fargate, "network", [{ subnets: { tier: "private" } }], permissions),
  method("cluster", fargate, "tags", [{ team: "talks" }], permissions),
  method("cluster", fargate, "override", [{ createCluster: (input: unknown) => input }], permissions),
  create("new LoadBalancer()", ["talks"], ([name]) => permissions(untyped(new LoadBalancer(name as string)))),
  create("LoadBalancer.existing()", ["talks"], ([name]) =>
    permissions(untyped(LoadBalancer.existing(name as string))),
  ),
  method("loadBalancer", balancer, "http", [8080], permissions),
  method(
    "loadBalancer",
    balancer,
    "https",
    [
      443,
      { certificate: ["example.com", "arn:aws:acm:eu-west-1:123456789012:certificate/a"], redirectHttp: 80 },
    ],
    permissions,
  ),
  method("loadBalancer", balancer, "allow", ["10.0.0.0/8"], permissions),
  method("loadBalancer", balancer, "securityGroup", ["talks-alb"], permissions),
  method("loadBalancer", balancer, "network", [NETWORK], permissions),
  create("new Fleet()", [deployment], (given) => new Fleet(...(given as unknown as [never])).permissions()),
];

const operations: readonly PublicCall[] = [
  ...["plan", "deploy", "status", "history", "destroy"].map((name) =>
    operation("deployment", deployment, name, [OPERATION]),
  ),
  operation("deployment", routed["blueGreen"]!(), "deploy", [{ hold: true, wait: true, ...OPERATION }]),
  operation("deployment", routed["blueGreen"]!(), "release", [OPERATION]),
  operation("deployment", deployment, "destroy", [{ images: true }]),
  operation("deployment", deployment, "rollback", [{ to: "talk:1", ...OPERATION }]),
  operation("deployment", deployment, "exec", [
    { task: "0123456789abcdef", container: "talk", command: "ls", ...OPERATION },
  ]),
  operation("deployment", deployment, "run", [
    { command: ["ls"], environment: { A: "a" }, count: 2, wait: true, ...OPERATION },
  ]),
  operation("deployment", deployment, "tail", [{ since: "10m", follow: false, filter: "ERROR" }]),
  operation("deployment", deployment, "permissions", [PERMISSIONS]),
  ...["plan", "deploy", "status", "destroy"].map((name) => operation("job", job, name, [OPERATION])),
  operation("job", job, "run", [{ count: 2 }]),
  operation("job", job, "tail", [{ since: new Date(0) }]),
  operation("job", job, "permissions", [PERMISSIONS]),
  ...["plan", "deploy", "status", "destroy"].flatMap((name) => [
    operation("cluster", fargate["on"]!(cloud), name, [OPERATION]),
    operation("loadBalancer", balancer["on"]!(cloud), name, [OPERATION]),
    operation("fleet", untyped(new Fleet(deployment as never).on(cloud)), name, [OPERATION]),
  ]),
  operation("fleet", untyped(new Fleet(deployment as never).on(cloud)), "deploy", [
    { settle: true, wait: true },
  ]),
  create("Deployment.named()", ["talk"], ([name]) =>
    Deployment.named(name as string)
      .on(cloud)
      .status(),
  ),
  ...["status", "history", "destroy", "release", "rollback", "exec", "tail"].map((name) =>
    operation("named", untyped(Deployment.named("talk").on(cloud)), name, [
      name === "tail" ? { since: "10m" } : OPERATION,
    ]),
  ),
  operation("named", untyped(Deployment.named("talk").on(cloud)), "permissions", [
    { ...PERMISSIONS, for: ["status"] },
  ]),
  create("deployments()", [{ tags: { pr: "1" }, timeout: "1m" }], ([options]) =>
    deployments(isPlain(options) ? { on: cloud, ...options } : (options as object)),
  ),
];

/** Written and replaced by `timelineReporter`. */
const PAGE = join(tmpdir(), `quayside-hostile-${process.pid}.html`);
process.once("exit", () => rmSync(PAGE, { force: true }));

const CREDENTIALS = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "token" };
const stream = { write: () => true };

const clouds: readonly PublicCall[] = [
  create(
    "aws()",
    [
      {
        region: "eu-west-1",
        profile: "talks",
        allowedAccounts: ["123456789012"],
        endpoint: "http://127.0.0.1:1",
        proxy: false,
        mfa: () => "1",
        credentials: CREDENTIALS,
      },
    ],
    ([options]) => aws(options as object),
  ),
  create(
    "aws()",
    [
      {
        assumeRole: {
          roleArn: "arn:aws:iam::123456789012:role/a",
          externalId: "ab",
          sessionName: "ab",
          duration: "1h",
        },
      },
    ],
    ([options]) => aws(options as object),
  ),
  create(
    "localCloud()",
    [
      {
        region: "eu-west-1",
        timeScale: 10,
        seed: 1,
        images: { "talk:1": { exits: 1, after: "2s", log: ["a"] } },
        run: { "talk:2": { command: ["node"], cwd: "/", env: { A: "a" } } },
        vpcs: [],
        secrets: ["a"],
        startsAt: new Date(0),
        clock: "virtual",
      },
    ],
    ([options]) => localCloud(options as object),
  ),
  create("jsonReporter()", [{ stream }], ([options]) => jsonReporter(options as object)),
  create("terminalReporter()", [{ stream, color: false }], ([options]) =>
    terminalReporter(options as object),
  ),
  create("githubReporter()", [{ stream, summary: false }], ([options]) => githubReporter(options as object)),
  create("reporters()", [() => undefined], (given) => reporters(...(given as []))),
  create("timelineReporter()", [{ title: "Deploy" }], ([options]) =>
    timelineReporter(PAGE, options as object),
  ),
];

/** A call of a local cloud of its own, which ends with it. */
const onLocal = (
  name: string,
  args: readonly unknown[],
  call: (cloud: LocalCloud, given: readonly unknown[]) => unknown,
): PublicCall => ({
  name: `localCloud.${name}()`,
  args,
  call: async (given) => {
    await using local = localCloud({ clock: "virtual", seed: 1 });
    await call(local, given);
  },
});

const methods = (local: LocalCloud): Untyped => untyped(local);

const locals: readonly PublicCall[] = [
  onLocal(
    "faults.inject",
    [{ service: "ecs", operation: "createService", kind: "throttled", times: 2, nth: 1 }],
    ({ faults }, [fault]) => faults.inject(fault as never),
  ),
  onLocal("load", ["talk", { cpu: 80, memory: 50, requests: 100 }], (local, given) =>
    methods(local)["load"]!(...given),
  ),
  onLocal("metric", [{ namespace: "Talks", name: "Queue", dimensions: { Q: "a" } }, 7], (local, given) =>
    methods(local)["metric"]!(...given),
  ),
  onLocal("advance", ["10m"], (local, given) => methods(local)["advance"]!(...given)),
  onLocal("listen", [{ port: 0, host: "127.0.0.1", throttling: true }], (local, given) =>
    methods(local)["listen"]!(...given),
  ),
];

export const PUBLIC_CALLS: readonly PublicCall[] = [...chains, ...operations, ...clouds, ...locals];
