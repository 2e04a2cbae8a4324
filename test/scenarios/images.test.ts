import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, type QuaysideEvent, type SpecError } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { imageChanges } from "../../src/local/services/ecr/image-changes.js";
import { Sources } from "../docker/sources.js";
import { sharedAccount, writesOf } from "./account.js";
import { leastPrivilege, withPermissionsOf } from "./least-privilege.js";
import { UNHURRIED } from "./unhurried.js";

let sources: Sources;
let cloud: LocalCloud;

beforeEach(async () => {
  cloud = await sharedAccount();
  sources = await Sources.create({
    Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . ./\nEXPOSE 8080\nCMD ["node", "server.mjs"]\n',
    ".dockerignore": "*.log\n",
    "server.mjs": "console.log(1);\n",
    "build.log": "noise\n",
  });
});

afterEach(async () => {
  await cloud.close();
  await sources[Symbol.asyncDispose]();
});

const talk = (options: object = {}) =>
  new Deployment("talk-service")
    .image(sources.directory, options)
    .container({ cpu: 128, memoryReservation: 128 })
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
    .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
    .on(cloud);

const taskDefinition = async () =>
  (await cloud.ports.ecs.describeTaskDefinition({ taskDefinition: "talk-service" })).taskDefinition!
    .containerDefinitions![0]!;

test("a directory runs by its digest, at the port that its Dockerfile exposes", async () => {
  const { image } = await talk().deploy();
  expect(image).toMatch(
    /^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/talk-service@sha256:[0-9a-f]{64}$/,
  );
  const { image: named, portMappings } = await taskDefinition();
  expect(named).toBe(image);
  expect(portMappings).toEqual([{ containerPort: 8080, hostPort: 0, protocol: "tcp" }]);
  expect(cloud.state().repositories).toMatchObject({
    "talk-service": {
      tagsAreImmutable: true,
      scanOnPush: true,
      tags: { "quayside:owner": "deployment/talk-service" },
    },
  });
});

test("the build runs beside the infrastructure, and only the task definition waits for it", async () => {
  const events: QuaysideEvent[] = [];
  await talk().deploy({ onEvent: (event) => events.push(event) });
  const at = (type: string, resource: string) =>
    events.findIndex((event) => event.type === type && "resource" in event && event.resource === resource);
  expect(at("started", "load-balancer")).toBeLessThan(at("finished", "image"));
  expect(at("finished", "auto-scaling-group")).toBeLessThan(at("finished", "image"));
  expect(at("finished", "image")).toBeLessThan(at("started", "task-definition"));
  const progress = events.filter((event) => event.type === "progress");
  expect(progress.map(({ phase }) => phase)).toEqual(["build", "push"]);
});

test("unchanged sources change nothing, whatever happens to ignored files", async () => {
  await talk().deploy();
  await sources.write("build.log", "other noise\n");
  expect((await talk().plan()).isEmpty).toBe(true);
  expect(await writesOf(cloud, () => talk().deploy())).toEqual([]);
});

test.each([
  ["a byte of a file", () => sources.write("server.mjs", "console.log(2);\n")],
  ["a file that can be run now", () => sources.write("server.mjs", "console.log(1);\n", 0o755)],
  ["a link", () => sources.link("link", "server.mjs")],
  ["the Dockerfile", () => sources.write("Dockerfile", 'FROM node:22\nEXPOSE 8080\nCMD ["node", "x.mjs"]\n')],
])("%s makes another image, and a new revision of the task definition", async (_, change) => {
  const before = await talk().deploy();
  await change();
  const plan = await talk().plan();
  expect(plan.changes.filter(({ action }) => action !== "none").map(({ resource }) => resource)).toEqual([
    "image",
    "task-definition",
    "service",
  ]);
  expect((await talk().deploy()).image).not.toBe(before.image);
});

test.each([
  ["docs\n*.MD\n", "Docs/index.html"],
  ["docs\n*.MD\n", "notes.md"],
  ["*\n! src/server.mjs\n", "src/server.mjs"],
  ["dist|build\n", "dist/a"],
  ["vendor/libstdc++\n", "server.mjs"],
])(
  "with .dockerignore %j, a change of %s, which Docker gets, makes another image",
  async (patterns, path) => {
    await sources.write(".dockerignore", patterns);
    await sources.write(path, "before\n");
    const before = await talk().deploy();
    await sources.write(path, "after\n");
    expect((await talk().plan()).isEmpty).toBe(false);
    expect((await talk().deploy()).image).not.toBe(before.image);
  },
);

