import { createHash } from "node:crypto";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { readBuildContext } from "../docker/build-context.js";
import { assertSecretsExist, type BuildSecrets } from "../docker/build-secrets.js";
import {
  TAG_EXISTS,
  type BuildPlatform,
  type ImageProgress,
  type RegistryLogin,
} from "../docker/image-store.js";
import { offClock } from "../engine/clock.js";
import { UNKNOWN, isUnknown, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { imageDigest } from "./image-digest.js";

export interface BuiltImageDesired extends Tagged, BuildSecrets {
  readonly repositoryName: string;
  /** The repository's URI, with its registry. */
  readonly repositoryUri: string;
  /** The tag of the content: the same sources, built the same way, have the same tag. */
  readonly tag: string;
  /** The tag of the same content for both platforms, which serves as well. */
  readonly tagOfBoth?: string;
  readonly platform: BuildPlatform;
  /** Absolute. */
  readonly directory: string;
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
}

export interface ImageState {
  /** Pinned by its digest. */
  readonly reference: string;
}

/**
 * An image. It exists if its repository has the tag of its content, and is otherwise built and pushed. It is
 * never changed or deleted.
 */
export const builtImageKind: Kind<BuiltImageDesired, ImageState, AwsContext> = {
  kind: "image",
  unknown: { reference: UNKNOWN },

  async read(desired, context) {
    const { repositoryName, repositoryUri, tag, tagOfBoth } = desired;
    if (isUnknown(repositoryUri) || isUnknown(tag)) return undefined;
    const digestOf = (one: string) => ignoreNotFound(imageDigest({ repositoryName, tag: one }, context));
    const digest = (await digestOf(tag)) ?? (tagOfBoth === undefined ? undefined : await digestOf(tagOfBoth));
    if (digest === undefined) return undefined;
    return { state: { reference: `${repositoryUri}@${digest}` }, current: desired, tags: {} };
  },

  preflight: async (desired) => assertSecretsExist(desired),

  async create(desired, context) {
    const { repositoryName, repositoryUri: repository, tag, platform, buildArgs, target } = desired;
    const { directory, dockerfile, secrets, ssh, contexts } = desired;
    const pushed = await context.cloud.images.build(
      { directory, dockerfile, target, buildArgs, secrets, ssh, contexts, platform, repository, tag },
      {
        signal: context.signal,
        login: () => login(repository, context),
        confirm: () => assertUnchanged(desired, context),
        progress: (progress) => context.emit(progressEvent(repositoryName, progress, context)),
      },
    );
    // The registry's digest is the one that ECS pulls.
    const digest = (await ignoreNotFound(imageDigest({ repositoryName, tag }, context))) ?? pushed;
    return { reference: `${repository}@${digest}` };
  },

  // A concurrent run pushed the same sources first.
  alreadyExists: (error) => error instanceof QuaysideError && error.code === TAG_EXISTS,
};

/** The tag of the sources: it does not depend on when, where or by whom they are built. */
export function contentTag(
  contextHash: string,
  built: Pick<BuiltImageDesired, "platform" | "target" | "buildArgs">,
): string {
  if (isUnknown(built.platform)) return UNKNOWN;
  const buildArgs = Object.entries(built.buildArgs).sort(([one], [other]) => (one < other ? -1 : 1));
  const all = JSON.stringify([contextHash, built.platform, built.target ?? "", buildArgs]);
  return createHash("sha256").update(all).digest("hex").slice(0, 40);
}

/** Throws if the sources changed during the build: the image would match neither version. */
async function assertUnchanged(desired: BuiltImageDesired, { clock, signal }: AwsContext): Promise<void> {
  const { hash } = await offClock(clock, () => readBuildContext(desired, signal));
  if (contentTag(hash, desired) === desired.tag) return;
  throw new QuaysideError(
    "image-sources-changed",
    `The image was not pushed: files in ${desired.directory} changed while it was built`,
    { fix: "Run again when the files no longer change, or add the changing files to .dockerignore." },
  );
}

/** ECR's token is valid for twelve hours: each push requests its own. */
async function login(repository: string, { aws }: AwsContext): Promise<RegistryLogin> {
  const { authorizationData } = await aws.ecr.getAuthorizationToken({});
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? "", "base64").toString();
  const colon = token.indexOf(":");
  return {
    registry: repository.slice(0, repository.indexOf("/")),
    username: token.slice(0, colon),
    password: token.slice(colon + 1),
  };
}

const progressEvent = (
  name: string,
  { phase, text, done, total, unit }: ImageProgress,
  { clock }: AwsContext,
) =>
  ({ type: "progress", at: clock.now(), resource: "image", name, phase, text, done, total, unit }) as const;
