import type { EcrApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { page } from "../../core/page.js";
import { mediaTypeOf } from "./media-types.js";
import { findRepository, invalidParameter, registryHost, requireEcr } from "./request.js";
import type { EcrRepository, StoredImage } from "./state.js";

const HOURS = 3_600_000;

export function images(
  account: Account,
): Pick<EcrApi, "listImages" | "batchGetImage" | "getAuthorizationToken"> {
  return {
    async listImages(input) {
      requireEcr(input, ["repositoryName"]);
      const { maxResults = 100, nextToken } = input;
      if (maxResults < 1 || maxResults > 1000) throw invalidParameter("'maxResults' must be 1 to 1000");
      const ids = [...findRepository(account, input).images.values()].flatMap(({ digest, tags }) =>
        tags.size === 0
          ? [{ imageDigest: digest }]
          : [...tags].map((imageTag) => ({ imageDigest: digest, imageTag })),
      );
      const wanted = ids.filter((id) => {
        const { tagStatus = "ANY" } = input.filter ?? {};
        return tagStatus === "ANY" || tagStatus === ("imageTag" in id ? "TAGGED" : "UNTAGGED");
      });
      const { items, nextToken: next } = page(wanted, nextToken, maxResults, () =>
        invalidParameter("'nextToken' is not one of ours"),
      );
      return { imageIds: items, nextToken: next };
    },

    async batchGetImage(input) {
      requireEcr(input, ["repositoryName", "imageIds"]);
      const repository = findRepository(account, input);
      const { imageIds = [] } = input;
      if (imageIds.length < 1 || imageIds.length > 100)
        throw invalidParameter("'imageIds' must have 1 to 100 members");
      const found = imageIds.map((imageId) => ({ imageId, image: findImage(repository, imageId) }));
      return {
        images: found.flatMap(({ imageId, image }) =>
          image === undefined
            ? []
            : [
                {
                  registryId: account.accountId,
                  repositoryName: repository.name,
                  imageId: { ...imageId, imageDigest: image.digest },
                  imageManifest: image.manifest?.text ?? "{}",
                  imageManifestMediaType: mediaTypeOf(image),
                },
              ],
        ),
        // A missing image is a failure in the answer, not an error: the other images are still returned.
        failures: found.flatMap(({ imageId, image }) =>
          image !== undefined
            ? []
            : [
                {
                  imageId,
                  failureCode: "ImageNotFound" as const,
                  failureReason: "Requested image not found",
                },
              ],
        ),
      };
    },

    async getAuthorizationToken() {
      return {
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${account.hex(64)}`).toString("base64"),
            expiresAt: new Date(account.clock.now() + 12 * HOURS),
            proxyEndpoint: `https://${registryHost(account)}`,
          },
        ],
      };
    },
  };
}

export const findImage = (
  { images }: EcrRepository,
  {
    imageTag,
    imageDigest,
  }: { readonly imageTag?: string | undefined; readonly imageDigest?: string | undefined },
): StoredImage | undefined =>
  [...images.values()].find(
    ({ digest, tags }) =>
      (imageDigest === undefined || digest === imageDigest) && (imageTag === undefined || tags.has(imageTag)),
  );
