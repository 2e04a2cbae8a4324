import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QuaysideError } from "../errors.js";
import { buildArguments, buildEnvironment, buildStep } from "./build-image.js";
import type { Builder } from "./builder.js";
import { docker, type DockerResult } from "./docker-command.js";
import { buildFailed, isExpired, pushFailed } from "./docker-errors.js";
import type { ImageOrder, ImageRun } from "./image-store.js";
import { withLogin } from "./registry-credentials.js";

/**
 * Builds the directory for several platforms, and pushes the images and their index at once: an engine's own store
 * holds one platform, therefore BuildKit pushes.
 *
 * @returns the digest of the index
 */
export async function buildIndex(
  order: ImageOrder,
  name: string,
  builder: Builder,
  run: ImageRun,
): Promise<string> {
  if (builder !== "buildx") throw noIndex(order, `this ${title(builder)} builds for one platform at a time`);
  // Nothing is pushed before the sources are confirmed; the second build then takes everything from the cache.
  const built = await build(order, name, run, ["--output", "type=cacheonly"], {});
  if (built.code !== 0) throw failed(built, order);
  await run.confirm();
  const folder = await mkdtemp(join(tmpdir(), "quayside-index-"));
  try {
    const metadata = join(folder, "metadata.json");
    for (let attempt = 1; ; attempt++) {
      const login = await run.login();
      const pushed = await withLogin(login, (env) =>
        build(order, name, run, ["--push", "--metadata-file", metadata], env),
      );
      if (pushed.code === 0) return await digestIn(metadata, name);
      const lines = pushed.lines.map((line) => line.replaceAll(login.password, "***"));
      if (!isPush(lines)) throw failed({ ...pushed, lines }, order);
      if (attempt > 1 || !isExpired(lines)) throw pushFailed(lines, name);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const build = (
  order: ImageOrder,
  name: string,
  { signal, progress }: ImageRun,
  output: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<DockerResult> =>
  docker(["buildx", "build", "--progress", "plain", ...output, ...buildArguments(order, name)], {
    signal,
    activity: output.includes("--push") ? "pushing the image" : "building the image",
    env: { ...buildEnvironment(order), ...env },
    onLine: (line) => {
      const step = buildStep(line);
      if (step !== undefined) progress(step);
    },
  });

/** `{ "containerimage.digest": "sha256:…" }` */
async function digestIn(path: string, name: string): Promise<string> {
  const metadata = JSON.parse(await readFile(path, "utf8")) as Readonly<Record<string, unknown>>;
  const digest = metadata["containerimage.digest"];
  if (typeof digest === "string") return digest;
  throw new QuaysideError(
    "image-push-failed",
    `The image was pushed as ${name}, but \`docker buildx build\` did not report a digest`,
    { fix: "Run again: an image that is already in ECR is used as it is." },
  );
}

/** `ERROR: failed to push …`, `failed to authorize`, `failed to do request`. */
const isPush = (lines: readonly string[]): boolean =>
  lines.some((line) =>
    /failed to push|failed to authorize|unexpected status from (PUT|POST|HEAD) request/i.test(line),
  );

/** Both wordings of buildx, before and since 0.12. */
const IS_ONE_PLATFORM = /multi-?platform build is not supported|multiple platforms feature is currently not/i;

function failed({ lines }: DockerResult, order: ImageOrder): QuaysideError {
  return lines.some((line) => IS_ONE_PLATFORM.test(line))
    ? noIndex(order, "the selected builder of buildx builds for one platform at a time")
    : buildFailed(lines, order.platform);
}

const title = (builder: Builder): string => (builder === "podman" ? "Podman" : "Docker without buildx");

const noIndex = ({ platform }: ImageOrder, reason: string): QuaysideError =>
  new QuaysideError("no-multi-platform", `The image cannot be built for ${platform}: ${reason}`, {
    facts: { platform },
    fix: "Create a builder that can (`docker buildx create --use`), or turn on Docker's containerd image store. Or build for one platform: .image(directory, { platform }).",
  });
