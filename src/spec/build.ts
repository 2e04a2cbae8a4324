import { parseBuildSecrets, type BuildSecretSource, type BuildSecretSpec } from "./build-secrets.js";
import { deriveName } from "./derive-name.js";
import { REPOSITORY_NAME } from "./names.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { isUrl, toPath } from "./parsing/to-path.js";
import { OptionsReader } from "./parsing/options-reader.js";

const PLATFORMS: readonly Platform[] = ["linux/amd64", "linux/arm64"];

/** The platforms that ECS runs. */
export type Platform = "linux/amd64" | "linux/arm64";
export const DOCKERFILE = "Dockerfile";

/** Parses how a directory is built into an image. Reads no file. */
export function parseBuild(
  directory: string,
  given: unknown,
  deployment: string,
  issues: Issues,
  path = "image",
): BuildSpec {
  const options = new OptionsReader<DirectoryImageOptions>(given, path, issues);
  const dockerfile = options.path("dockerfile") ?? DOCKERFILE;
  const target = options.string("target", "the name of a stage of the Dockerfile");
  const buildArgs = parseBuildArgs(options);
  const secrets = parseBuildSecrets(options);
  const ssh = parseSsh(options);
  const contexts = parseContexts(options);
  const platform = parsePlatform(options);
  const named = options.name("repository", REPOSITORY_NAME);
  options.close();
  return {
    directory,
    dockerfile,
    target,
    buildArgs,
    secrets,
    ssh,
    contexts,
    platform,
    repository: named ?? deriveName(REPOSITORY_NAME, deployment.toLowerCase()),
    claim: named === undefined ? "own" : "share",
  };
}

function parseSsh(options: OptionsReader<DirectoryImageOptions>): readonly string[] {
  const given = options.raw("ssh");
  if (given === undefined || given === false) return [];
  if (given === true) return ["default"];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const isValid = (each: unknown): each is string =>
    typeof each === "string" && /^[A-Za-z0-9_.-]+(?:=.+)?$/.test(each);
  if (list.every(isValid)) return list;
  options.issue("ssh", `must be true, "default", "id=path", or an array of these; got ${formatValue(given)}`);
  return [];
}

function parseContexts(options: OptionsReader<DirectoryImageOptions>): Readonly<Record<string, string>> {
  const given = options.object("contexts") ?? {};
  const contexts = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const path = toPath(value);
    const source = isUrl(path) ? path.href : path;
    if (!/^[a-z0-9][a-z0-9_.-]*$/.test(name))
      options.issue(
        "contexts",
        `the name ${formatValue(name)} must consist of lower-case letters, digits and _.-`,
      );
    else if (typeof source !== "string" || source === "")
      options.issue(
        "contexts",
        `the source of ${name} must be a directory, an image or a URL; got ${formatValue(value)}`,
      );
    else contexts.set(name, source);
  }
  return Object.fromEntries(contexts);
}

function parsePlatform(options: OptionsReader<DirectoryImageOptions>): BuildSpec["platform"] {
  const platform = options.raw("platform");
  const platforms = parsePlatforms(options);
  if (platforms !== undefined && platform !== undefined) {
    options.issue("platform", "cannot be combined with platforms: remove one");
    return undefined;
  }
  if (platforms !== undefined) return platforms;
  if (platform === undefined) return undefined;
  const known = PLATFORMS.find((each) => each === platform);
  if (known === undefined) {
    const all = PLATFORMS.map((each) => `"${each}"`).join(" or ");
    options.issue("platform", `must be ${all}; got ${formatValue(platform)}`);
  }
  return known;
}

