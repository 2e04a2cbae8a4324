import type { AwsContext } from "../aws/context.js";

export interface TaggedImage {
  /** The account whose registry it is in. @defaultValue the caller's */
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly tag: string;
}

/**
 * What a tag stands for now; `undefined` when the repository has no such tag. With the call that pulls
 * need, too: whoever may pull from another account's repository may ask.
 */
export async function imageDigest(
  { registryId, repositoryName, tag }: TaggedImage,
  { aws }: AwsContext,
): Promise<string | undefined> {
  const { images } = await aws.ecr.batchGetImage({
    ...(registryId !== undefined && { registryId }),
    repositoryName,
    imageIds: [{ imageTag: tag }],
    acceptedMediaTypes: MEDIA_TYPES,
  });
  return images?.[0]?.imageId?.imageDigest;
}

/** Everything that a tag can stand for; an index stays an index, so that every platform finds its image. */
const MEDIA_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];