test("a .dockerignore that Docker cannot read is refused with its line, before anything is changed", async () => {
  await sources.write(".dockerignore", "*.log\nsrc/[a\n");
  await expect(talk().plan()).rejects.toMatchObject({ code: "invalid-dockerignore" });
  const error = await talk()
    .deploy()
    .catch((caught: Error) => caught.message);
  expect(error).toContain("line 2 of");
});

test("the health check of the Dockerfile is the container's, within ECS's limits", async () => {
  const check = "HEALTHCHECK --interval=1s --start-period=10m CMD curl -f http://localhost:8080/ || exit 1\n";
  await sources.write("Dockerfile", `FROM node:22\nEXPOSE 8080\n${check}`);
  await talk().deploy();
  expect((await taskDefinition()).healthCheck).toEqual({
    command: ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"],
    interval: 5,
    timeout: 30,
    retries: 3,
    startPeriod: 300,
  });
  expect((await talk().plan()).isEmpty).toBe(true);

  await talk().container({ healthCheck: "true" }).deploy();
  expect((await taskDefinition()).healthCheck?.command).toEqual(["CMD-SHELL", "true"]);
  await talk().container({ healthCheck: false }).deploy();
  expect((await taskDefinition()).healthCheck).toBeUndefined();
  await sources.write("Dockerfile", `FROM node:22\nEXPOSE 8080\n${check}HEALTHCHECK NONE\n`);
  await talk().deploy();
  expect((await taskDefinition()).healthCheck).toBeUndefined();
});

test("another target, build argument or platform makes another image, too", async () => {
  const first = await talk().deploy();
  const images = new Set([first.image]);
  const others = [{ buildArgs: { A: "1" } }, { buildArgs: { A: "2" } }];
  for (const options of others) images.add((await talk(options).deploy()).image);
  const arm = new Cluster("arm").ec2({ instanceType: "t4g.small" });
  const onArm = talk({ platform: "linux/arm64" }).cluster(arm).service({ name: "arm" });
  images.add((await withPermissionsOf(talk(), () => onArm.deploy())).image);
  expect(images.size).toBe(4);
});

describe("an image for several platforms", () => {
  const platforms = ["linux/arm64", "linux/amd64"];
  const on = (instanceType: string, name: string, order = platforms) =>
    talk({ platforms: order }).cluster(new Cluster(name).ec2({ instanceType })).service({ name });

  test("runs on instances of both architectures, and is built and pushed once, as an index", async () => {
    const first = await on("t3.small", "intel").deploy();
    const pushed = cloud.state().repositories["talk-service"];
    const onArm = on("t4g.small", "arm");
    const second = await withPermissionsOf(on("t3.small", "intel"), () => onArm.deploy());
    expect(second.image).toBe(first.image);
    expect(cloud.state().repositories["talk-service"]).toEqual(pushed);
    expect((await onArm.status()).isHealthy).toBe(true);
    const { imageDetails } = await imageChanges(cloud.account).describeImages({
      repositoryName: "talk-service",
    });
    expect(imageDetails!.map(({ imageManifestMediaType }) => imageManifestMediaType)).toEqual([
      "application/vnd.oci.image.index.v1+json",
    ]);
    // Their order makes no other image.
    expect((await on("t4g.small", "arm", [...platforms].reverse()).plan()).isEmpty).toBe(true);
  });

  test("runs on Fargate in the architecture of the task", async () => {
    const fargate = talk({ platforms }).cluster(new Cluster("fargate").fargate()).container({ memory: 512 });
    const arm = fargate.container({ cpu: 256 }).task({ architecture: "arm64" });
    const { taskDefinition: arn } = await arm.deploy();
    const { taskDefinition } = await cloud.ports.ecs.describeTaskDefinition({ taskDefinition: arn });
    expect(taskDefinition!.runtimePlatform).toEqual({
      cpuArchitecture: "ARM64",
      operatingSystemFamily: "LINUX",
    });
    expect((await arm.status()).isHealthy).toBe(true);
  });

  test("has platforms that ECS runs, each once, and not one platform beside them", () => {
    const issues = (options: object) => {
      try {
        talk(options).toJSON();
      } catch (error) {
        return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
      }
      return [];
    };
    const wrong = 'image.platforms: must be an array of "linux/amd64", "linux/arm64", each at most once; got';
    expect(issues({ platforms: [] })).toEqual([`${wrong} an empty array`]);
    for (const given of ["linux/amd64", ["linux/amd64", "linux/amd64"], ["windows/amd64"]])
      expect(issues({ platforms: given })[0]).toContain(wrong);
    expect(issues({ platforms, platform: "linux/arm64" })).toEqual([
      "image.platform: cannot be combined with platforms: remove one",
    ]);
    expect(talk({ platforms: ["linux/arm64"] }).toJSON().image.build?.platform).toBe("linux/arm64");
  });

  test("that lacks the host's is not pulled, in ECR's words", async () => {
    await cloud.ports.ecr.createRepository({ repositoryName: "by-hand" });
    const index = {
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: ["arm64", "s390x"].map((architecture) => ({ platform: { os: "linux", architecture } })),
    };
    await imageChanges(cloud.account).putImage({
      repositoryName: "by-hand",
      imageManifest: JSON.stringify(index),
      imageTag: "1",
    });
    const chain = talk().image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/by-hand:1").port(8080);
    await expect(chain.deploy()).rejects.toThrow("does not contain descriptor matching platform");
  });
});

