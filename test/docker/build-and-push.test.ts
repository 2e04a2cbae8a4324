import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  AbortedError,
  aws,
  Cluster,
  Deployment,
  QuaysideError,
  type OperationOptions,
  type QuaysideEvent,
} from "../../src/index.js";
import type { Account } from "../moto/http-cloud.js";
import { MotoServer } from "../moto/moto-server.js";
import { rawClients } from "../moto/raw-clients.js";
import { EcrBridge } from "./ecr-bridge.js";
import { describeWithDocker, docker, importBase, onPath, otherClients } from "./engine.js";
import { PASSWORD, Registry } from "./registry.js";
import { Sources } from "./sources.js";

const BASE = "quayside-test-base:1";
const DOCKERFILE = `FROM ${BASE}
WORKDIR /app
COPY . ./
ENV GREETING=hello
EXPOSE 8080
CMD ["busybox", "cat", "/app/message"]
`;

describeWithDocker("a directory, with a real Docker engine and a real registry", () => {
  let moto: MotoServer;
  let registry: Registry;
  let bridge: EcrBridge;
  let account: Account;
  let sources: Sources;
  let events: QuaysideEvent[];
  const path = process.env["PATH"] ?? "";

  beforeAll(async () => {
    await importBase(BASE);
    moto = await MotoServer.start();
    registry = await Registry.start();
    bridge = await EcrBridge.start(moto.endpoint, registry);
    account = { ...(await moto.newAccount()), endpoint: bridge.endpoint };
    sources = await Sources.create({
      Dockerfile: DOCKERFILE,
      ".dockerignore": "ignored\n",
      message: "first\n",
      ignored: "whatever\n",
    });
  });

  afterEach(() => {
    process.env["PATH"] = path;
    bridge.stalePasswords.length = 0;
  });

  afterAll(async () => {
    await bridge?.stop();
    await registry?.stop();
    await moto?.stop();
    await sources?.[Symbol.asyncDispose]();
  });

  const describe = (name: string, directory: string) =>
    new Deployment(name)
      .image(directory, { platform: "linux/amd64" })
      .container({ cpu: 256, memory: 512 })
      .cluster(new Cluster("conference-cluster").fargate())
      .on(aws(account));
  const deploy = (name: string, directory = sources.directory, options: OperationOptions = {}) => {
    events = [];
    return describe(name, directory).deploy({ onEvent: (event) => events.push(event), ...options });
  };
  const refusal = async (run: Promise<unknown>): Promise<QuaysideError> => {
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(QuaysideError);
    return error as QuaysideError;
  };
  /** The files that the library left in the temporary directory. */
  const leftBehind = async () =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("quayside-docker-"));

  test("is built, pushed, read back, and named by its digest in the task definition", async () => {
    const { image } = await deploy("talk-service");

    expect(image).toMatch(new RegExp(`^${registry.host}/talk-service@sha256:[0-9a-f]{64}$`));
    const digest = image.split("@")[1]!;
    const manifest = (await registry.manifest("talk-service", digest))!;
    const { config, layers } = JSON.parse(manifest.text) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    const made = (await (await registry.blob("talk-service", config.digest)).json()) as {
      architecture: string;
      config: { Cmd: string[]; Env: string[]; WorkingDir: string };
    };
    expect(made).toMatchObject({ architecture: "amd64", config: { WorkingDir: "/app" } });
    expect(made.config.Cmd).toEqual(["busybox", "cat", "/app/message"]);
    expect(made.config.Env).toContain("GREETING=hello");
    for (const layer of layers) expect((await registry.blob("talk-service", layer.digest)).status).toBe(200);

    const { taskDefinition } = await rawClients(account).ecs.describeTaskDefinition({
      taskDefinition: "talk-service",
    });
    expect(taskDefinition!.containerDefinitions![0]).toMatchObject({ image });
    expect(taskDefinition!.containerDefinitions![0]!.portMappings![0]!.containerPort).toBe(8080);

    const phases = new Set(events.flatMap((event) => (event.type === "progress" ? [event.phase] : [])));
    expect([...phases]).toEqual(["build", "push"]);
    expect(await leftBehind()).toEqual([]);
  });

  test("for several platforms is refused by a builder that cannot, before a push", async () => {
    // Without buildx, or with its default builder and the engine's own image store.
    const both = describe("several-platforms", sources.directory).image(sources.directory, {
      platforms: ["linux/amd64", "linux/arm64"],
    });
    const error = await refusal(both.deploy());
    expect(error.code).toBe("no-multi-platform");
    expect(error.fix).toContain("docker buildx create --use");
    expect(await leftBehind()).toEqual([]);
  });

  test("runs as it was built, when it is pulled from the registry", async () => {
    const { image } = await deploy("talk-service");
    for (const id of new Set((await docker("images", "-q", `${registry.host}/talk-service`)).split("\n")))
      await docker("rmi", "--force", id);

    const config = await mkdtemp(join(tmpdir(), "quayside-pull-"));
    const auth = Buffer.from(`AWS:${PASSWORD}`).toString("base64");
    await writeFile(join(config, "config.json"), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    await docker("--config", config, "pull", image);
    await rm(config, { recursive: true });
    expect(await docker("run", "--rm", "--network", "none", image)).toBe("first");
  });

  test("starts no process while its content is the same", async () => {
    const { image } = await deploy("talk-service");
    process.env["PATH"] = "/nowhere";
    await sources.write("ignored", "something else\n");
    const again = await deploy("talk-service");
    expect(again.image).toBe(image);
    expect(again.changes.every(({ action }) => action === "none")).toBe(true);
  });

  test("is rebuilt after one byte has changed", async () => {
    const before = await deploy("talk-service");
    await sources.write("message", "First\n");
    const { image, changes } = await deploy("talk-service");
    expect(image).not.toBe(before.image);
    expect(changes.filter(({ action }) => action !== "none").map(({ resource }) => resource)).toEqual([
      "image",
      "task-definition",
      "service",
    ]);
    // A rollback to the previous release must be possible.
    expect(await registry.manifest("talk-service", before.image.split("@")[1]!)).toBeDefined();
  });

  test("may contain links, spaces and letters of any script", async () => {
    await using strange = await Sources.create({
      Dockerfile: `FROM ${BASE}\nWORKDIR /app\nCOPY . ./\nCMD ["sh", "-c", "busybox cat 'a b/grüße 日本.txt' link"]\n`,
      "a b/grüße 日本.txt": "schön\n",
    });
    await strange.link("link", "a b/grüße 日本.txt");
    const { image } = await deploy("strange-service", strange.directory);
    const tag = (await docker("images", "--format", "{{.Tag}}", image.split("@")[0]!)).split("\n")[0]!;
    expect(await docker("run", "--rm", "--network", "none", `${image.split("@")[0]}:${tag}`)).toBe(
      "schön\nschön",
    );
  });

  test("renews credentials that expire during the push, and never prints them", async () => {
    bridge.stalePasswords.push("an-expired-password");
    await sources.write("message", "with a second login\n");
    await using recorder = await Recorder.start();
    await deploy("talk-service");

    const recorded = await recorder.text();
    expect(recorded).toMatch(/^push /m);
    const secrets = [PASSWORD, "an-expired-password"].flatMap((secret) => [
      secret,
      Buffer.from(`AWS:${secret}`).toString("base64"),
    ]);
    for (const secret of secrets) {
      expect(recorded).not.toContain(secret);
      expect(JSON.stringify(events)).not.toContain(secret);
    }
    expect(await leftBehind()).toEqual([]);
  });

  test("is an error with a fix and without credentials if the registry rejects the push", async () => {
    bridge.stalePasswords.push("wrong-one", "wrong-two");
    await sources.write("message", "refused\n");
    const error = await refusal(deploy("talk-service"));
    expect(error.code).toBe("image-push-failed");
    expect(error.fix).toContain("ecr:PutImage");
    expect(JSON.stringify([error.message, error.facts, error.fix, events])).not.toMatch(/wrong-(one|two)/);
    expect(error.outcome?.notDone.map(({ resource }) => resource)).toContain("image");
    expect(await leftBehind()).toEqual([]);
  });

  test("shows the last lines of a build that failed, and does not change the running version", async () => {
    await using broken = await Sources.create({
      Dockerfile: `FROM ${BASE}\nRUN echo the reason why && exit 3\n`,
    });
    const error = await refusal(deploy("broken-service", broken.directory));
    expect(error).toMatchObject({ code: "image-build-failed" });
    expect((error.facts["output"] as string[]).join("\n")).toContain("the reason why");
    const { services } = await rawClients(account).ecs.describeServices({
      cluster: "conference-cluster",
      services: ["broken-service"],
    });
    expect(services).toEqual([]);
  });

  test("ends the build, and every process that it has started, when it is aborted", async () => {
    await using slow = await Sources.create({
      Dockerfile: `FROM ${BASE}\nRUN busybox sleep 3600\n`,
    });
    const abort = new AbortController();
    const error = await refusal(
      deploy("slow-service", slow.directory, {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === "progress" && event.phase === "build" && event.text.includes("sleep"))
            abort.abort();
        },
      }),
    );
    expect(error).toBeInstanceOf(AbortedError);
    expect(await clientsRunning("slow-service")).toEqual([]);
    // The engine notices when its client has ended.
    await expect.poll(() => docker("ps", "--quiet", "--filter", `ancestor=${BASE}`)).toBe("");
  });

  test("leaves no tag behind when the push is aborted", async () => {
    await sources.write("message", `${"x".repeat(2_000_000)}\n`);
    const abort = new AbortController();
    await using recorder = await Recorder.start(() => abort.abort());
    const error = await refusal(deploy("aborted-service", sources.directory, { signal: abort.signal }));
    expect(error).toBeInstanceOf(AbortedError);
    expect(await recorder.text()).toMatch(/^push /m);
    expect(await clientsRunning("aborted-service")).toEqual([]);
    expect(await leftBehind()).toEqual([]);
    const { imageIds } = await rawClients(account).ecr.listImages({ repositoryName: "aborted-service" });
    expect(imageIds).toEqual([]);
    await sources.write("message", "first\n");
  });

  test("fails before anything is changed if the docker command or its engine is missing", async () => {
    const raw = rawClients(account);
    process.env["PATH"] = "/nowhere";
    expect(await refusal(deploy("none-service"))).toMatchObject({ code: "docker-missing" });
    process.env["PATH"] = path;
    const host = process.env["DOCKER_HOST"];
    process.env["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
    try {
      expect(await refusal(deploy("none-service"))).toMatchObject({ code: "docker-unreachable" });
    } finally {
      if (host === undefined) delete process.env["DOCKER_HOST"];
      else process.env["DOCKER_HOST"] = host;
    }
    await expect(raw.ecr.describeRepositories({ repositoryNames: ["none-service"] })).rejects.toThrow(
      /does not exist/,
    );
  });

  test("is built by every other Docker client of this computer, too", async () => {
    for (const folder of await otherClients()) {
      process.env["PATH"] = `${folder}${delimiter}${path}`;
      await sources.write("message", `from ${folder}\n`);
      const { image } = await deploy("other-client-service");
      expect(await registry.manifest("other-client-service", image.split("@")[1]!)).toBeDefined();
    }
  });

  test("stays in its repository when the deployment is destroyed, unless images may be deleted", async () => {
    const talk = describe("talk-service", sources.directory);
    const { kept } = await talk.destroy();
    expect(kept.filter(({ resource }) => !["cluster", "image"].includes(resource))).toEqual([
      {
        resource: "ecr-repository",
        name: "talk-service",
        why: "it contains images; destroy({ images: true }) deletes them, too",
      },
    ]);
    const { deleted } = await talk.destroy({ images: true });
    expect(deleted).toContainEqual({ resource: "ecr-repository", name: "talk-service" });
    await expect(
      rawClients(account).ecr.describeRepositories({ repositoryNames: ["talk-service"] }),
    ).rejects.toThrow(/does not exist/);
  });
});

