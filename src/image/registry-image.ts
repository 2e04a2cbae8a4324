import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../aws/error-code.js";
import { partitionOf } from "../aws/partition.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { parseImageReference } from "../spec/image-reference.js";
import type { ImageState } from "./built-image.js";
import { imageDigest, type TaggedImage } from "./image-digest.js";

export interface RegistryImageDesired extends Tagged {
  /** As the user wrote it, with a tag or without. */
  readonly reference: string;
}

/**
 * An image that is in ECR already: its tag is resolved to a digest, so that a plan sees where `latest`
 * has moved to, and every task of a rollout runs the same. A repository that cannot be asked (no
 * permission, another region) is used as it is written.
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
      if (cannotAsk(error)) return asWritten;
      throw error;
    }
  },

  notFoundError: ({ reference }) =>
    new QuaysideError("image-not-found", `Nothing was changed: there is no image ${reference}`, {
      facts: { reference },
      fix: "Push it, or name a tag that the repository has.",
    }),
};

/** An image in an ECR of the run's own region, by a tag; `undefined` for every other. */
export function ecrImage(reference: string, region: string): TaggedImage | undefined {
  const parsed = parseImageReference(reference);
  if (parsed === undefined || parsed.digest !== undefined) return undefined;
  const host = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(.+)$/.exec(parsed.registry ?? "");
  if (host === null || host[2] !== region) return undefined;
  // A dual-stack host ends in `on.aws`, `on.amazonwebservices.com.cn` …
  if (host[3] !== partitionOf(region).dnsSuffix && !/^(?:amazonaws|on)\./.test(host[3]!)) return undefined;
  return { registryId: host[1], repositoryName: parsed.repository, tag: parsed.tag ?? "latest" };
}

/** Not to be seen from here is not the same as not to be there: ECS may be allowed more. */
const cannotAsk = (error: unknown): boolean =>
  hasErrorCode(
    error,
    "RepositoryNotFoundException",
    "AccessDeniedException",
    "RepositoryPolicyNotFoundException",
  ) || isUnsupportedOperation(error);
