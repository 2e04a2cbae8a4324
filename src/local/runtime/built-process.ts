import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { readDockerfile, type DockerfileStage } from "../../docker/dockerfile/read-dockerfile.js";
import type { ImageOrder } from "../../docker/image-store.js";
import type { ProcessToRun } from "./process-runtime.js";

/**
 * The process that a Dockerfile describes, run from the directory itself. `RUN` is not executed, so the
 * program's dependencies must be present (run `npm install` on this computer, too).
 *
 * @returns `undefined` if the command is not in the exec form: a shell command needs the image's shell
 */
export function builtProcess(order: ImageOrder): ProcessToRun | undefined {
  const { target, buildArgs, platform } = order;
  const stage = readDockerfile(readFileSync(order.dockerfile, "utf8"), {
    target,
    buildArgs,
    platform: platform.split(",")[0],
  });
  if (stage === undefined) return undefined;
  const { entryPoint, command, env } = stage;
  if (entryPoint?.form === "shell" || command?.form === "shell") return undefined;
  if (entryPoint === undefined && command === undefined) return undefined;
  const cwd = workingDirectory(order.directory, stage);
  const here = (word: string): string => inDirectory(word, stage.workdir, cwd);
  return {
    entryPoint: entryPoint?.words.map(here) ?? [],
    command: command?.words.map(here) ?? [],
    cwd,
    // The image's search path means nothing here.
    env: Object.fromEntries(Object.entries(env).filter(([name]) => name !== "PATH")),
  };
}

/**
 * The directory that was copied to the container's working directory; the build context itself if none was
 * copied as a whole.
 */
function workingDirectory(directory: string, { copies, workdir }: DockerfileStage): string {
  const copied = copies.findLast(
    ({ sources, destination }) =>
      destination === workdir && sources.length === 1 && isFolder(join(directory, sources[0]!)),
  );
  return copied === undefined ? directory : join(directory, copied.sources[0]!);
}

/** `/app/server.mjs` in a container with the working directory `/app` is a file of this directory. */
function inDirectory(word: string, workdir: string, cwd: string): string {
  if (!posix.isAbsolute(word)) return word;
  const inside = posix.relative(workdir, word);
  const path = join(cwd, inside);
  return !inside.startsWith("..") && existsSync(path) ? path : word;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
