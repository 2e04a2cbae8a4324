import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readDockerfile } from "../docker/dockerfile.js";
import { isPlainObject } from "../spec/parsing/frozen-copy.js";
import type { DockerfileInput, ImageInput } from "../spec/input.js";
import { DOCKERFILE } from "../spec/build.js";
import { isDirectory } from "../spec/image.js";

/**
 * The image with what its directory's Dockerfile says, read anew each time; an image from a registry as
 * it is. It is the only file that a description looks into: the port may stand there.
 *
 * @param builds - whether it is going to be built: otherwise a directory that is gone does not matter
 */
export function withDockerfile(image: ImageInput | undefined, builds: boolean): ImageInput | undefined {
  if (image === undefined || !isDirectory(image.source)) return image;
  const dockerfile = look(image.source, isPlainObject(image.options) ? image.options : {});
  const matters = builds || "ports" in dockerfile;
  return { ...image, dockerfile: matters ? dockerfile : "unknown" };
}

function look(
  directory: string,
  options: Readonly<Record<string, unknown>>,
): Exclude<DockerfileInput, "unknown"> {
  const { dockerfile = DOCKERFILE, target, buildArgs } = options;
  // What is wrong with the options is said by whoever reads them.
  if (typeof dockerfile !== "string") return { ports: [] };
  const path = resolve(directory, dockerfile);
  const shown = join(directory, dockerfile);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      problem:
        code === "ENOENT"
          ? `there is no file ${shown}: check the directory, or say where its Dockerfile is with { dockerfile: "docker/Dockerfile" }`
          : `the Dockerfile cannot be read: ${message}`,
    };
  }
  const stage = readDockerfile(text, typeof target === "string" ? target : undefined, strings(buildArgs));
  if (stage !== undefined) return { ports: stage.ports };
  const name = typeof target === "string" ? ` named ${target}` : "";
  return { problem: `${shown} has no stage${name}: a Dockerfile begins with FROM` };
}

const strings = (value: unknown): Record<string, string> =>
  isPlainObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      )
    : {};
