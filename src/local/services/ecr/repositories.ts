import type { Repository } from "@aws-sdk/client-ecr";
import type { EcrApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, readTags, tagList } from "../../core/tags.js";
import { findRepository, invalidParameter, registryHost, repositoryOfArn, requireEcr } from "./request.js";
import type { EcrRepository } from "./state.js";

/** From the API's model. */
const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

const tooManyTags = (message: string): ServiceError => new ServiceError("TooManyTagsException", message);

type Repositories = Pick<
  EcrApi,
  | "createRepository"
  | "describeRepositories"
  | "putImageTagMutability"
  | "putImageScanningConfiguration"
  | "deleteRepository"
  | "listTagsForResource"
  | "tagResource"
>;

export function repositories(account: Account): Repositories {
  return {
    async createRepository(input) {
      requireEcr(input, ["repositoryName"]);
      const name = input.repositoryName ?? "";
      if (name.length < 2 || name.length > 256 || !NAME.test(name)) {
        throw invalidParameter(
          `'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${NAME.source}''`,
        );
      }
      const tags = readTags(
        input.tags,
        (message) => new ServiceError("InvalidTagParameterException", message),
      );
      if (account.ecr.repositories.has(name)) {
        throw new ServiceError(
          "RepositoryAlreadyExistsException",
          `The repository with name '${name}' already exists in the registry with id '${account.accountId}'`,
        );
      }
      if (tags.size > 50) throw tooManyTags("A repository can have at most 50 tags.");
      const repository: EcrRepository = {
        name,
        arn: arnOf(account, "ecr", `repository/${name}`),
        uri: `${registryHost(account)}/${name}`,
        createdAt: new Date(account.clock.now()),
        tagsAreImmutable: readMutability(input.imageTagMutability ?? "MUTABLE"),
        scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
        encryption: input.encryptionConfiguration ?? { encryptionType: "AES256" },
        lifecyclePolicyText: undefined,
        tags,
        images: new Map(),
      };
      account.ecr.repositories.set(name, repository);
      return { repository: description(account, repository) };
    },

    async describeRepositories({ registryId, repositoryNames, maxResults = 100, nextToken }) {
      if (maxResults < 1 || maxResults > 1000) throw invalidParameter("'maxResults' must be 1 to 1000");
      if (repositoryNames !== undefined) {
        if (repositoryNames.length < 1 || repositoryNames.length > 100)
          throw invalidParameter("'repositoryNames' must have 1 to 100 names");
        const found = repositoryNames.map((repositoryName) =>
          findRepository(account, { registryId, repositoryName }),
        );
        return { repositories: found.map((repository) => description(account, repository)) };
      }
      const all = [...account.ecr.repositories.values()];
      const { items, nextToken: next } = page(all, nextToken, maxResults, () =>
        invalidParameter("'nextToken' is not one of ours"),
      );
      return { repositories: items.map((repository) => description(account, repository)), nextToken: next };
    },

    async putImageTagMutability(input) {
      requireEcr(input, ["repositoryName", "imageTagMutability"]);
      const repository = findRepository(account, input);
      repository.tagsAreImmutable = readMutability(input.imageTagMutability);
      return { repositoryName: repository.name, imageTagMutability: input.imageTagMutability };
    },

    async putImageScanningConfiguration(input) {
      requireEcr(input, ["repositoryName", "imageScanningConfiguration"]);
      const repository = findRepository(account, input);
      repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
      return { repositoryName: repository.name };
    },

    async deleteRepository(input) {
      requireEcr(input, ["repositoryName"]);
      const repository = findRepository(account, input);
      if (repository.images.size > 0 && input.force !== true) {
        throw new ServiceError(
          "RepositoryNotEmptyException",
          `The repository with name '${repository.name}' in registry with id '${account.accountId}' cannot be deleted because it still contains images`,
        );
      }
      account.ecr.repositories.delete(repository.name);
      return { repository: description(account, repository) };
    },

    async listTagsForResource(input) {
      requireEcr(input, ["resourceArn"]);
      return { tags: tagList(repositoryOfArn(account, input.resourceArn).tags) };
    },

    async tagResource(input) {
      requireEcr(input, ["resourceArn", "tags"]);
      const repository = repositoryOfArn(account, input.resourceArn);
      const tags = readTags(
        input.tags,
        (message) => new ServiceError("InvalidTagParameterException", message),
      );
      addTags(repository.tags, tags, tooManyTags);
      return {};
    },
  };
}

function readMutability(mutability: string | undefined): boolean {
  if (mutability === "IMMUTABLE" || mutability === "MUTABLE") return mutability === "IMMUTABLE";
  throw invalidParameter("'imageTagMutability' must be MUTABLE or IMMUTABLE");
}

const description = (account: Account, repository: EcrRepository): Repository => ({
  registryId: account.accountId,
  repositoryName: repository.name,
  repositoryArn: repository.arn,
  repositoryUri: repository.uri,
  createdAt: repository.createdAt,
  imageTagMutability: repository.tagsAreImmutable ? "IMMUTABLE" : "MUTABLE",
  imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  encryptionConfiguration: repository.encryption,
});
