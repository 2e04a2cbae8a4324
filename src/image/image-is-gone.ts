import type { AwsContext } from "../aws/context.js";
import { isGone } from "../aws/gone.js";
import { AwsError } from "../errors.js";
import { ecrImage } from "./registry-image.js";

/** Whether an image that was there is known to be there no more; other registries than ECR, and those that may not be asked, are believed. */
export async function imageIsGone(reference: string, context: AwsContext): Promise<boolean> {
  const [name = "", digest] = reference.split("@");
  const asked = ecrImage(name, context.region);
  if (asked === undefined) return false;
  const { registryId, repositoryName, tag } = asked;
  try {
    const { images = [] } = await context.aws.ecr.batchGetImage({
      ...(registryId !== undefined && { registryId }),
      repositoryName,
      imageIds: [digest === undefined ? { imageTag: tag } : { imageDigest: digest }],
    });
    return images.length === 0;
  } catch (error) {
    if (isGone(error)) return true;
    if (error instanceof AwsError) return false;
    throw error;
  }
}
