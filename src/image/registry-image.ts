import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../aws/error-code.js";
import { partitionOf } from "../aws/partition.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { parseImageReference } from "../spec/image-reference.js";
import type { ImageState } from "./built-image.js";
import { imageDigest, type TaggedImage } from "./image-digest.js";

export interface RegistryImageDesired extends Tagged {
  /** The reference as the user wrote it, with a tag or without. */
  readonly reference: string;
}

/**
 * An image that is in ECR already: its tag is resolved to a digest, so that a plan shows that `latest` has
 * moved, and all tasks of a rollout run the same image. If the repository cannot be read (no permission,
 * another region), the reference is used as written.
 */
export const registryImageKind: Kind<RegistryImageDesired, ImageState, AwsContext> = {
  kind: "registry-image",
  unknown: { reference: UNKNOWN },

  async read(desired, context) {
    const asked = ecrImage(desired.reference, context.region);
    const asWritten = { state: { reference: desired.reference }, current: desired, tags: {} };
    if (asked === undefined) return asWritten;
    try {
      const digest = await imageDigest(asked, context);
      if (digest === undefined) return undefined;
      const [repository = ""] = desired.reference.split(/:[^/:]*$/);
      return { ...asWritten, state: { reference: `${repository}@${digest}` } };
    } catch (error) {
      if (isUnreadable(error)) return asWritten;
      throw error;
    }
  },

  notFoundError: ({ reference }) =>
    new QuaysideError("image-not-found", `Nothing was changed: image ${reference} was not found`, {
      facts: { reference },
      fix: "Push the image, or use a tag that the repository has.",
    }),
};

/** The image, if it is in ECR in the run's region and has no digest; `undefined` for every other image. */
export function ecrImage(reference: string, region: string): TaggedImage | undefined {
  const parsed = parseImageReference(reference);
  if (parsed === undefined || parsed.digest !== undefined) return undefined;
  const host = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(.+)$/.exec(parsed.registry ?? "");
  if (host === null || host[2] !== region) return undefined;
  // A dual-stack host ends in `on.aws`, `on.amazonwebservices.com.cn` …
  if (host[3] !== partitionOf(region).dnsSuffix && !/^(?:amazonaws|on)\./.test(host[3]!)) return undefined;
  return { registryId: host[1], repositoryName: parsed.repository, tag: parsed.tag ?? "latest" };
}

/** An unreadable image may still exist: ECS may have permissions that we lack. */
const isUnreadable = (error: unknown): boolean =>
  hasErrorCode(
    error,
    "RepositoryNotFoundException",
    "AccessDeniedException",
    "RepositoryPolicyNotFoundException",
  ) || isUnsupportedOperation(error);
