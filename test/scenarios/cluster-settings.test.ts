import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { QuaysideError, SpecError } from "../../src/index.js";
import { Cluster, Deployment, type IamOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const insightsOf = async () => {
  const { clusters } = await cloud.ports.ecs.describeClusters({ clusters: ["web"], include: ["SETTINGS"] });
  return clusters![0]!.settings!.find(({ name }) => name === "containerInsights")!.value;
};

test("Container Insights are set at the creation, changed in place, and left alone where not described", async () => {
  const web = new Cluster("web").fargate().on(cloud);
  await web.insights("enhanced").deploy();
  expect(await insightsOf()).toBe("enhanced");
  expect((await web.insights("enhanced").plan()).isEmpty).toBe(true);
  expect((await web.plan()).isEmpty).toBe(true);
  const { changes } = await web.insights("disabled").plan();
  expect(changes.flatMap(({ fields }) => fields)).toEqual([
    { path: "insights", before: "enhanced", after: "disabled" },
  ]);
  await web.insights("disabled").deploy();
  expect(await insightsOf()).toBe("disabled");
});

test("another level of Container Insights is a SpecError", async () => {
  const error = await new Cluster("web")
    .insights("full" as never)
    .on(cloud)
    .plan()
    .catch((thrown: unknown) => thrown as SpecError);
  expect((error as SpecError).issues).toEqual([
    { path: "cluster.insights", message: 'must be "enhanced", "enabled" or "disabled"; got "full"' },
  ]);
});

describe("execLogging()", () => {
  const kmsKey = "arn:aws:kms:eu-west-1:123456789012:key/0123";
  const web = () => new Cluster("web").fargate();
  const talk = (cluster: Cluster) =>
    new Deployment("talk").image("talk:1").service({ exec: true }).cluster(cluster).on(cloud);
  const sessions = (group: string) => [...(cloud.account.logs.groups.get(group)?.streams.keys() ?? [])];
  const audited = () => cloud.ports.logs.createLogGroup({ logGroupName: "/audit/exec" });

  test("logs sessions where it says, with the permissions that the task role gets", async () => {
    await audited();
    const logged = talk(
      web().execLogging({ logGroup: "/audit/exec", bucket: "audit-logs", bucketEncrypted: true, kmsKey }),
    );
    await logged.deploy();
    expect((await logged.plan()).isEmpty).toBe(true);
    const { sessionId } = await logged.exec({ command: "ls" });
    expect(sessions("/audit/exec")).toEqual([sessionId]);
    const { clusters } = await cloud.ports.ecs.describeClusters({
      clusters: ["web"],
      include: ["CONFIGURATIONS"],
    });
    expect(clusters![0]!.configuration).toEqual({
      executeCommandConfiguration: {
        logging: "OVERRIDE",
        kmsKeyId: kmsKey,
        logConfiguration: {
          cloudWatchLogGroupName: "/audit/exec",
          cloudWatchEncryptionEnabled: false,
          s3BucketName: "audit-logs",
          s3EncryptionEnabled: true,
        },
      },
    });
  });

  test("is changed in place, keeps the rest of the configuration, and is left alone where not described", async () => {
    await audited();
    await web().on(cloud).deploy();
    await cloud.ports.ecs.updateCluster({
      cluster: "web",
      configuration: { managedStorageConfiguration: { kmsKeyId: kmsKey } },
    });
    const logged = web().execLogging({ logGroup: "/audit/exec" }).on(cloud);
    const { changes } = await logged.plan();
    expect(changes.find(({ resource }) => resource === "cluster")?.fields.map(({ path }) => path)).toEqual([
      "execLogging.logging",
      "execLogging.logGroup",
      "execLogging.logGroupEncrypted",
    ]);
    await logged.deploy();
    expect((await logged.plan()).isEmpty).toBe(true);
    expect((await web().on(cloud).plan()).isEmpty).toBe(true);
    await web().execLogging("none").on(cloud).deploy();
    expect(cloud.account.ecs.clusters.get("web")!.configuration).toEqual({
      managedStorageConfiguration: { kmsKeyId: kmsKey },
      executeCommandConfiguration: { logging: "NONE" },
    });
  });

  test('with "default" logs sessions to the log group of the task', async () => {
    await talk(web().execLogging("default")).deploy();
    const { sessionId } = await talk(web()).exec({ command: "ls" });
    expect(sessions("talk")).toContain(sessionId);
  });

  test("to a log group that does not exist is refused before anything is changed", async () => {
    const error = await web()
      .execLogging({ logGroup: "/audit/exec" })
      .on(cloud)
      .deploy()
      .catch((thrown: unknown) => thrown as QuaysideError);
    expect(error).toMatchObject({
      code: "no-log-group",
      message:
        "Nothing was changed: log group /audit/exec, to which ECS Exec is to log, was not found in this region",
    });
    expect(cloud.account.ecs.clusters.has("web")).toBe(false);
  });

  test.each([
    [
      "everything",
      "cluster.execLogging",
      'must be "none", "default" or { logGroup, bucket, kmsKey, … }; got "everything"',
    ],
    [{}, "cluster.execLogging", "must have logGroup, bucket or kmsKey"],
    [{ bucket: "Audit" }, "cluster.execLogging.bucket", 'must be the name of an S3 bucket; got "Audit"'],
    [{ logGroup: "a b" }, "cluster.execLogging.logGroup", 'must be the name of a log group; got "a b"'],
    [{ logGroup: "a", keyPrefix: "b" }, "cluster.execLogging.keyPrefix", "needs bucket, to which it applies"],
  ])("%j is a SpecError", async (options, path, message) => {
    const error = await web()
      .execLogging(options as never)
      .on(cloud)
      .plan()
      .catch((thrown: unknown) => thrown as SpecError);
    expect((error as SpecError).issues).toEqual([{ path, message }]);
  });
});

describe("iam()", () => {
  const boundary = "arn:aws:iam::123456789012:policy/team";
  const iam = { permissionsBoundary: boundary, path: "/teams/talks/" };
  const talk = (options?: IamOptions) => {
    const cluster = new Cluster("web").ec2();
    const chain = new Deployment("talk")
      .image("talk:1")
      .secrets({ KEY: "ssm:/key" })
      .cluster(options === undefined ? cluster : cluster.iam(options))
      .on(cloud);
    return options === undefined ? chain : chain.iam(options);
  };
  const roles = () =>
    [...cloud.account.iam.roles.values()]
      .filter(({ path }) => path.includes("quayside"))
      .map(({ path, permissionsBoundary }) => [path, permissionsBoundary]);

  test("gives every role the permissions boundary and the path, and a destroy finds them there", async () => {
    await talk(iam).deploy();
    expect(roles().sort()).toEqual([
      ["/teams/talks/quayside/eu-west-1/cluster/web/", boundary],
      ["/teams/talks/quayside/eu-west-1/deployment/talk/", boundary],
    ]);
    expect((await talk(iam).plan()).isEmpty).toBe(true);
    await talk(iam).destroy();
    expect(roles()).toEqual([]);
  });

  test("gives roles that exist the boundary; they keep their path", async () => {
    await talk().deploy();
    await talk(iam).deploy();
    expect(roles().map(([path, has]) => [path!.startsWith("/quayside/"), has])).toEqual([
      [true, boundary],
      [true, boundary],
    ]);
    expect((await talk(iam).plan()).isEmpty).toBe(true);
  });

  test("refuses what is no ARN and no path", async () => {
    const error = await talk({ permissionsBoundary: "team", path: "teams" })
      .plan()
      .catch((thrown: unknown) => thrown as SpecError);
    expect((error as SpecError).issues.map(({ path }) => path).sort()).toEqual([
      "cluster.iam.path",
      "cluster.iam.permissionsBoundary",
      "iam.path",
      "iam.permissionsBoundary",
    ]);
  });
});
