import { describe, expect, test } from "vitest";
import {
  Cluster,
  Deployment,
  Fleet,
  Job,
  LoadBalancer,
  type Cloud,
  type PolicyDocument,
  type PolicyStatement,
  type QuaysideError,
} from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { conditionKeys, isAllowed, recordAccess, type RecordedAccess } from "./recorded-access.js";
import { talkService } from "./tutorial.js";

const PLACE = { account: "123456789012", region: "eu-west-1" };

const without = (
  policy: PolicyDocument,
  removed: (statement: PolicyStatement) => boolean,
): PolicyDocument => ({
  ...policy,
  Statement: policy.Statement.filter((statement) => !removed(statement)),
});

const listOf = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === "string" ? [value] : value;

describe("a deployment whose caller lacks a permission", () => {
  test("says what is denied, to whom, and the statement with which it goes on", async () => {
    const chain = talkService(localCloud());
    const least = chain.permissions({ ...PLACE, for: ["plan", "deploy"] });
    let caller = without(least, ({ Sid }) => Sid === "CreateLogGroups");
    await using cloud = localCloud({ clock: "virtual", caller: () => caller });
    const talk = talkService(cloud);
    const error = await talk.deploy().catch((thrown: unknown) => thrown as QuaysideError);
    expect(error).toMatchObject({
      code: "access-denied",
      awsCode: "AccessDeniedException",
      facts: {
        action: "logs:CreateLogGroup",
        resource: "arn:aws:logs:eu-west-1:123456789012:log-group:talk-service-cloudwatch:log-stream:",
        caller: "arn:aws:iam::123456789012:user/developer",
      },
      fix: expect.stringContaining(
        '{"Effect":"Allow","Action":"logs:CreateLogGroup","Resource":"arn:aws:logs',
      ),
    });
    caller = least;
    await talk.deploy();
    expect((await talk.plan()).isEmpty).toBe(true);
  });

  test("may plan with the permissions to plan, and then changes nothing", async () => {
    const caller = talkService(localCloud()).permissions({ ...PLACE, for: ["plan"] });
    await using cloud = localCloud({ clock: "virtual", caller });
    expect((await talkService(cloud).plan()).isEmpty).toBe(false);
    await expect(talkService(cloud).deploy()).rejects.toMatchObject({ code: "access-denied" });
    expect(cloud.calls.filter(({ write, error }) => write && error === undefined)).toEqual([]);
  });

  test("cannot touch what another deployment owns, nor other roles", async () => {
    const speaker = new Deployment("speaker-service")
      .image("speaker:1")
      .container({ cpu: 256, memory: 512 })
      .cluster(new Cluster("conference-cluster").fargate());
    const callers: PolicyDocument[] = [];
    await using cloud = localCloud({ clock: "virtual", caller: () => callers.at(-1) });
    await talkService(cloud).deploy();
    callers.push(speaker.permissions(PLACE));
    const { ecs, iam } = cloud.ports;
    const theirs = { cluster: "conference-cluster", service: "talk-service-ecs" };
    await expect(ecs.updateService({ ...theirs, desiredCount: 0 })).rejects.toThrow("ecs:UpdateService");
    const policy = { RoleName: "admin", PolicyName: "more", PolicyDocument: "{}" };
    await expect(iam.putRolePolicy(policy)).rejects.toThrow("iam:PutRolePolicy");
  });
});

test("a plan that drops a web ACL, a namespace, a domain or the route is allowed by its own policy", async () => {
  let caller: PolicyDocument | undefined;
  await using cloud = localCloud({ clock: "virtual", hostedZones: ["example.com"], caller: () => caller });
  const acl = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/one/a1b2c3d4-5678-90ab-cdef-111111111111";
  const plain = new Deployment("talk")
    .image("talk:1")
    .port(8080)
    .cluster(new Cluster("conference").fargate())
    .on(cloud);
  const connected = plain.connect({ port: 8080 });
  const alb = new LoadBalancer("alb").https();
  const domain = "talk.example.com";
  await connected.behindAlb(alb.waf(acl), { domain }).deploy();
  await cloud.advance("1h");
  for (const next of [
    connected.behindAlb(alb, { domain }),
    plain.behindAlb(alb.waf(acl), { domain }),
    connected.behindAlb(alb, { domain: "b.example.com" }),
    connected.behindAlb(new LoadBalancer("alb").http()),
    plain,
  ]) {
    caller = next.permissions({ for: ["plan"] });
    expect((await next.plan()).isEmpty).toBe(false);
  }
});

