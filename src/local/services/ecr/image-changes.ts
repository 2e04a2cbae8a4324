import type * as Ecr from "@aws-sdk/client-ecr";
import { createHash } from "node:crypto";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { findImage } from "./images.js";
import { mediaTypeOf, platformsOfManifest, typeOfManifest } from "./media-types.js";
import { findRepository, invalidParameter, repositoryOfArn, requireEcr } from "./request.js";
import type { EcrRepository, StoredImage } from "./state.js";

const DIGEST = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/;

/** Images by hand, besides those that are pushed. */
export const imageChanges = (account: Account) => ({
  async putImage(input: Ecr.PutImageCommandInput): Answer<Ecr.PutImageCommandOutput> {
    requireEcr(input, ["repositoryName", "imageManifest"]);
    const repository = findRepository(account, input);
    const { imageManifest: manifest = "", imageTag: tag } = input;
    const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
    if (input.imageDigest !== undefined && input.imageDigest !== digest)
      throw new ServiceError(
        "ImageDigestDoesNotMatchException",
        `The digest '${input.imageDigest}' does not match the calculated digest '${digest}'`,
      );
    const known = repository.images.get(digest);
    if (known !== undefined && (tag === undefined || known.tags.has(tag)))
      throw new ServiceError(
        "ImageAlreadyExistsException",
        `Image with digest '${digest}' and tag '${tag}' already exists in the repository with name '${repository.name}' in registry with id '${account.accountId}'`,
      );
    const tagged = [...repository.images.values()].find(({ tags }) => tag !== undefined && tags.has(tag));
    if (tagged !== undefined && repository.tagsAreImmutable)
      throw new ServiceError(
        "ImageTagAlreadyExistsException",
        `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the repository is immutable.`,
      );
    tagged?.tags.delete(tag!);
    const image: StoredImage = known ?? {
      digest,
      tags: new Set(),
      platform: platformsOfManifest(manifest),
      content: { type: "opaque" },
      pushedAt: new Date(account.clock.now()),
      manifest: { text: manifest, mediaType: input.imageManifestMediaType ?? typeOfManifest(manifest) },
    };
    if (tag !== undefined) image.tags.add(tag);
    repository.images.set(digest, image);
    return {
      image: {
        registryId: account.accountId,
        repositoryName: repository.name,
        imageId: { imageDigest: digest, ...(tag !== undefined && { imageTag: tag }) },
        imageManifest: manifest,
        ...(input.imageManifestMediaType !== undefined && {
          imageManifestMediaType: input.imageManifestMediaType,
        }),
      },
    };
  },

  async describeImages(input: Ecr.DescribeImagesCommandInput): Answer<Ecr.DescribeImagesCommandOutput> {
    requireEcr(input, ["repositoryName"]);
    const repository = findRepository(account, input);
    const wanted = input.imageIds?.map((id) => {
      const found = findImage(repository, id);
      if (found !== undefined) return found;
      throw new ServiceError(
        "ImageNotFoundException",
        `The image with imageId {imageDigest:'${id.imageDigest ?? "null"}', imageTag:'${id.imageTag ?? "null"}'} does not exist within the repository with name '${repository.name}' in the registry with id '${account.accountId}'`,
      );
    });
    const { tagStatus } = input.filter ?? {};
    const found = [...new Set(wanted ?? repository.images.values())].filter(
      ({ tags }) =>
        tagStatus === undefined || tagStatus === "ANY" || (tagStatus === "TAGGED") === tags.size > 0,
    );
    const { items, nextToken } = page(found, input.nextToken, input.maxResults ?? 100, () =>
      invalidParameter("'nextToken' is not one of ours"),
    );
    return { imageDetails: items.map((image) => describe(account, repository, image)), nextToken };
  },

  async batchDeleteImage(input: Ecr.BatchDeleteImageCommandInput): Answer<Ecr.BatchDeleteImageCommandOutput> {
    requireEcr(input, ["repositoryName", "imageIds"]);
    const repository = findRepository(account, input);
    const { imageIds: wanted = [] } = input;
    if (wanted.length < 1 || wanted.length > 100)
      throw invalidParameter("'imageIds' must have 1 to 100 members");
    const deleted: Ecr.ImageIdentifier[] = [];
    const failures: Ecr.ImageFailure[] = [];
    for (const imageId of wanted) {
      const image = findImage(repository, imageId);
      if (imageId.imageDigest === undefined && imageId.imageTag === undefined)
        failures.push(
          failure(
            imageId,
            "MissingDigestAndTag",
            "Invalid request parameters: both tag and digest cannot be null",
          ),
        );
      else if (imageId.imageDigest !== undefined && !DIGEST.test(imageId.imageDigest))
        failures.push(
          failure(
            imageId,
            "InvalidImageDigest",
            "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
          ),
        );
      else if (image === undefined)
        failures.push(failure(imageId, "ImageNotFound", "Requested image not found"));
      else deleted.push(...remove(repository, image, imageId));
    }
    return { imageIds: deleted, failures };
  },

  async batchCheckLayerAvailability(
    input: Ecr.BatchCheckLayerAvailabilityCommandInput,
  ): Answer<Ecr.BatchCheckLayerAvailabilityCommandOutput> {
    requireEcr(input, ["repositoryName", "layerDigests"]);
    findRepository(account, input);
    return {
      layers: [],
      failures: (input.layerDigests ?? []).map((layerDigest) => ({
        layerDigest,
        failureCode: "MissingLayerDigest",
        failureReason: "The local cloud keeps no layers",
      })),
    };
  },

  async untagResource(input: Ecr.UntagResourceCommandInput): Answer<Ecr.UntagResourceCommandOutput> {
    requireEcr(input, ["resourceArn", "tagKeys"]);
    const { tags } = repositoryOfArn(account, input.resourceArn);
    for (const key of input.tagKeys ?? []) tags.delete(key);
    return {};
  },

  async describeRegistry(): Answer<Ecr.DescribeRegistryCommandOutput> {
    return { registryId: account.accountId, replicationConfiguration: { rules: [] } };
  },
});

/** By its tag, an image loses the tag, and remains as long as it has another one. */
function remove(
  repository: EcrRepository,
  image: StoredImage,
  { imageTag, imageDigest }: Ecr.ImageIdentifier,
): Ecr.ImageIdentifier[] {
  const tags = imageTag === undefined ? [...image.tags] : [imageTag];
  for (const tag of tags) image.tags.delete(tag);
  if (imageDigest !== undefined || image.tags.size === 0) repository.images.delete(image.digest);
  const digest = { imageDigest: image.digest };
  return tags.length === 0 ? [digest] : tags.map((tag) => ({ ...digest, imageTag: tag }));
}

const failure = (
  imageId: Ecr.ImageIdentifier,
  failureCode: Ecr.ImageFailureCode,
  failureReason: string,
): Ecr.ImageFailure => ({ imageId, failureCode, failureReason });

const describe = (account: Account, repository: EcrRepository, image: StoredImage): Ecr.ImageDetail => ({
  registryId: account.accountId,
  repositoryName: repository.name,
  imageDigest: image.digest,
  ...(image.tags.size > 0 && { imageTags: [...image.tags] }),
  imageSizeInBytes: image.manifest === undefined ? 0 : Buffer.byteLength(image.manifest.text),
  imagePushedAt: image.pushedAt ?? repository.createdAt,
  imageManifestMediaType: mediaTypeOf(image),
});
