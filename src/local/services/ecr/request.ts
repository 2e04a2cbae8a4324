import type { Account } from "../../core/account.js";
import { dnsSuffixOf } from "../../core/partition.js";
import { requireMembers } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";
import type { EcrRepository } from "./state.js";

/** The host of the account's registry. */
export const registryHost = ({ accountId, region }: Pick<Account, "accountId" | "region">): string =>
  `${accountId}.dkr.ecr.${region}.${dnsSuffixOf(region)}`;

/** The parts that ECR's requests share. */

export const invalidParameter = (message: string): ServiceError =>
  new ServiceError("InvalidParameterException", `Invalid parameter at ${message}`);

export function requireEcr<Input extends object>(
  input: Input,
  names: readonly (keyof Input & string)[],
): void {
  requireMembers(input, names, (name) =>
    invalidParameter(`'${name}' failed to satisfy constraint: 'Member must not be null'`),
  );
}

export function findRepository(
  account: Pick<Account, "ecr" | "accountId">,
  {
    registryId,
    repositoryName: name = "",
  }: { registryId?: string | undefined; repositoryName: string | undefined },
): EcrRepository {
  const registry = registryId ?? account.accountId;
  const found = registry === account.accountId ? account.ecr.repositories.get(name) : undefined;
  if (found === undefined) {
    throw new ServiceError(
      "RepositoryNotFoundException",
      `The repository with name '${name}' does not exist in the registry with id '${registry}'`,
    );
  }
  return found;
}

export function repositoryOfArn(account: Pick<Account, "ecr">, arn: string | undefined): EcrRepository {
  const found = [...account.ecr.repositories.values()].find((repository) => repository.arn === arn);
  if (found === undefined)
    throw new ServiceError("RepositoryNotFoundException", `The repository with arn '${arn}' does not exist`);
  return found;
}