test("invalid options are reported before anything is computed", () => {
  const talk = talkService(localCloud());
  const issuesOf = (options: object): unknown => {
    try {
      return talk.permissions(options);
    } catch (error) {
      return (error as { issues: { path: string; message: string }[] }).issues.map(
        ({ path, message }) => `${path}: ${message}`,
      );
    }
  };
  expect(issuesOf({ account: "12", region: "Ireland", for: ["deploy", "everything"], other: 1 }))
    .toMatchInlineSnapshot(`
      [
        "permissions.account: must be an account id of 12 digits; got "12"",
        "permissions.region: must be a region, such as "eu-west-1"; got "Ireland"",
        "permissions.for: must be operations of the chain: plan, deploy, release, rollback, status, history, tail, run, exec, destroy, by-name, adopt; got "everything"",
        "permissions.other: unknown option; valid options: account, region, for, readAccountRoles",
      ]
    `);
});

test("without account and region, their places in ARNs are open", () => {
  const { Statement } = talkService(localCloud()).permissions({ for: ["tail"] });
  expect(Statement).toEqual([
    {
      Sid: "Read",
      Effect: "Allow",
      Action: ["ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks"],
      Resource: "*",
    },
    {
      Sid: "ReadLogs",
      Effect: "Allow",
      Action: ["logs:FilterLogEvents"],
      Resource: "arn:aws:logs:*:*:log-group:talk-service-cloudwatch:*",
    },
  ]);
});

test("in other partitions, ARNs and the names of services are theirs", () => {
  const { Statement } = talkService(localCloud()).permissions({
    ...PLACE,
    region: "cn-north-1",
    for: ["deploy"],
  });
  expect(Statement.find(({ Sid }) => Sid === "PassInstanceRoles")).toMatchObject({
    Resource: expect.arrayContaining([
      "arn:aws-cn:iam::123456789012:role/quayside/cn-north-1/cluster/conference-cluster/*",
    ]),
    Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
  });
});

test("no policy passes a role to any service, or changes roles outside its own paths", () => {
  const { Statement } = scaled(localCloud()).permissions(PLACE);
  const passing = Statement.filter(({ Action }) => listOf(Action).includes("iam:PassRole"));
  expect(passing.length).toBeGreaterThan(1);
  for (const { Condition, Resource } of passing) {
    expect(Condition).toMatchObject({ StringEquals: { "iam:PassedToService": expect.any(String) } });
    for (const resource of listOf(Resource)) expect(resource).toMatch(/:role\/quayside\//);
  }
  const writes = Statement.filter(({ Resource, Condition, Action }) =>
    Resource === "*" && !JSON.stringify(Condition ?? {}).includes("quayside:owner")
      ? listOf(Action).some((action) => !/:(?:Describe|List|Get|BatchGet)/.test(action))
      : false,
  );
  expect(writes.map(({ Sid }) => Sid)).toEqual(["StartInstancesFromTemplates", "DeregisterTaskDefinitions"]);
});

const scaled = (cloud: Cloud, version = 1) =>
  new Deployment("talk-service")
    .image(`registry.example.com/talk-service:${version}`)
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .secrets({ TOKEN: "ssm:/talk/token" })
    .taskRole({ policies: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] })
    .service({ exec: true })
    .cluster(
      new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }).autoscale({
        min: 2,
        max: 4,
        steps: [
          { when: "cpu >= 30", for: "60s", add: 1 },
          { when: "cpu <= 10", for: "5m", remove: 1 },
        ],
        schedule: [{ at: "cron(0 8 * * ? *)", min: 3 }],
      }),
    )
    .behindAlb(new LoadBalancer("conferenceAlb").http(80), { path: "/talk*", healthCheck: "/health" })
    .autoscale({
      min: 2,
      max: 6,
      cpu: 50,
      schedule: [{ at: "cron(0 8 * * ? *)", min: 3 }],
    })
    .beforeRelease({ command: ["migrate"] })
    .on(cloud);

