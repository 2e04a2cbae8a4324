import type { AwsContext } from "../aws/context.js";
import { isNotFound } from "../aws/not-found.js";
import { AwsError } from "../errors.js";
import { ecrImage } from "./registry-image.js";

/**
 * Whether an image that was there is known to be there no more. Other registries than ECR, and those that
 * may not be asked, are believed.
 *
 * @param account - the run's own
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
    // Any other failure is one of asking.
    return images.length === 0 && failures.every(({ failureCode }) => failureCode === "ImageNotFound");
  } catch (error) {
    // Another account's repository may only be hidden from here.
    if (isNotFound(error) && registryId === account) return true;
    if (error instanceof AwsError) return false;
    throw error;
  }
}
