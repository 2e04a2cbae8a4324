import { assertSupported, secretArguments } from "./build-secrets.js";
import type { Builder } from "./builder.js";
import { docker, type DockerResult } from "./docker-command.js";
import { buildFailed, wrongPlatform } from "./docker-errors.js";
import type { ImageOrder, ImageProgress } from "./image-store.js";
import { namedValues } from "./named-values.js";

export interface BuildRun {
  readonly signal: AbortSignal;
  readonly progress: (progress: ImageProgress) => void;
}

/** Everything that a build is told, except for where its result goes. */
export const buildArguments = (order: ImageOrder, name: string): string[] => [
  ...["--platform", order.platform],
  ...["--file", order.dockerfile],
  ...["--tag", name],
  ...(order.target === undefined ? [] : ["--target", order.target]),
  ...namedValues("--build-arg", order.buildArgs).args,
  ...secretArguments(order),
  order.directory,
];

export const buildEnvironment = (order: ImageOrder): Readonly<Record<string, string>> => ({
  ...namedValues("--build-arg", order.buildArgs).env,
  // A single image for each platform, instead of an index of an image and its attestation.
  BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
});

/** Builds the directory into the engine's own images, under `name`. */
export async function buildImage(
  order: ImageOrder,
  name: string,
  builder: Builder,
  run: BuildRun,
): Promise<void> {
  const { platform } = order;
  assertSupported(order, builder);
  let result = await build(order, name, builder, run, []);
  if (result.code === 0 && builder === "classic" && (await platformOf(name, run.signal)) !== platform) {
    // The classic builder's cache ignores platforms: the cached image may be for another one.
    result = await build(order, name, builder, run, ["--no-cache", "--pull"]);
  }
  if (result.code !== 0) throw buildFailed(result.lines, platform);
  const built = await platformOf(name, run.signal);
  if (built !== undefined && built !== platform) throw wrongPlatform(built, platform);
}

async function build(
  order: ImageOrder,
  name: string,
  builder: Builder,
  { signal, progress }: BuildRun,
  more: readonly string[],
): Promise<DockerResult> {
  return docker(
    [
      // `--load`: a builder in a container would otherwise keep the image to itself.
      ...(builder === "buildx" ? ["buildx", "build", "--load"] : ["build"]),
      ...(builder === "buildx" || builder === "buildkit" ? ["--progress", "plain"] : []),
      ...more,
      ...buildArguments(order, name),
    ],
    {
      signal,
      activity: "building the image",
      env: {
        ...buildEnvironment(order),
        ...(builder === "buildkit" && { DOCKER_BUILDKIT: "1" }),
        ...(builder === "classic" && { DOCKER_BUILDKIT: "0" }),
      },
      onLine: (line) => {
        const step = buildStep(line);
        if (step !== undefined) progress(step);
      },
    },
  );
}

/** `#7 [stage 2/4] COPY a b` of BuildKit, `Step 2/7 : COPY a b` of the classic builder, `STEP 2/7: …` of Podman. */
export function buildStep(line: string): ImageProgress | undefined {
  const match =
    /^#\d+ \[(?:\S+ )?(\d+)\/(\d+)\] (.+)$/.exec(line) ?? /^step (\d+)\/(\d+) ?: (.+)$/i.exec(line);
  if (match === null) return undefined;
  const [, done, total, text = ""] = match;
  return { phase: "build", text, done: Number(done), total: Number(total), unit: "steps" };
}

async function platformOf(name: string, signal: AbortSignal): Promise<string | undefined> {
  const { code, stdout } = await docker(["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", name], {
    signal,
  });
  return code === 0 ? stdout.trim() : undefined;
}
