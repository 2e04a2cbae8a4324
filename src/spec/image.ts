import { basename, resolve } from "node:path";
import { parseBuild, type BuildSpec, type DirectoryImageOptions } from "./build.js";
import { parseImageReference } from "./image-reference.js";
import type { DeploymentInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

export type ImageOptions = RegistryImageOptions | DirectoryImageOptions;

export interface ImageSpec {
  /** A registry reference, as ECS takes it; of a directory, the directory as it was given. */
  readonly reference: string;
  /** ARN of the Secrets Manager secret with the registry's user and password. */
  readonly credentials: string | undefined;
  /** How the directory's image is built; `undefined`: it is in a registry already. */
  readonly build: BuildSpec | undefined;
}

export const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/;

export function parseImage(input: DeploymentInput["image"], deployment: string, issues: Issues): ImageSpec {
  if (input === undefined) {
    issues.add("image", "call .image(...) first");
    return { reference: "", credentials: undefined, build: undefined };
  }
  const { source } = input;
  if (isDirectory(source)) {
    const build = parseBuild(source, input.options, deployment, issues);
    const { dockerfile } = input;
    if (typeof dockerfile === "object" && "problem" in dockerfile) issues.add("image", dockerfile.problem);
    return { reference: source, credentials: undefined, build };
  }
  const options = new OptionsReader<RegistryImageOptions>(input.options, "image", issues);
  const credentials = options.string("credentials");
  if (credentials !== undefined && !SECRET_ARN.test(credentials)) {
    options.issue(
      "credentials",
      `must be the ARN of a Secrets Manager secret; got ${formatValue(credentials)}`,
    );
  }
  if (typeof source !== "string" || parseImageReference(source) === undefined) {
    issues.add(
      "image",
      'must be a directory that starts with "." or "/", such as "./talk-service", or a registry reference in lower case, ' +
        `{registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got ${formatValue(source)}`,
    );
  }
  options.close();
  return { reference: String(source), credentials, build: undefined };
}

/** What a deployment without a name is called: its directory, or the last segment of its image's repository. */
export function nameOfImage(input: DeploymentInput["image"]): string | undefined {
  if (typeof input?.source !== "string") return undefined;
  if (isDirectory(input.source)) return basename(resolve(input.source)) || undefined;
  return parseImageReference(input.source)?.repository.split("/").at(-1);
}

/** A directory with a Dockerfile, as opposed to a registry reference. */
export const isDirectory = (source: unknown): source is string =>
  typeof source === "string" && /^[./]/.test(source);

/** Of an image that is in a registry already. */
export interface RegistryImageOptions {
  /**
   * ARN of the Secrets Manager secret that holds the registry's `username` and `password`, for private
   * registries other than ECR.
   */
  readonly credentials?: string | undefined;
}
