import type { AwsContext } from "../aws/context.js";

export interface TaggedImage {
  /** The account whose registry it is in. @defaultValue the caller's */
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
  readonly tag: string;
}

/**
 * The digest that a tag has now; `undefined` if the repository has no such tag. Pulls need the same call, so
 * that it is allowed wherever the caller may pull, also from another account's repository.
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

/** All types of manifests; an index stays an index, so that every platform finds its image. */
const MEDIA_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];