test("a repository that the chain names and others own is used, and never changed or deleted", async () => {
  await cloud.ports.ecr.createRepository({ repositoryName: "conference/talk" });
  const before = cloud.state().repositories["conference/talk"]!;
  const { image } = await talk({ repository: "conference/talk" }).deploy();
  expect(image).toContain("/conference/talk@sha256:");
  await talk({ repository: "conference/talk" }).destroy({ images: true });
  const after = cloud.state().repositories["conference/talk"]!;
  expect({ ...after, images: {} }).toEqual({ ...before, images: {} });
  expect(Object.keys(after.images)).toEqual([image.split("@")[1]]);
});

test("a repository of the default name that others own is refused", async () => {
  await cloud.ports.ecr.createRepository({ repositoryName: "talk-service" });
  await expect(talk().deploy()).rejects.toMatchObject({ code: "not-owned" });
});

test("destroy keeps images unless they may go, works without the directory, and a deploy never deletes them", async () => {
  await talk().deploy();
  const elsewhere = new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, memoryReservation: 128 })
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
    .on(cloud);
  await withPermissionsOf(talk(), () => elsewhere.deploy());
  expect(cloud.state().repositories).toHaveProperty("talk-service");

  await sources[Symbol.asyncDispose]();
  const { kept } = await talk().destroy();
  const why = "it contains images; destroy({ images: true }) deletes them, too";
  const name = "talk-service";
  expect(kept).toEqual([
    { resource: "ecr-repository", name, why },
    { resource: "image", name, why },
  ]);
  const { deleted } = await talk().destroy({ images: true });
  expect(deleted).toEqual([
    { resource: "ecr-repository", name },
    { resource: "image", name },
  ]);
  expect(await talk().destroy()).toEqual({ deleted: [], kept: [] });
});

test("another container may wait for the health check of the Dockerfile, also in a destroy without the file", async () => {
  await sources.write("Dockerfile", "FROM node:22\nEXPOSE 8080\nHEALTHCHECK CMD true\n");
  const withProxy = talk().sidecar("proxy", { image: "proxy:1", dependsOn: { "talk-service": "HEALTHY" } });
  await withProxy.deploy();
  await withProxy.status();
  await sources[Symbol.asyncDispose]();
  await withProxy.destroy();
});

test("a build secret that is missing is reported before anything is changed, and only if an image is built", async () => {
  const missing = {
    buildSecrets: { npm: { env: "QUAYSIDE_NO_SUCH_TOKEN" }, netrc: { file: "./no-such-file" } },
  };
  const calls = await writesOf(cloud, async () => {
    for (const run of [() => talk(missing).plan(), () => talk(missing).deploy()])
      await expect(run()).rejects.toMatchObject({
        code: "build-secret-missing",
        message: expect.stringMatching(/QUAYSIDE_NO_SUCH_TOKEN.*no-such-file/),
      });
  });
  expect(calls).toEqual([]);
  await talk().deploy();
  expect((await talk(missing).plan()).isEmpty).toBe(true);
});

test("a destroy and a status do not ask for a health check that could pass", async () => {
  await talk().deploy();
  await sources.write("Dockerfile", 'FROM node:22\nEXPOSE 8080\nHEALTHCHECK CMD ["curl", "$URL"]\n');
  await expect(talk().deploy()).rejects.toMatchObject({ code: "invalid-spec" });
  await talk().status();
  await talk().destroy();
});