/** Sorted, so that their order does not make another image. */
function parsePlatforms(options: OptionsReader<DirectoryImageOptions>): BuildSpec["platform"] {
  const given = options.raw("platforms");
  if (given === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  const known = PLATFORMS.filter((each) => list.includes(each));
  if (known.length === 0 || new Set(list).size !== known.length || list.length !== known.length) {
    const all = PLATFORMS.map((each) => `"${each}"`).join(", ");
    options.issue("platforms", `must be an array of ${all}, each at most once; got ${formatValue(given)}`);
    return undefined;
  }
  return known.join(",") as BuildSpec["platform"];
}

function parseBuildArgs(options: OptionsReader<DirectoryImageOptions>): Readonly<Record<string, string>> {
  const given = options.raw("buildArgs");
  if (given === undefined) return {};
  if (!isPlainObject(given)) {
    options.issue("buildArgs", `must be an object of names and values; got ${formatValue(given)}`);
    return {};
  }
  const buildArgs = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      options.issue(
        "buildArgs",
        `${formatValue(name)} is not a valid ARG name: use letters, digits and underscores`,
      );
    } else if (typeof value !== "string") {
      options.issue("buildArgs", `the value of ${name} must be a string; got ${formatValue(value)}`);
    } else buildArgs.set(name, value);
  }
  return Object.fromEntries(buildArgs);
}

/** How the image of a directory with a Dockerfile is built, and where it is stored. */
export interface DirectoryImageOptions {
  /** The Dockerfile's path, relative to the directory, or a `file:` URL. @defaultValue `"Dockerfile"` */
  readonly dockerfile?: string | URL | undefined;
  /** The build stage. @defaultValue the last one */
  readonly target?: string | undefined;
  /** Values for the Dockerfile's `ARG` instructions. They are visible in the image's history: do not pass secrets. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /**
   * Secrets for `RUN --mount=type=secret,id=…`, by id: an environment variable of this process, or a file. They
   * are not part of the image, and a changed value alone builds nothing. They need BuildKit.
   * @defaultValue none
   * @throws QuaysideError `build-secret-missing` if an image has to be built and a source is missing; `no-buildkit`
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").image("./talk-service", {
   *   buildSecrets: { npm: { env: "NPM_TOKEN" }, netrc: { file: "./netrc" } },
   *   ssh: "default",
   *   contexts: { shared: "../shared" },
   * });
   * ```
   */
  readonly buildSecrets?: Readonly<Record<string, BuildSecretSource>> | undefined;
  /**
   * What `RUN --mount=type=ssh` may use: `"default"`, the SSH agent of this computer, which `true` means, too; or `"id=path"`
   * of a key or a socket; or several. Needs BuildKit.
   * @defaultValue none
   */
  readonly ssh?: boolean | string | readonly string[] | undefined;
  /**
   * Other directories for `COPY --from=name` and `FROM name`, by name; or images, `docker-image://…`, and
   * repositories, `https://…`. A change in a directory builds the image again. Needs BuildKit.
   * @defaultValue none
   */
  readonly contexts?: Readonly<Record<string, string | URL>> | undefined;
  /** The target platform. @defaultValue the architecture of the cluster's instances; on Fargate `"linux/amd64"` */
  readonly platform?: Platform | undefined;
  /**
   * Several platforms, of which the image is for each: a cluster may then have instances of both architectures, and a
   * change of the architecture builds nothing. Built and pushed as one index. Programs of the other architecture
   * run emulated during the build, which is slow, or on a builder with nodes of both.
   * @defaultValue `platform`, only
   * @throws QuaysideError `no-multi-platform` if the image has to be built, and Docker has no buildx, or its selected
   * builder builds for one platform at a time
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").image("./talk-service", {
   *   platforms: ["linux/amd64", "linux/arm64"],
   * });
   * ```
   */
  readonly platforms?: readonly Platform[] | undefined;
  /**
   * The ECR repository that the image is pushed to. An existing repository that is not managed by quayside
   * is used as it is, and never changed or deleted.
   * @defaultValue a repository named after the deployment, which creates and owns it
   */
  readonly repository?: string | undefined;
}

export interface BuildSpec {
  /** The path that the user gave, relative to the current directory. */
  readonly directory: string;
  /** The path relative to the directory. */
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The sources of secrets, by id. */
  readonly secrets: Readonly<Record<string, BuildSecretSpec>>;
  /** `default`, or `id=path`. */
  readonly ssh: readonly string[];
  /** Named contexts: the paths that the user gave, or URLs. */
  readonly contexts: Readonly<Record<string, string>>;
  /** As Docker writes it, several with a comma; `undefined`: the architecture of the cluster's instances. */
  readonly platform: Platform | "linux/amd64,linux/arm64" | undefined;
  /** The name of the ECR repository. */
  readonly repository: string;
  /** `share`: the user chose the name, and an existing repository is used as it is. */
  readonly claim: "own" | "share";
}
