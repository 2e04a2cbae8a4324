import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type Overrides } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { Sources } from "../docker/sources.js";
import { sharedAccount, writesOf } from "./account.js";

const BOUNDARY = "arn:aws:iam::123456789012:policy/developers";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount({
    caller: () => undefined,
    certificates: [{ domain: "talk.example.com" }],
  });
});
afterEach(() => cloud.close());

const cluster = new Cluster("web").ec2();
const alb = new LoadBalancer("alb");
const talk = (overrides: Overrides = {}) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .taskRole({ policies: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] })
    .cluster(cluster)
    .behindAlb(alb)
    .override(overrides)
    .on(cloud);

const fieldsOf = async (chain: ReturnType<typeof talk>) =>
  (await chain.plan()).changes.flatMap(({ resource, fields }) =>
    fields.map(({ path, before, after }) => ({ resource, path, before, after })),
  );

/** What is described deploys, what the override adds reaches it, and is then no difference. */
async function reaches(overrides: Overrides, expected: Awaited<ReturnType<typeof fieldsOf>>): Promise<void> {
  await talk().deploy();
  expect(await fieldsOf(talk(overrides))).toEqual(expected);
  await talk(overrides).deploy();
  expect((await talk(overrides).plan()).toString()).toMatch(/^Plan: nothing to change/);
  expect(await writesOf(cloud, () => talk(overrides).deploy())).toEqual([]);
}

/** A first deploy with the override is no difference afterwards. */
async function isNoDifference(chain: ReturnType<typeof talk>): Promise<void> {
  await chain.deploy();
  expect((await chain.plan()).toString()).toMatch(/^Plan: nothing to change/);
  expect(await writesOf(cloud, () => chain.deploy())).toEqual([]);
}

describe("an override that comes later reaches", () => {
  test("a role: its permissions boundary, session duration and description", async () => {
    await reaches(
      {
        createRole: (input) => ({
          ...input,
          PermissionsBoundary: BOUNDARY,
          MaxSessionDuration: 7200,
          Description: "The talks",
        }),
      },
      ["Container instances of web", "Task role of talk"].flatMap((before) =>
        [
          { path: "override.Description", before, after: "The talks" },
          { path: "override.PermissionsBoundary", before: undefined, after: BOUNDARY },
          { path: "override.MaxSessionDuration", before: 3600, after: 7200 },
        ].map((change) => ({ resource: "iam-role", ...change })),
      ),
    );
    const { Role } = await cloud.ports.iam.getRole({ RoleName: "talk-task-role-eu-west-1" });
    expect(Role).toMatchObject({
      PermissionsBoundary: { PermissionsBoundaryArn: BOUNDARY },
      MaxSessionDuration: 7200,
      Description: "The talks",
    });
  });

  test("an Auto Scaling group", async () => {
    await reaches(
      {
        createAutoScalingGroup: (input) => ({
          ...input,
          HealthCheckGracePeriod: 120,
          DefaultCooldown: 60,
        }),
      },
      [
        { resource: "auto-scaling-group", path: "override.HealthCheckGracePeriod", before: 0, after: 120 },
        { resource: "auto-scaling-group", path: "override.DefaultCooldown", before: 300, after: 60 },
      ],
    );
  });

  test("the health check of a target group", async () => {
    await reaches({ createTargetGroup: (input) => ({ ...input, HealthCheckIntervalSeconds: 7 }) }, [
      {
        resource: "target-group",
        path: "override.HealthCheckIntervalSeconds",
        before: expect.any(Number) as number,
        after: 7,
      },
    ]);
  });

  test("the subnets of a load balancer", async () => {
    const [one, other] = [...cloud.account.ec2.subnets.values()]
      .filter(({ vpcId }) => cloud.account.ec2.vpcs.get(vpcId)?.isDefault)
      .map(({ id }) => id);
    const Subnets = [one!, other!];
    const before = expect.any(Array) as string[];
    await reaches({ createLoadBalancer: (input) => ({ ...input, Subnets }) }, [
      { resource: "load-balancer", path: "override.Subnets", before, after: Subnets },
    ]);
  });
});

describe("what AWS sets at creation only is told, and nothing is changed", () => {
  const refused = async (chain: ReturnType<typeof talk>) => {
    const plan = await chain.plan();
    const writes = await writesOf(cloud, () => chain.deploy().catch(() => {}));
    return { warnings: plan.warnings, writes, error: await chain.deploy().catch((error: unknown) => error) };
  };

  test.each<[string, Overrides, string]>([
    [
      "the key of a log group",
      { createLogGroup: (input) => ({ ...input, kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/1" }) },
      "log-group talk",
    ],
    [
      "the protocol version of a target group",
      { createTargetGroup: (input) => ({ ...input, ProtocolVersion: "HTTP2" }) },
      "target-group talk",
    ],
    [
      "the address type of a load balancer",
      { createLoadBalancer: (input) => ({ ...input, IpAddressType: "dualstack" }) },
      "load-balancer alb",
    ],
  ])("%s", async (_what, overrides, resource) => {
    await talk().deploy();
    const { warnings, writes, error } = await refused(talk(overrides));
    expect(warnings).toContainEqual(expect.stringContaining(`${resource} cannot be changed in place`));
    expect(writes).toEqual([]);
    expect(error).toMatchObject({ code: "replacement-needed" });
  });

  test("the encryption of a repository", async () => {
    await using sources = await Sources.create({ Dockerfile: "FROM scratch\nEXPOSE 8080\n" });
    const built = (overrides: Overrides = {}) => talk(overrides).image(sources.directory);
    await built().deploy();
    const { warnings, writes } = await refused(
      built({
        createRepository: (input) => ({ ...input, encryptionConfiguration: { encryptionType: "KMS" } }),
      }),
    );
    expect(warnings).toContainEqual(
      expect.stringContaining("ecr-repository talk cannot be changed in place"),
    );
    expect(writes).toEqual([]);
  });
});

test("an override of what is described, too, is no difference after the first deploy", async () => {
  const overrides: Overrides = {
    createLoadBalancer: (input) => ({ ...input, IpAddressType: "dualstack" }),
    createTargetGroup: (input) => ({
      ...input,
      ProtocolVersion: "HTTP2",
      HealthCheckPath: "/ready",
      HealthyThresholdCount: 9,
    }),
    createAutoScalingGroup: (input) => ({ ...input, NewInstancesProtectedFromScaleIn: true }),
    createRole: (input) => ({ ...input, PermissionsBoundary: BOUNDARY }),
  };
  // HTTP/2 is spoken behind HTTPS listeners only.
  const https = new LoadBalancer("alb").https(443, { certificate: "talk.example.com" });
  await isNoDifference(talk(overrides).behindAlb(https));
});
