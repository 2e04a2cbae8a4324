import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildIndex } from "../../src/docker/build-index.js";
import type { Builder } from "../../src/docker/builder.js";
import type { ImageRun } from "../../src/docker/image-store.js";
import type { QuaysideError } from "../../src/index.js";

/*
 * What buildx is told, and what its answers mean. A program in Docker's place notes its arguments: an engine whose builder
 * makes an index is not on every computer.
 */

const DIGEST = `sha256:${"a".repeat(64)}`;
const PASSWORD = "hunter2";
const path = process.env["PATH"] ?? "";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quayside-buildx-"));
  process.env["PATH"] = `${folder}${delimiter}${path}`;
});

afterEach(async () => {
  process.env["PATH"] = path;
  await rm(folder, { recursive: true });
});

/** Docker, whose build or push prints this and fails, so many times. */
async function fakeDocker({ fails = "", on = "--push", times = 9 } = {}): Promise<void> {
  const script = `#!/bin/sh
echo "$BUILDX_NO_DEFAULT_ATTESTATIONS $*" >> "${folder}/calls"
case "$*" in *${on}*)
  if [ -n '${fails}' ] && [ "$(grep -c -e '${on}' "${folder}/calls")" -le ${times} ]; then echo '${fails}' >&2; exit 1; fi
esac
echo '#7 [linux/arm64 2/4] COPY a b'
while [ $# -gt 0 ]; do [ "$1" = --metadata-file ] && echo '{"containerimage.digest":"${DIGEST}"}' > "$2"; shift; done
exit 0
`;
  await writeFile(join(folder, "docker"), script);
  await chmod(join(folder, "docker"), 0o755);
}

const calls = async (): Promise<string[]> => {
  const text = await readFile(join(folder, "calls"), "utf8").catch(() => "");
  return text.split("\n").filter(Boolean);
};

const order = {
  directory: "/talk",
  dockerfile: "/talk/Dockerfile",
  target: "release",
  buildArgs: {},
  secrets: {},
  ssh: [],
  contexts: {},
  platform: "linux/amd64,linux/arm64",
  repository: "registry.example.com/talk",
  tag: "1",
} as const;

function build(builder: Builder = "buildx", more: Partial<ImageRun> = {}) {
  return buildIndex(order, "registry.example.com/talk:1", builder, {
    signal: AbortSignal.timeout(60_000),
    login: () => Promise.resolve({ registry: "registry.example.com", username: "AWS", password: PASSWORD }),
    confirm: () => Promise.resolve(),
    progress: () => {},
    ...more,
  });
}

const failure = (run: Promise<unknown>): Promise<QuaysideError> =>
  run.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error as QuaysideError,
  );

describe.skipIf(process.platform === "win32")("an image for several platforms", () => {
  test("is built in the cache, confirmed, and pushed as one index with buildx", async () => {
    await fakeDocker();
    const confirmed: number[] = [];
    const steps: string[] = [];
    const confirm = async () => void confirmed.push((await calls()).length);
    expect(await build("buildx", { confirm, progress: ({ text }) => steps.push(text) })).toBe(DIGEST);
    const common =
      "--platform linux/amd64,linux/arm64 --file /talk/Dockerfile --tag registry.example.com/talk:1 --target release /talk";
    expect(
      (await calls()).map((call) => call.replace(/--metadata-file \S+/, "--metadata-file FILE")),
    ).toEqual([
      `1 buildx build --progress plain --output type=cacheonly ${common}`,
      `1 buildx build --progress plain --push --metadata-file FILE ${common}`,
    ]);
    expect(confirmed).toEqual([1]);
    expect(steps).toContain("COPY a b");
  });

  test("is not pushed when its sources change during the build", async () => {
    await fakeDocker();
    const confirm = () => Promise.reject(new Error("changed"));
    await expect(build("buildx", { confirm })).rejects.toThrow("changed");
    expect(await calls()).toHaveLength(1);
  });

  test.each(["classic", "buildkit", "podman"] as const)(
    "is refused before a build by %s",
    async (builder) => {
      await fakeDocker();
      const error = await failure(build(builder));
      expect(error).toMatchObject({ code: "no-multi-platform" });
      expect(error.message).toContain("builds for one platform at a time");
      expect(await calls()).toEqual([]);
    },
  );

  test.each([
    "ERROR: failed to build: Multi-platform build is not supported for the docker driver.",
    "ERROR: multiple platforms feature is currently not supported for docker driver. Please switch to a different driver",
  ])("is refused with a fix when the builder cannot: %s", async (fails) => {
    await fakeDocker({ fails, on: "cacheonly" });
    const error = await failure(build());
    expect(error).toMatchObject({ code: "no-multi-platform" });
    expect(error.fix).toContain("docker buildx create --use");
  });

  test("logs in again when its credentials expire during the push, once", async () => {
    let logins = 0;
    const login = () => {
      logins++;
      return Promise.resolve({ registry: "registry.example.com", username: "AWS", password: PASSWORD });
    };
    const fails = "ERROR: failed to push: unexpected status from POST request: 403: token has expired";
    await fakeDocker({ fails, times: 1 });
    expect(await build("buildx", { login })).toBe(DIGEST);
    expect(logins).toBe(2);
    await fakeDocker({ fails });
    expect(await failure(build("buildx", { login }))).toMatchObject({ code: "image-push-failed" });
  });

  test("says why it was not built, or not pushed, without the password", async () => {
    await fakeDocker({ fails: "ERROR: failed to solve: process did not complete: exec format error" });
    expect((await failure(build())).fix).toContain("install an emulator");
    await fakeDocker({ fails: `ERROR: failed to push x: denied ${PASSWORD}` });
    const denied = await failure(build());
    expect(denied).toMatchObject({ code: "image-push-failed" });
    expect(JSON.stringify([denied.message, denied.facts])).not.toContain(PASSWORD);
  });
});
