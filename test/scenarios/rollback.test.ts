import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LIFECYCLE_POLICY } from "../../src/image/ecr-repository.js";
import { Cluster, Deployment, type CompleteDeployment, type QuaysideError } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { Sources } from "../docker/sources.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
let sources: Sources;

beforeEach(async () => {
  cloud = await sharedAccount({ images: { "talk-service:bad": { exits: 1 } } });
  sources = await Sources.create({ Dockerfile: 'FROM node:22\nEXPOSE 8080\nCMD ["node", "server.mjs"]\n' });
});
afterEach(async () => {
  await cloud.close();
  await sources[Symbol.asyncDispose]();
});

const registry = (tag: number | string) => `registry.example.com/talk-service:${tag}`;

const talk = (image = sources.directory): CompleteDeployment =>
  new Deployment("talk-service")
    .image(image)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);

/** Two releases, each built from the directory. */
async function twoBuilt(): Promise<string> {
  await sources.write("server.mjs", "1");
  const { image } = await talk().deploy();
  await sources.write("server.mjs", "2");
  await talk().deploy();
  return image.split("@")[1]!;
}

/** It fails, and has changed nothing. */
async function refused(work: () => Promise<unknown>): Promise<QuaysideError> {
  let error: unknown;
  const writes = await writesOf(cloud, () => work().catch((thrown: unknown) => void (error = thrown)));
  expect(writes).toEqual([]);
  return error as QuaysideError;
}

const ids = async (chain = talk()) => (await chain.history()).map(({ id }) => id);

describe("a rollback is refused before anything is changed", () => {
  test("when the image is gone", async () => {
    const imageDigest = await twoBuilt();
    cloud.account.ecr.repositories.get("talk-service")!.images.delete(imageDigest);
    const error = await refused(() => talk().rollback());
    expect(error).toMatchObject({ code: "image-not-found", facts: { release: "talk-service:1" } });
    expect(error.message).toMatch(
      /^talk-service was not rolled back: talk-service:1 needs resources that no longer exist: image .*talk-service@sha256:/,
    );
    expect(error.fix).toContain("{ to }");
  });

  test("when its repository is gone", async () => {
    await twoBuilt();
    cloud.account.ecr.repositories.delete("talk-service");
    expect(await refused(() => talk().rollback())).toMatchObject({ code: "image-not-found" });
  });

  test("when its log group or its role is", async () => {
    const secret = talk(registry(1)).secrets({ TOKEN: "ssm:/talk/token" }).logs("talk-old");
    await secret.deploy();
    await tagsKnown(cloud);
    // What is not described any more goes: log group and role of the first release.
    await talk(registry(2)).logs("talk-new").deploy();
    expect(cloud.state().logGroups).not.toHaveProperty("talk-old");
    const error = await refused(() => talk(registry(2)).rollback());
    expect(error.code).toBe("incomplete-release");
    expect(error.facts["lost"]).toContainEqual({ need: "log group", name: "talk-old" });
  });

  test("when the execution role may not read its secret any more", async () => {
    const secret = talk(registry(1)).secrets({ TOKEN: "ssm:/talk/token" }).env({ A: "1" });
    await secret.deploy();
    await secret.env({ A: "2" }).deploy();
    // What it still needs is not missing.
    await secret.rollback();
    await talk(registry(2)).secrets({ OTHER: "ssm:/talk/other" }).deploy();
    const error = await refused(() => talk(registry(2)).secrets({ OTHER: "ssm:/talk/other" }).rollback());
    expect(error.code).toBe("incomplete-release");
    expect(error.facts["lost"]).toEqual([
      {
        need: "permission to read",
        name: "arn:aws:ssm:eu-west-1:123456789012:parameter/talk/token",
      },
    ]);
  });

  test("when it is for another capacity than the service has now", async () => {
    const on = (cluster: string, capacity: "ec2" | "fargate") => {
      const size = capacity === "fargate" ? { cpu: 256, memory: 512 } : { cpu: 64, memory: 64 };
      return new Deployment("talk")
        .image(registry(1))
        .container(size)
        .cluster(new Cluster(cluster)[capacity]())
        .on(cloud);
    };
    await on("instances", "ec2").deploy();
    await tagsKnown(cloud);
    await withPermissionsOf(on("instances", "ec2"), () => on("serverless", "fargate").deploy());
    expect(await refused(() => on("serverless", "fargate").rollback())).toMatchObject({
      code: "incomplete-release",
      message: "talk was not rolled back: talk:1 is not for Fargate, where the service runs now",
    });
  });

  test("when its task definition is deregistered, or is gone altogether", async () => {
    for (const version of [1, 2, 3]) await talk(registry(version)).deploy();
    await cloud.ports.ecs.deregisterTaskDefinition({ taskDefinition: "talk-service:2" });
    const error = await refused(() => talk().rollback({ to: "talk-service:2" }));
    expect(error).toMatchObject({
      code: "no-such-release",
      facts: { releases: ["talk-service:3", "talk-service:1"] },
    });
    expect(error.message).toContain("its task definition is deregistered");

    await cloud.ports.ecs.deleteTaskDefinitions({ taskDefinitions: ["talk-service:2"] });
    await cloud.clock.sleep(600_000);
    const gone = await refused(() => talk().rollback({ to: "talk-service:2" }));
    expect(gone.message).toBe("talk-service was not rolled back: it has no release talk-service:2");
    // Without being told, it goes to the newest that can be gone back to.
    expect((await talk().rollback()).to.id).toBe("talk-service:1");
  });

  test("when nothing is deployed", async () => {
    expect(await refused(() => talk(registry(1)).rollback())).toMatchObject({ code: "not-deployed" });
  });
});

