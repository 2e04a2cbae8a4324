import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, type RolloutError } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { leastPrivilege } from "../scenarios/least-privilege.js";
import { describeWithDocker, docker, importBase } from "./engine.js";
import { Sources } from "./sources.js";
import { UNHURRIED } from "../scenarios/unhurried.js";

const BASE = "quayside-test-base:2";
/** Other suites have containers in the same engine, at the same time. */
const OWN = { "com.example.suite": randomUUID() };
const FILE_SYSTEM = "fs-0123456789abcdef0";
/** A container can have no other architecture than this computer's. */
const [INSTANCE_TYPE, ARCHITECTURE] =
  process.arch === "arm64" ? (["t4g.medium", "arm64"] as const) : (["t3.medium", "x86_64"] as const);

/** A directory whose program is a shell script. */
const script = (lines: readonly string[], healthCheck?: string): Promise<Sources> =>
  Sources.create({
    Dockerfile: [
      `FROM ${BASE}`,
      "WORKDIR /app",
      "COPY . .",
      ...(healthCheck === undefined ? [] : [`HEALTHCHECK --timeout=60s CMD ${healthCheck}`]),
      'CMD ["sh", "main.sh"]',
    ].join("\n"),
    "main.sh": `${lines.join("\n")}\n`,
  });

describeWithDocker("a task in full with Docker", () => {
  const sources: Sources[] = [];
  const directory = async (...args: Parameters<typeof script>): Promise<string> => {
    const created = await script(...args);
    sources.push(created);
    return created.directory;
  };
  beforeAll(() => importBase(BASE));
  afterAll(() => Promise.all(sources.map((each) => each[Symbol.asyncDispose]())));

  test("EFS, FireLens to CloudWatch, and three containers from directories in their order and health", async () => {
    await using cloud: LocalCloud = localCloud({
      ...{ docker: true, timeScale: 20, caller: leastPrivilege() },
      fileSystems: [{ id: FILE_SYSTEM, accessPoints: ["fsap-0123456789abcdef0"] }],
      // The router: its image would be pulled from a registry. The cloud itself routes the lines.
      images: { "aws-for-fluent-bit": { answers: 200 } },
    });
    const web = await directory(
      [
        'echo "$(cat /cache/greeting), $(cat /cache/proxy)" > index.html',
        'echo "$VERSION" >> /app/uploads/starts',
        "echo up > health",
        "echo served by $VERSION",
        "exec busybox httpd -f -p 8080 -h /app",
      ],
      "busybox wget -q -O /dev/null http://127.0.0.1:8080/health",
    );
    const talk = new Deployment("talk-service")
      .image(web)
      .container({
        port: 8080,
        labels: OWN,
        mounts: { "/cache": { volume: "cache", readOnly: true }, "/app/uploads": "uploads" },
        dependsOn: { proxy: "HEALTHY" },
      })
      .sidecar("proxy", {
        // It starts after `prepare` has ended, and is healthy a second later.
        image: await directory(
          [
            "echo proxy after $(cat /cache/greeting)",
            "busybox sleep 1",
            "echo the proxy is healthy > /cache/proxy",
            "exec busybox httpd -f -p 3000 -h /cache",
          ],
          "busybox wget -q -O /dev/null http://127.0.0.1:3000/proxy",
        ),
        port: 3000,
        labels: OWN,
        dependsOn: { prepare: "SUCCESS" },
        mounts: { "/cache": "cache" },
      })
      .sidecar("prepare", {
        image: await directory(["busybox sleep 1", "echo prepared > /cache/greeting"]),
        essential: false,
        labels: OWN,
        mounts: { "/cache": "cache" },
      })
      .task({ cpu: 256, memory: 512, networkMode: "awsvpc", architecture: ARCHITECTURE })
      .volume("cache")
      .volume("uploads", { efs: FILE_SYSTEM, accessPoint: "fsap-0123456789abcdef0", iam: true })
      .logs({
        driver: "awsfirelens",
        options: {
          ...{ Name: "cloudwatch_logs", region: "eu-west-1" },
          ...{ log_group_name: "/talks/routed", log_stream_prefix: "talks-" },
        },
        router: { type: "fluentbit" },
      })
      .service({ desired: 1 })
      .cluster(new Cluster("conference-cluster").ec2({ instanceType: INSTANCE_TYPE }))
      .behindAlb("conferenceAlb", { path: "/*", healthCheck: "/health" })
      .on(cloud);
    const version = (number: number) => talk.env({ VERSION: `version ${number}` });

    const { url } = await version(1).deploy(UNHURRIED);
    const get = async (path: string) => (await (await fetch(new URL(path, url!))).text()).trim();
    expect(await get("/")).toBe("prepared, the proxy is healthy");
    expect((await version(1).plan()).isEmpty).toBe(true);
    expect((await version(1).status()).isHealthy).toBe(true);

    await version(2).deploy(UNHURRIED);
    // The file system is the only thing that the second version has of the first.
    expect((await get("/uploads/starts")).split("\n")).toEqual(["version 1", "version 2"]);
    const lines: string[] = [];
    for await (const { container, message } of version(2).tail({ since: "1h" }))
      lines.push(`${container}: ${message}`);
    expect(lines).toEqual(
      expect.arrayContaining([
        "proxy: proxy after prepared",
        "talk-service: served by version 1",
        "talk-service: served by version 2",
      ]),
    );

    const [label] = Object.entries(OWN).map(([name, value]) => `label=${name}=${value}`);
    const containers = () => docker("ps", "--all", "--quiet", "--filter", label!);
    expect(await containers()).not.toBe("");
    await version(2).destroy({ images: true });
    expect(await containers()).toBe("");
  });

  test("a container whose health check fails in it is not deployed, and the error names the check", async () => {
    await using cloud = localCloud({ docker: true, timeScale: 20 });
    const error = await new Deployment("talk-service")
      .image(await directory(["exec busybox httpd -f -p 8080 -h /app"]))
      .container({
        port: 8080,
        healthCheck: {
          command: ["busybox", "test", "-f", "/ready"],
          timeout: "2s",
          interval: "5s",
          retries: 1,
        },
      })
      .service({ desired: 1 })
      .cluster(new Cluster("conference-cluster").ec2({ instanceType: INSTANCE_TYPE }))
      .on(cloud)
      .deploy(UNHURRIED)
      .then(
        () => expect.fail("it was deployed"),
        (thrown: unknown) => thrown as RolloutError,
      );
    expect(error).toMatchObject({ code: "rollout-failed", diagnosis: "health-check-failing" });
  });
});
