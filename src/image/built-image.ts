import { createHash } from "node:crypto";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { readBuildContext } from "../docker/build-context.js";
import { TAG_EXISTS, type ImageProgress, type Platform, type RegistryLogin } from "../docker/image-store.js";
import { offClock } from "../engine/clock.js";
import { UNKNOWN, isUnknown, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { imageDigest } from "./image-digest.js";

export interface BuiltImageDesired extends Tagged {
  readonly repositoryName: string;
  /** The repository's, with its registry. */
  readonly repositoryUri: string;
  /** Stands for the content: the same sources, built the same way, have the same tag. */
  readonly tag: string;
  readonly platform: Platform;
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

/** An image that is in its repository when a tag of its content is; else it is built and pushed. Never changed, never deleted. */
export const builtImageKind: Kind<BuiltImageDesired, ImageState, AwsContext> = {
  kind: "image",
  unknown: { reference: UNKNOWN },

  async read(desired, context) {
    const { repositoryName, repositoryUri, tag } = desired;
    if (isUnknown(repositoryUri) || isUnknown(tag)) return undefined;
    const digest = await ignoreNotFound(imageDigest({ repositoryName, tag }, context));
    if (digest === undefined) return undefined;
    return { state: { reference: `${repositoryUri}@${digest}` }, current: desired, tags: {} };
  },

  async create(desired, context) {
    const { repositoryName, repositoryUri: repository, tag, platform, buildArgs, target } = desired;
    const { directory, dockerfile } = desired;
    const pushed = await context.cloud.images.build(
      { directory, dockerfile, target, buildArgs, platform, repository, tag },
      {
        signal: context.signal,
        login: () => login(repository, context),
        confirm: () => confirm(desired, context),
        progress: (progress) => context.emit(progressEvent(repositoryName, progress, context)),
      },
    );
    // The registry's own word counts: it is what ECS will ask.
    const digest = (await ignoreNotFound(imageDigest({ repositoryName, tag }, context))) ?? pushed;
    return { reference: `${repository}@${digest}` };
  },

  // Somebody else built the same sources at the same time, and was quicker.
  alreadyExists: (error) => error instanceof QuaysideError && error.code === TAG_EXISTS,
};

/** The tag of the sources as they are: nothing of when, where or by whom they are built is in it. */
export function contentTag(
  contextHash: string,
  built: Pick<BuiltImageDesired, "platform" | "target" | "buildArgs">,
): string {
  if (isUnknown(built.platform)) return UNKNOWN;
  const buildArgs = Object.entries(built.buildArgs).sort(([one], [other]) => (one < other ? -1 : 1));
  const all = JSON.stringify([contextHash, built.platform, built.target ?? "", buildArgs]);
  return createHash("sha256").update(all).digest("hex").slice(0, 40);
}

/** Sources that change while they are built are in nobody's image as a whole. */
async function confirm(desired: BuiltImageDesired, { clock, signal }: AwsContext): Promise<void> {
  const { hash } = await offClock(clock, () => readBuildContext(desired, signal));
  if (contentTag(hash, desired) === desired.tag) return;
  throw new QuaysideError(
    "image-sources-changed",
    `The image was not pushed: files in ${desired.directory} changed while it was built`,
    { fix: "Run again once nothing writes there, or add what is written to .dockerignore." },
  );
}

/** ECR's token is good for twelve hours: each push asks for one of its own. */
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