test("a rollback is not refused for an image in a registry that cannot be read", async () => {
  await twoBuilt();
  cloud.faults.inject({
    operation: "batchGetImage",
    kind: "refuse",
    code: "AccessDeniedException",
    message: "no",
  });
  expect((await talk().rollback()).to.id).toBe("talk-service:1");
});

describe("what a rollback needs is kept", () => {
  const failed = { code: "rollout-failed" };
  const keeping = (tag: number | string) => talk(registry(tag)).service({ keepReleases: 2 });

  test("as many releases as the setting says, of those that have worked", async () => {
    await keeping(1).deploy();
    await keeping(2).deploy();
    await expect(keeping("bad").deploy()).rejects.toMatchObject(failed);
    await expect(keeping("bad").env({ TRY: "2" }).deploy()).rejects.toMatchObject(failed);
    await keeping(3).deploy();
    // 3 and 4 have failed: they are no release to go back to, and take no place of one.
    expect(await ids()).toEqual(["talk-service:5", "talk-service:4", "talk-service:3", "talk-service:2"]);
    expect((await keeping(3).rollback()).to.image).toBe(registry(2));
    await keeping(4).deploy();
    await keeping(5).deploy();
    expect(await ids()).toEqual(["talk-service:7", "talk-service:6"]);
  });

  test("also where older ones have been gone back to", async () => {
    await keeping(1).deploy();
    await keeping(2).deploy();
    await keeping(2).rollback();
    await keeping(3).deploy();
    expect(await ids()).toEqual(["talk-service:3", "talk-service:2"]);
    expect((await keeping(3).rollback()).to.id).toBe("talk-service:2");
  });

  test("its images too: what has a tag never expires", async () => {
    await twoBuilt();
    const repository = cloud.account.ecr.repositories.get("talk-service")!;
    expect(JSON.parse(repository.lifecyclePolicyText!)).toEqual(LIFECYCLE_POLICY);
    expect(LIFECYCLE_POLICY.rules.map(({ selection }) => selection.tagStatus)).toEqual(["untagged"]);
    expect([...repository.images.values()].map(({ tags }) => tags.size)).toEqual([1, 1]);
  });

  test("whatever fails: the old revision only goes once a new one runs", async () => {
    await keeping(1).deploy();
    for (const TRY of ["1", "2", "3"])
      await expect(keeping("bad").env({ TRY }).deploy()).rejects.toMatchObject(failed);
    expect((await keeping(1).status()).isHealthy).toBe(true);
    expect(await ids()).toContain("talk-service:1");
  });
});
