import type { AwsContext } from "../aws/context.js";
import { isNotFound } from "../aws/not-found.js";
import { AwsError } from "../errors.js";
import { ecrImage } from "./registry-image.js";

/**
 * True if an image is known to no longer exist. Images in other registries than ECR, or in repositories that
 * quayside is not allowed to read, are assumed to exist.
 *
 * @param account - the run's own account
 */
export async function imageIsGone(reference: string, account: string, context: AwsContext): Promise<boolean> {
  const [name = "", digest] = reference.split("@");
  const asked = ecrImage(name, context.region);
  if (asked === undefined) return false;
  const { registryId, repositoryName, tag } = asked;
  try {
    const { images = [], failures = [] } = await context.aws.ecr.batchGetImage({
      ...(registryId !== undefined && { registryId }),
      repositoryName,
      imageIds: [digest === undefined ? { imageTag: tag } : { imageDigest: digest }],
    });
    // Other failures do not mean that the image is missing.
    return images.length === 0 && failures.every(({ failureCode }) => failureCode === "ImageNotFound");
  } catch (error) {
    // Another account's repository may exist without being visible.
    if (isNotFound(error) && registryId === account) return true;
    if (error instanceof AwsError) return false;
    throw error;
  }
}
