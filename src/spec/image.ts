import { basename, resolve } from "node:path";
import { parseBuild, type BuildSpec, type DirectoryImageOptions } from "./build.js";
import { parseImageReference } from "./image-reference.js";
import type { DeploymentInput } from "./input.js";
import { formatValue, textOf } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { secretArnProblem } from "./secret-arn.js";

export type ImageOptions = RegistryImageOptions | DirectoryImageOptions;

export interface ImageSpec {
  /** The image reference, or the directory that the user gave. */
  readonly reference: string;
  /** The ARN of the Secrets Manager secret with the registry's user name and password. */
  readonly credentials: string | undefined;
  /** How the directory's image is built; `undefined` for an image in a registry. */
  readonly build: BuildSpec | undefined;
}

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
  const credentials = parseCredentials(options);
  if (typeof source !== "string" || parseImageReference(source) === undefined) {
    issues.add(
      "image",
      'must be a directory that begins with "." or "/", such as "./talk-service", or an image reference in lower case, ' +
        `{registry/}repository{:tag}{@digest}, such as "nginx:1.29"; got ${formatValue(source)}`,
    );
  }
  options.close();
  return { reference: textOf(source), credentials, build: undefined };
}

/** Reads the secret with a registry's credentials, for main containers and sidecars. */
export function parseCredentials(options: OptionsReader<RegistryImageOptions>): string | undefined {
  const credentials = options.string("credentials");
  if (credentials === undefined) return undefined;
  const isArn = credentials.startsWith("arn:");
  const problem = secretArnProblem(credentials);
  if (problem === undefined) return credentials;
  options.issue(
    "credentials",
    `must be the ARN of a Secrets Manager secret;${isArn ? ` ${problem};` : ""} got ${formatValue(credentials)}`,
  );
  return undefined;
}

/** Returns the default name of a deployment: its directory's name, or the last segment of its image's repository. */
export function nameOfImage(input: DeploymentInput["image"]): string | undefined {
  if (typeof input?.source !== "string") return undefined;
  if (isDirectory(input.source)) return basename(resolve(input.source)) || undefined;
  return parseImageReference(input.source)?.repository.split("/").at(-1);
}

/** True if the source is a directory with a Dockerfile, not an image reference. */
export const isDirectory = (source: unknown): source is string =>
  typeof source === "string" && /^(?:[./]|[A-Za-z]:[\\/]|\\\\)/.test(source);

/** Options for an image in a registry. */
export interface RegistryImageOptions {
  /**
   * The ARN of the Secrets Manager secret with the registry's `username` and `password`. Required for
   * private registries other than ECR.
   */
  readonly credentials?: string | undefined;
}
