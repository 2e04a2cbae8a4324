import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { describeWithDocker, docker, importBase, onPath } from "./engine.js";
import { Sources } from "./sources.js";

const BASE = "quayside-test-base:2";
const said = (client: string, ...args: string[]): string =>
  String(spawnSync(client, args, { timeout: 10_000 }).stdout);

/** A Docker client of this computer that builds with BuildKit: with buildx, or one that has BuildKit built in. */
const client = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => existsSync(join(folder, "docker")))
  .find((folder) => {
    const path = join(folder, "docker");
    const major = Number(/version (\d+)\./.exec(said(path, "--version"))?.[1]);
    return (major >= 19 && major <= 22) || said(path, "buildx", "version") !== "";
  });

describeWithDocker("an image that is built with secrets", () => {
  describe.skipIf(client === undefined)("by BuildKit", () => {
    const path = process.env["PATH"] ?? "";
    let folder: string;
    let sources: Sources;
    let agent: ChildProcess | undefined;
    const secret = randomUUID();

    beforeAll(async () => {
      await importBase(BASE);
      folder = await mkdtemp(join(tmpdir(), "quayside-secrets-"));
      await writeFile(join(folder, "key"), `${secret}-key`);
      process.env["PATH"] = `${client!}${delimiter}${path}`;
      process.env["QUAYSIDE_TEST_TOKEN"] = secret;
      // A secret is no part of the cache's keys: each run builds anew.
      sources = await Sources.create({
        Dockerfile: `FROM ${BASE}
WORKDIR /www
ENV BUILD=${randomUUID()}
RUN --mount=type=secret,id=TOKEN,required=true busybox sha256sum /run/secrets/TOKEN > token
RUN --mount=type=secret,id=KEY,required=true busybox sha256sum /run/secrets/KEY > key
RUN --mount=type=ssh test ! -S "$SSH_AUTH_SOCK" || echo forwarded > agent
EXPOSE 8080
CMD ["busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
`,
      });
      if (onPath("ssh-agent") === undefined) return;
      const socket = join(folder, "agent.sock");
      agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
      while (!existsSync(socket)) await pause(10);
      process.env["SSH_AUTH_SOCK"] = socket;
    });

    afterAll(async () => {
      process.env["PATH"] = path;
      delete process.env["QUAYSIDE_TEST_TOKEN"];
      if (agent !== undefined) delete process.env["SSH_AUTH_SOCK"];
      agent?.kill();
      await sources?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    test("has what they open, and neither their values nor the way to the agent", async () => {
      await using cloud = localCloud({ docker: true, timeScale: 20 });
      const buildSecrets = { TOKEN: { env: "QUAYSIDE_TEST_TOKEN" }, KEY: { file: join(folder, "key") } };
      const events: unknown[] = [];
      const talk = new Deployment("secret-service")
        .image(sources.directory, { buildSecrets, ...(agent !== undefined && { ssh: "default" }) })
        .container({ cpu: 128, memory: 64 })
        .service({ desired: 1 })
        .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
        .behindAlb("conferenceAlb", { path: "/*", healthCheck: "/token" })
        .on(cloud);
      const { url, image } = await talk.deploy({
        timeout: "5h",
        onEvent: (event) => void events.push(event),
      });
      const get = async (file: string) => (await fetch(new URL(`/${file}`, url!))).text();
      const digest = (value: string) => createHash("sha256").update(value).digest("hex");
      expect(await get("token")).toContain(digest(secret));
      expect(await get("key")).toContain(digest(`${secret}-key`));
      if (agent !== undefined) expect(await get("agent")).toBe("forwarded\n");
      const id = image.split("@")[1]!;
      const made = await docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", id);
      expect(made).toContain("/run/secrets/TOKEN");
      for (const text of [made, await docker("inspect", id), JSON.stringify(events)])
        expect(text).not.toContain(secret);
    });
  });
});