test("a directory's mistakes are reported before anything is sent", async () => {
  const issuesOf = (options: object) =>
    talk(options)
      .deploy()
      .catch((error: SpecError) => error.issues.map(({ path, message }) => `${path}: ${message}`));
  const calls = cloud.calls.length;
  await sources.write("two-ports", "FROM scratch\nEXPOSE 80 443 53/udp\n");
  await sources.write("no-port", "FROM scratch\n");
  const missing = join(sources.directory, "missing");
  expect(await issuesOf({ dockerfile: "missing" })).toEqual([
    `image: the file ${missing} was not found: check the directory, or set the path of the Dockerfile: { dockerfile: "docker/Dockerfile" }`,
  ]);
  expect(await issuesOf({ dockerfile: "two-ports" })).toMatchInlineSnapshot(`
    [
      "container.port: is required behind a load balancer, and the Dockerfile exposes several ports (80, 443): call .port(8080), or .container({ port: 8080 })",
    ]
  `);
  expect(await issuesOf({ dockerfile: "no-port" })).toMatchInlineSnapshot(`
    [
      "container.port: is required behind a load balancer, and the Dockerfile exposes no port: call .port(8080), or .container({ port: 8080 })",
    ]
  `);
  await sources.write("broken", "FROM scratch\nRUN <<EOF\necho\n");
  await sources.write("unhealthy", 'FROM scratch\nEXPOSE 80\nHEALTHCHECK CMD ["curl", "$URL"]\n');
  expect(await issuesOf({ dockerfile: "broken" })).toEqual([
    `image: Docker cannot read line 2 of ${join(sources.directory, "broken")}: the heredoc EOF is not closed`,
  ]);
  expect(await issuesOf({ dockerfile: "unhealthy" })).toMatchInlineSnapshot(`
    [
      "image: the command of HEALTHCHECK in the Dockerfile must be a shell command line, a string instead of an array, because only a shell understands $URL: correct it, or set .container({ healthCheck }); got curl $URL",
    ]
  `);
  expect(await issuesOf({ target: "relase" })).toEqual([
    `image: ${join(sources.directory, "Dockerfile")} has no stage named relase: a stage begins with FROM`,
  ]);
  expect(
    await issuesOf({
      platform: "windows/amd64",
      repository: "Talk",
      buildArgs: { "a b": "1", C: 1 },
      credentials: "x",
    }),
  ).toMatchInlineSnapshot(`
    [
      "image.buildArgs: "a b" is not a valid ARG name: use letters, digits and underscores",
      "image.buildArgs: the value of C must be a string; got 1",
      "image.platform: must be "linux/amd64" or "linux/arm64"; got "windows/amd64"",
      "image.repository: must be 1 to 256 lower-case letters and digits, with single ._-/ between them; got "Talk"",
      "image.credentials: unknown option; valid options: dockerfile, target, buildArgs, buildSecrets, ssh, contexts, platform, platforms, repository",
    ]
  `);
  expect(cloud.calls.length).toBe(calls);
});

test("a tag in ECR is resolved to its digest, and a plan sees it move", async () => {
  const built = await talk().deploy();
  const [repository = "", digest = ""] = built.image.split("@");
  const images = cloud.account.ecr.repositories.get("talk-service")!.images;
  images.get(digest)!.tags.add("latest");
  const byTag = talk().image(`${repository}:latest`).container({ port: 8080 });
  expect((await byTag.plan()).isEmpty).toBe(true);

  images.get(digest)!.tags.delete("latest");
  const moved = `sha256:${"0".repeat(64)}`;
  images.set(moved, { ...images.get(digest)!, digest: moved, tags: new Set(["latest"]) });
  const { changes } = await byTag.plan();
  expect(
    changes.filter(({ action }) => action !== "none").map(({ resource, fields }) => [resource, fields]),
  ).toEqual([
    [
      "task-definition",
      [{ path: "containerDefinitions.0.image", before: built.image, after: `${repository}@${moved}` }],
    ],
    ["service", expect.anything()],
  ]);
  await expect(talk().image(`${repository}:9`).container({ port: 8080 }).deploy()).rejects.toMatchObject({
    code: "image-not-found",
  });
});

test("a task whose image is not in the account's registry does not start, as on AWS", async () => {
  const other = talk()
    .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/nothing:1")
    .container({ port: 8080 });
  await expect(other.deploy()).rejects.toMatchObject({
    code: "rollout-failed",
    diagnosis: "image-not-found",
  });
});

test("a directory runs without Docker, as the process that its Dockerfile describes", async () => {
  await using real = localCloud({ caller: leastPrivilege(), timeScale: 200 });
  await sources.write(
    "src/server.mjs",
    `import { createServer } from "node:http";
     createServer((request, response) => response.end([process.env.GREETING, ...process.argv.slice(2)].join(" ")))
       .listen(process.env.PORT);`,
  );
  await sources.write(
    "Dockerfile",
    `FROM node:22 AS base
ARG WHO=account
ENV GREETING="hello $WHO"
WORKDIR /srv
FROM base
COPY src ./
EXPOSE 8080
CMD ["from", "a", "process"]
ENTRYPOINT ["node", "/srv/server.mjs"]
`,
  );
  const deployment = talk({ buildArgs: { WHO: "conference" } }).on(real);
  const { url } = await deployment.deploy(UNHURRIED);
  expect(await (await fetch(url!)).text()).toBe("hello conference from a process");
  await deployment.destroy({ images: true });
});