/** Docker clients of an image that have not ended. Other suites have theirs at the same time. */
async function clientsRunning(name: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => /^(\S*\/)?docker\0/.test(line) && line.includes(name));
}

/** Precedes `docker` on the PATH, and records its arguments and its configuration. */
class Recorder implements AsyncDisposable {
  readonly #folder: string;
  readonly #watch: NodeJS.Timeout | undefined;

  private constructor(folder: string, onPush: (() => void) | undefined) {
    this.#folder = folder;
    if (onPush === undefined) return;
    this.#watch = setInterval(() => {
      void this.text().then((text) => {
        if (/^push /m.test(text)) onPush();
      });
    }, 5);
  }

  static async start(onPush?: () => void): Promise<Recorder> {
    const folder = await mkdtemp(join(tmpdir(), "quayside-recorder-"));
    const path = process.env["PATH"] ?? "";
    const client = onPath("docker")!;
    const script = `#!/bin/sh
{ echo "$@"; if [ -n "$DOCKER_CONFIG" ]; then find "$DOCKER_CONFIG"/ -type f -exec cat {} + ; fi; } >> "${folder}/log"
exec "${client}" "$@"
`;
    await writeFile(join(folder, "docker"), script);
    await chmod(join(folder, "docker"), 0o755);
    process.env["PATH"] = `${folder}${delimiter}${path}`;
    return new Recorder(folder, onPush);
  }

  text(): Promise<string> {
    return readFile(join(this.#folder, "log"), "utf8").catch(() => "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