const colored = (cloud: Cloud, version = 1) =>
  new Deployment("talk-service")
    .image(`registry.example.com/talk-service:${version}`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb(new LoadBalancer("conferenceAlb").http(80), { path: "/talk*", healthCheck: "/health" })
    .blueGreen({ every: "1s", keepOld: "1h" })
    .on(cloud);

const nightly = (cloud: Cloud, version = 1) =>
  new Job("nightly-report")
    .image(`registry.example.com/report:${version}`)
    .container({ cpu: 256, memory: 512 })
    .secrets({ TOKEN: "ssm:/report/token" })
    .cluster(new Cluster("conference-cluster").fargate())
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

interface Chain {
  permissions(options: object): PolicyDocument;
}

/** Chains, and all that is done with them: what no call of it needs does not belong in their policies. */
const LIVES: readonly (readonly [string, (cloud: Cloud) => Chain, (cloud: Cloud) => Promise<void>])[] = [
  [
    "a scaled service",
    scaled,
    async (cloud) => {
      await scaled(cloud).deploy();
      await scaled(cloud, 2).deploy();
      await scaled(cloud, 2).tags({ team: "talks" }).deploy();
      await scaled(cloud, 2).status();
      await scaled(cloud, 2).rollback();
      await scaled(cloud, 2).history();
      await scaled(cloud, 2).run({ command: ["import"], wait: false });
      await scaled(cloud, 2).exec();
      for await (const line of scaled(cloud, 2).tail()) void line;
      await scaled(cloud, 2).destroy();
    },
  ],
  [
    "a blue/green deployment",
    colored,
    async (cloud) => {
      await colored(cloud).deploy();
      await colored(cloud, 2).deploy();
      await (await colored(cloud, 2).release()).rollback();
      await colored(cloud, 3).deploy();
      await (await colored(cloud, 3).release()).retire();
      for await (const line of colored(cloud, 3).tail()) void line;
      await colored(cloud, 3).run({ wait: false });
      await colored(cloud, 3).destroy();
    },
  ],
  [
    "a job",
    nightly,
    async (cloud) => {
      await nightly(cloud).deploy();
      await nightly(cloud, 2).deploy();
      await nightly(cloud, 2).run();
      await nightly(cloud, 2).status();
      await nightly(cloud, 2).run({ wait: false });
      await nightly(cloud, 2).destroy();
    },
  ],
];

describe.each(LIVES)("the policy of %s", (name, chain, live) => {
  test("allows every call, and none of its statements can be left out", async () => {
    await using account = localCloud({
      clock: "virtual",
      images: {
        report: { exits: 0, after: "10m" },
        "talk-service": { byCommand: { migrate: { exits: 0 }, import: { exits: 0, after: "10m" } } },
      },
    });
    const policy = chain(account).permissions(PLACE);
    const { cloud, recorded } = recordAccess(account, conditionKeys(policy));
    await live(cloud);
    const accesses = [...recorded.values()];
    expect(accesses.filter((access) => !isAllowed(policy, access))).toEqual([]);
    const isNeeded = (less: PolicyDocument): boolean =>
      accesses.some((access: RecordedAccess) => !isAllowed(less, access));
    const needless = policy.Statement.filter(
      (statement) => !isNeeded(without(policy, (each) => each === statement)),
    );
    // What an earlier description left: a schedule of keepOld, or a cluster's instances.
    expect(needless.map(({ Sid }) => Sid)).toEqual(
      name === "a scaled service"
        ? ["ChangeSchedules"]
        : ["DeleteCapacityProviders", "ChangeInstanceProfiles"],
    );

    const unused = policy.Statement.flatMap((statement) =>
      listOf(statement.Action)
        .filter((action) => {
          const Action = listOf(statement.Action).filter((each) => each !== action);
          const Statement = policy.Statement.map((each) => (each === statement ? { ...each, Action } : each));
          return !isNeeded({ ...policy, Statement });
        })
        .map((action) => `${statement.Sid} ${action}`),
    );
    expect(unused).toMatchSnapshot("actions that only rarer runs need");
  });
});

test("the statements of every chain fit into managed policies, and their names are unique", () => {
  const cloud = localCloud();
  const chains = [...LIVES.map(([, chain]) => chain(cloud)), new Fleet(talkService(cloud))];
  for (const chain of chains) {
    const { Statement } = chain.permissions(PLACE);
    const tooLong = Statement.filter((statement) => JSON.stringify(statement).length > 6_000);
    expect(tooLong.map(({ Sid }) => Sid)).toEqual([]);
    expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    for (const { Sid } of Statement) expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
  }
});
