import type { Repository } from "@aws-sdk/client-ecr";
import type { EcrPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { page } from "../../core/page.js";
import { Refusal } from "../../core/service-error.js";
import { addTags, readTags, tagList } from "../../core/tags.js";
import { findRepository, invalidParameter, repositoryOfArn, requireEcr } from "./request.js";
import type { EcrRepository } from "./state.js";

/** From the API's model. */
const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

const tooManyTags = (message: string): Refusal => new Refusal("TooManyTagsException", message);

type Repositories = Pick<
  EcrPort,
  | "createRepository"
  | "describeRepositories"
  | "putImageTagMutability"
  | "putImageScanningConfiguration"
  | "deleteRepository"
  | "listTagsForResource"
  | "tagResource"
>;

export function repositories(world: World): Repositories {
  return {
    async createRepository(input) {
      requireEcr(input, ["repositoryName"]);
      const name = input.repositoryName ?? "";
      if (name.length < 2 || name.length > 256 || !NAME.test(name)) {
        throw invalidParameter(
          `'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${NAME.source}''`,
        );
      }
      const tags = readTags(input.tags, (message) => new Refusal("InvalidTagParameterException", message));
      if (world.ecr.repositories.has(name)) {
        throw new Refusal(
          "RepositoryAlreadyExistsException",
          `The repository with name '${name}' already exists in the registry with id '${world.accountId}'`,
        );
      }
      if (tags.size > 50) throw tooManyTags("A repository can have at most 50 tags.");
      const suffix = world.partition === "aws-cn" ? ".cn" : "";
      const repository: EcrRepository = {
        name,
        arn: `arn:${world.partition}:ecr:${world.region}:${world.accountId}:repository/${name}`,
        uri: `${world.accountId}.dkr.ecr.${world.region}.amazonaws.com${suffix}/${name}`,
        createdAt: new Date(world.clock.now()),
        tagsAreImmutable: readMutability(input.imageTagMutability ?? "MUTABLE"),
        scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
        lifecyclePolicyText: undefined,
        tags,
        images: new Map(),
      };
      world.ecr.repositories.set(name, repository);
      return { repository: description(world, repository) };
    },

    async describeRepositories({ registryId, repositoryNames, maxResults = 100, nextToken }) {
      if (maxResults < 1 || maxResults > 1000) throw invalidParameter("'maxResults' must be 1 to 1000");
      if (repositoryNames !== undefined) {
        if (repositoryNames.length < 1 || repositoryNames.length > 100)
          throw invalidParameter("'repositoryNames' must have 1 to 100 names");
        const found = repositoryNames.map((repositoryName) =>
          findRepository(world, { registryId, repositoryName }),
        );
        return { repositories: found.map((repository) => description(world, repository)) };
      }
      const all = [...world.ecr.repositories.values()];
      const { items, nextToken: next } = page(all, nextToken, maxResults, () =>
        invalidParameter("'nextToken' is not one of ours"),
      );
      return { repositories: items.map((repository) => description(world, repository)), nextToken: next };
    },

    async putImageTagMutability(input) {
      requireEcr(input, ["repositoryName", "imageTagMutability"]);
      const repository = findRepository(world, input);
      repository.tagsAreImmutable = readMutability(input.imageTagMutability);
      return { repositoryName: repository.name, imageTagMutability: input.imageTagMutability };
    },

    async putImageScanningConfiguration(input) {
      requireEcr(input, ["repositoryName", "imageScanningConfiguration"]);
      const repository = findRepository(world, input);
      repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
      return { repositoryName: repository.name };
    },

    async deleteRepository(input) {
      requireEcr(input, ["repositoryName"]);
      const repository = findRepository(world, input);
      if (repository.images.size > 0 && input.force !== true) {
        throw new Refusal(
          "RepositoryNotEmptyException",
          `The repository with name '${repository.name}' in registry with id '${world.accountId}' cannot be deleted because it still contains images`,
        );
      }
      world.ecr.repositories.delete(repository.name);
      return { repository: description(world, repository) };
    },

    async listTagsForResource(input) {
      requireEcr(input, ["resourceArn"]);
      return { tags: tagList(repositoryOfArn(world, input.resourceArn).tags) };
    },

    async tagResource(input) {
      requireEcr(input, ["resourceArn", "tags"]);
      const repository = repositoryOfArn(world, input.resourceArn);
      const tags = readTags(input.tags, (message) => new Refusal("InvalidTagParameterException", message));
      addTags(repository.tags, tags, tooManyTags);
      return {};
    },
  };
}

function readMutability(mutability: string | undefined): boolean {
  if (mutability === "IMMUTABLE" || mutability === "MUTABLE") return mutability === "IMMUTABLE";
  throw invalidParameter("'imageTagMutability' must be MUTABLE or IMMUTABLE");
}

const description = (world: World, repository: EcrRepository): Repository => ({
  registryId: world.accountId,
  repositoryName: repository.name,
  repositoryArn: repository.arn,
  repositoryUri: repository.uri,
  createdAt: repository.createdAt,
  imageTagMutability: repository.tagsAreImmutable ? "IMMUTABLE" : "MUTABLE",
  imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  encryptionConfiguration: { encryptionType: "AES256" },
});
