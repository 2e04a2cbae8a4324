import type * as Ecr from "@aws-sdk/client-ecr";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { findRepository, invalidParameter, requireEcr } from "./request.js";
import type { EcrRepository } from "./state.js";

/** Who may use a repository: stored and returned. */
export const repositoryPolicies = (account: Account) => ({
  async setRepositoryPolicy(
    input: Ecr.SetRepositoryPolicyCommandInput,
  ): Answer<Ecr.SetRepositoryPolicyCommandOutput> {
    requireEcr(input, ["repositoryName", "policyText"]);
    const repository = findRepository(account, input);
    const { policyText = "" } = input;
    try {
      JSON.parse(policyText);
    } catch {
      throw invalidParameter(
        "'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
      );
    }
    repository.policyText = policyText;
    return answer(account, repository, policyText);
  },

  async getRepositoryPolicy(
    input: Ecr.GetRepositoryPolicyCommandInput,
  ): Answer<Ecr.GetRepositoryPolicyCommandOutput> {
    requireEcr(input, ["repositoryName"]);
    const repository = findRepository(account, input);
    return answer(account, repository, policyOf(account, repository));
  },

  async deleteRepositoryPolicy(
    input: Ecr.DeleteRepositoryPolicyCommandInput,
  ): Answer<Ecr.DeleteRepositoryPolicyCommandOutput> {
    requireEcr(input, ["repositoryName"]);
    const repository = findRepository(account, input);
    const text = policyOf(account, repository);
    repository.policyText = undefined;
    return answer(account, repository, text);
  },

  async deleteLifecyclePolicy(
    input: Ecr.DeleteLifecyclePolicyCommandInput,
  ): Answer<Ecr.DeleteLifecyclePolicyCommandOutput> {
    requireEcr(input, ["repositoryName"]);
    const repository = findRepository(account, input);
    const { lifecyclePolicyText, name } = repository;
    if (lifecyclePolicyText === undefined)
      throw new ServiceError(
        "LifecyclePolicyNotFoundException",
        `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${account.accountId}'`,
      );
    repository.lifecyclePolicyText = undefined;
    return {
      registryId: account.accountId,
      repositoryName: name,
      lifecyclePolicyText,
      lastEvaluatedAt: new Date(account.clock.now()),
    };
  },
});

function policyOf(account: Account, { name, policyText }: EcrRepository): string {
  if (policyText !== undefined) return policyText;
  throw new ServiceError(
    "RepositoryPolicyNotFoundException",
    `Repository policy does not exist for the repository with name '${name}' in the registry with id '${account.accountId}'`,
  );
}

const answer = (account: Account, { name }: EcrRepository, policyText: string) => ({
  registryId: account.accountId,
  repositoryName: name,
  policyText,
});
