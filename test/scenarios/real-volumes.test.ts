import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { leastPrivilege } from "./least-privilege.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "quayside-volumes-test-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function source(name: string, program: string, ...words: readonly string[]): Promise<string> {
  const path = join(directory, name);
  await mkdir(path, { recursive: true });
  const command = JSON.stringify(["node", "main.mjs", ...words]);
  await writeFile(join(path, "Dockerfile"), `FROM node:22-alpine\nWORKDIR /app\nCOPY . .\nCMD ${command}\n`);
  await writeFile(join(path, "main.mjs"), program);
  return path;
}

const PREPARE = `
import { writeFileSync } from "node:fs";
writeFileSync(process.argv[2] + "/greeting", "prepared");
`;
const COUNTER = `
import { createServer } from "node:http";
import { appendFileSync } from "node:fs";
appendFileSync(process.env.UPLOADS + "/starts", "x");
createServer((_, response) => response.end("counter")).listen(process.env.PORT);
`;
const WEB = `
import { createServer } from "node:http";
import { execSync } from "node:child_process";
import { readFileSync } from "node:fs";
const answer = () => JSON.stringify({
  greeting: readFileSync(process.env.CACHE + "/greeting", "utf8"),
  files: Number(execSync("ulimit -n", { shell: "/bin/sh" })),
  ports: [process.env.PORT === process.env.PORT_8080, process.env.PORT_9090 !== undefined],
});
createServer((_, response) => response.end(answer())).listen(process.env.PORT);
createServer((_, response) => response.end("metrics")).listen(process.env.PORT_9090);
`;

test.each([
  ["Fargate ARM64", new Cluster("volumes").fargate(), "awsvpc"],
  ["EC2 in awsvpc", new Cluster("volumes").ec2({ instanceType: "t4g.medium" }), "awsvpc"],
] as const)(
  "real processes on %s share the volumes of their task, and have limits and several ports",
  async (_, cluster, networkMode) => {
    await using cloud = localCloud({ caller: leastPrivilege(), timeScale: 60 });
    const talk = new Deployment("talk-service")
      .image(await source("web", WEB))
      .container({
        port: 8080,
        ports: [9090],
        mounts: { "/cache": { volume: "cache", readOnly: true } },
        environment: { CACHE: "/cache" },
        ulimits: { nofile: 512 },
        dependsOn: { prepare: "SUCCESS", counter: "START" },
      })
      .sidecar("prepare", {
        image: await source("prepare", PREPARE, "/cache"),
        essential: false,
        mounts: { "/cache": "cache" },
      })
      .sidecar("counter", {
        image: await source("counter", COUNTER),
        port: 3000,
        mounts: { "/uploads": "uploads" },
        environment: { UPLOADS: "/uploads" },
      })
      .task({ cpu: 256, memory: 512, networkMode, architecture: "arm64" })
      .volume("cache")
      .volume("uploads", { efs: "fs-0123456789abcdef0", iam: true })
      .service({ desired: 1 })
      .cluster(cluster)
      .behindAlb("volumes-alb", { path: "/*" })
      .on(cloud);
    const { url } = await talk.deploy();
    const answer = (await (await fetch(url!)).json()) as Record<string, unknown>;
    expect(answer).toEqual({ greeting: "prepared", files: 512, ports: [true, true] });
    expect((await talk.plan()).isEmpty).toBe(true);
  },
);
