import { QuaysideError } from "../errors.js";
import { TAG_EXISTS } from "./image-store.js";

const SHOWN_LINES = 20;

export const dockerMissing = (cause: unknown): QuaysideError =>
  new QuaysideError(
    "docker-missing",
    "The image cannot be built: the `docker` command was not found on the PATH",
    {
      cause,
      fix: "Install Docker (or Colima, or Podman with podman-docker), then run again. Or push the image yourself and pass its reference to .image(). localCloud() does not need Docker.",
    },
  );

export const dockerUnreachable = (lines: readonly string[]): QuaysideError =>
  new QuaysideError(
    "docker-unreachable",
    `The image cannot be built: Docker does not respond: ${last(lines)}`,
    {
      facts: { output: shown(lines) },
      fix: "Start Docker (`docker info` must work), or select a running Docker with DOCKER_HOST or `docker context use`.",
    },
  );

/** The error of a failed build, chosen by what the user has to do about it. */
export function buildFailed(lines: readonly string[], platform: string): QuaysideError {
  const text = lines.join("\n");
  const known = commonFailure(lines);
  if (known !== undefined) return known;
  const emulated = /exec format error/i.test(text);
  const missing = /target stage .* could not be found|failed to reach build target/i.test(text);
  const reason = lines.findLast((line) =>
    /^(ERROR|error|Error)\b|failed to solve|returned a non-zero code/.test(line),
  );
  return new QuaysideError(
    "image-build-failed",
    `The image was not built: ${(reason ?? last(lines)).replace(/^(ERROR|Error)( response from daemon)?:? ?/i, "")}`,
    {
      facts: { platform, output: shown(lines) },
      fix: emulated
        ? `This Docker cannot run programs for ${platform}: install an emulator (docker run --privileged --rm tonistiigi/binfmt --install all), build on a machine with that platform, or change the platform and the instance type.`
        : missing
          ? "Check `target` in .image(directory, { target }): it must be the name of a stage in the Dockerfile."
          : "Fix the Dockerfile or the sources, then run again. The last lines of the build are in `facts.output`.",
    },
  );
}

export function pushFailed(lines: readonly string[], repository: string): QuaysideError {
  const known = commonFailure(lines);
  if (known !== undefined) return known;
  const text = lines.join("\n");
  if (/tag is immutable|ImageTagAlreadyExists/i.test(text)) {
    return new QuaysideError(TAG_EXISTS, `The image was not pushed: ${last(lines)}`, {
      fix: "Run again: the tag exists now and is used.",
    });
  }
  const denied = /denied|unauthorized|no basic auth credentials|authentication required/i.test(text);
  return new QuaysideError("image-push-failed", `The image was not pushed to ${repository}: ${last(lines)}`, {
    facts: { repository, output: shown(lines) },
    fix: denied
      ? "Allow the credentials that quayside uses to call ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload, ecr:BatchCheckLayerAvailability and ecr:PutImage on the repository."
      : "Check the network and the proxy between this computer and the registry, then run again. Layers that already exist are not sent again.",
  });
}

export const wrongPlatform = (built: string, platform: string): QuaysideError =>
  new QuaysideError(
    "image-wrong-platform",
    `The image was not pushed: it was built for ${built}, not for ${platform}`,
    {
      facts: { built, platform },
      fix: `Use a base image that supports ${platform}, or set the platform: .image(directory, { platform: "${built}" }), with a matching instance type. With buildx, Docker builds for other platforms more reliably.`,
    },
  );

/** True if a push failed because its credentials have expired. */
export const isExpired = (lines: readonly string[]): boolean =>
  lines.some((line) => /expired|reauthenticate|no basic auth credentials|unauthorized/i.test(line));

function commonFailure(lines: readonly string[]): QuaysideError | undefined {
  const full = lines.find((line) => /no space left on device|disk quota exceeded/i.test(line));
  if (full !== undefined) {
    return new QuaysideError("disk-full", `The image was not built: Docker's disk is full: ${full.trim()}`, {
      facts: { output: shown(lines) },
      fix: "Free disk space for Docker (`docker system prune`, or a larger disk for its virtual machine), then run again.",
    });
  }
  if (
    lines.some((line) =>
      /cannot connect to the docker daemon|error during connect|is the docker daemon running/i.test(line),
    )
  )
    return dockerUnreachable(lines);
  return undefined;
}

const shown = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.trim() !== "").slice(-SHOWN_LINES);

const last = (lines: readonly string[]): string =>
  lines.findLast((line) => line.trim() !== "")?.trim() ?? "there was no output";
