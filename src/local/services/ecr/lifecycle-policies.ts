import type { EcrApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { findRepository, invalidParameter, requireEcr } from "./request.js";

/** Lifecycle policies are stored and returned; no image expires here. */
export function lifecyclePolicies(
  account: Account,
): Pick<EcrApi, "getLifecyclePolicy" | "putLifecyclePolicy"> {
  return {
    async getLifecyclePolicy(input) {
      requireEcr(input, ["repositoryName"]);
      const repository = findRepository(account, input);
      const { lifecyclePolicyText } = repository;
      if (lifecyclePolicyText === undefined) {
        throw new ServiceError(
          "LifecyclePolicyNotFoundException",
          `Lifecycle policy does not exist for the repository with name '${repository.name}' in the registry with id '${account.accountId}'`,
        );
      }
      return { registryId: account.accountId, repositoryName: repository.name, lifecyclePolicyText };
    },

    async putLifecyclePolicy(input) {
      requireEcr(input, ["repositoryName", "lifecyclePolicyText"]);
      const repository = findRepository(account, input);
      const text = input.lifecyclePolicyText ?? "";
      checkPolicy(text);
      repository.lifecyclePolicyText = text;
      return {
        registryId: account.accountId,
        repositoryName: repository.name,
        lifecyclePolicyText: text,
      };
    },
  };
}

interface Rule {
  readonly rulePriority?: unknown;
  readonly selection?: {
    readonly tagStatus?: unknown;
    readonly countType?: unknown;
    readonly countUnit?: unknown;
    readonly countNumber?: unknown;
    readonly tagPrefixList?: unknown;
    readonly tagPatternList?: unknown;
  };
  readonly action?: { readonly type?: unknown };
}

/** Source: "Lifecycle policy properties" of the ECR user guide; lengths from the API's model. */
function checkPolicy(text: string): void {
  if (text.length < 100 || text.length > 30_720)
    throw invalidParameter("'LifecyclePolicyText' must have 100 to 30720 characters");
  let rules: readonly Rule[] | undefined;
  try {
    rules = (JSON.parse(text) as { rules?: readonly Rule[] }).rules;
  } catch {
    throw invalidParameter(
      "'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: not JSON'",
    );
  }
  const wrong = (what: string): ServiceError =>
    invalidParameter(
      `'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${what}'`,
    );
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > 50)
    throw wrong("1 to 50 rules are needed");
  const priorities = new Set<unknown>();
  for (const { rulePriority, selection = {}, action } of rules as readonly Rule[]) {
    if (!Number.isInteger(rulePriority) || Number(rulePriority) < 1) throw wrong("rulePriority");
    if (priorities.has(rulePriority)) throw wrong("rulePriority must be unique");
    priorities.add(rulePriority);
    if (action?.type !== "expire") throw wrong("action.type must be expire");
    const { tagStatus, countType, countUnit, countNumber } = selection;
    if (tagStatus !== "tagged" && tagStatus !== "untagged" && tagStatus !== "any") throw wrong("tagStatus");
    if (
      tagStatus === "tagged" &&
      selection.tagPrefixList === undefined &&
      selection.tagPatternList === undefined
    )
      throw wrong("tagPrefixList or tagPatternList is needed for tagged images");
    if (countType !== "imageCountMoreThan" && countType !== "sinceImagePushed") throw wrong("countType");
    if ((countType === "sinceImagePushed") !== (countUnit === "days")) throw wrong("countUnit");
    if (!Number.isInteger(countNumber) || Number(countNumber) < 1) throw wrong("countNumber");
  }
}
