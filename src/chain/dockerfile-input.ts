import { readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { DockerfileError } from "../docker/dockerfile/dockerfile-error.js";
import { readDockerfile } from "../docker/dockerfile/read-dockerfile.js";
import { isPlainObject } from "../spec/parsing/frozen-copy.js";
import type { DockerfileInput, ImageInput, TaskInput } from "../spec/input.js";
import { DOCKERFILE } from "../spec/build.js";
import { toPath } from "../spec/parsing/to-path.js";
import { isDirectory } from "../spec/image.js";

/**
 * Adds what the Dockerfile says of its container to the input of a directory's image. The Dockerfile is read
 * each time, and it is the only file that validation reads. An image from a registry is returned as it is.
 *
 * @param buildsImage - false if the image is not going to be built: a missing directory, or a health check that
 * can never pass, is then no error
 */
function withDockerfile(image: ImageInput | undefined, buildsImage: boolean): ImageInput | undefined {
  if (image === undefined || !isDirectory(image.source)) return image;
  const found = inspectDockerfile(image.source, isPlainObject(image.options) ? image.options : {});
  if (!("problem" in found)) return { ...image, dockerfile: { ...found, isBuilt: buildsImage } };
  return { ...image, dockerfile: buildsImage ? found : "unknown" };
}

/** Adds what the Dockerfiles of sidecars' directories say; without such a sidecar, the input is returned as it is. */
export function withDockerfiles<Input extends Pick<TaskInput, "image" | "sidecars">>(
  input: Input,
  buildsImage: boolean,
): Input {
  const image = withDockerfile(input.image, buildsImage);
  const sources = new Map<unknown, { readonly source?: unknown; readonly options?: unknown }>();
  for (const { name, options } of input.sidecars) {
    const { image: source, build } = isPlainObject(options) ? options : {};
    sources.set(name, {
      ...sources.get(name),
      ...(source !== undefined && { source }),
      ...(build !== undefined && { options: build }),
    });
  }
  if (![...sources.values()].some(({ source }) => isDirectory(source)))
    return image === input.image ? input : { ...input, image };
  const sidecars = input.sidecars.map((sidecar) => {
    const { source, options } = sources.get(sidecar.name) ?? {};
    const read = withDockerfile({ source, options }, buildsImage)?.dockerfile;
    return read === undefined ? sidecar : { ...sidecar, dockerfile: read };
  });
  return { ...input, image, sidecars };
}

type Inspected =
  Omit<Extract<DockerfileInput, { readonly ports: unknown }>, "isBuilt"> | { readonly problem: string };

function inspectDockerfile(directory: string, options: Readonly<Record<string, unknown>>): Inspected {
  const { target, buildArgs, platform, platforms } = options;
  const dockerfile = toPath(options["dockerfile"] ?? DOCKERFILE);
  // Invalid options are reported by the parser of the image.
  if (typeof dockerfile !== "string") return { ports: [], healthCheck: undefined };
  const path = resolve(directory, dockerfile);
  const shown = isAbsolute(dockerfile) ? dockerfile : join(directory, dockerfile);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      problem:
        code === "ENOENT"
          ? `the file ${shown} was not found: check the directory, or set the path of the Dockerfile: { dockerfile: "docker/Dockerfile" }`
          : `the Dockerfile cannot be read: ${message}`,
    };
  }
  try {
    const stage = readDockerfile(text, {
      target: typeof target === "string" ? target : undefined,
      buildArgs: strings(buildArgs),
      platform: [platform, ...(Array.isArray(platforms) ? platforms : [])].find(
        (each): each is string => typeof each === "string",
      ),
    });
    if (stage !== undefined) return { ports: stage.ports, healthCheck: stage.healthCheck };
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    return { problem: `Docker cannot read ${atLine(shown, error.line)}: ${error.message}` };
  }
  const name = typeof target === "string" ? ` named ${target}` : "";
  return { problem: `${shown} has no stage${name}: a stage begins with FROM` };
}

const atLine = (shown: string, line: number | undefined): string =>
  line === undefined ? shown : `line ${line} of ${shown}`;

const strings = (value: unknown): Record<string, string> =>
  isPlainObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
      )
    : {};
