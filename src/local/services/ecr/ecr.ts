import type { EcrApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { imageChanges } from "./image-changes.js";
import { images } from "./images.js";
import { lifecyclePolicies } from "./lifecycle-policies.js";
import { repositories } from "./repositories.js";
import { repositoryPolicies } from "./repository-policies.js";

/** Elastic Container Registry as far as a deployment needs it. */
export const createEcr = (account: Account): EcrApi => ({
  ...repositories(account),
  ...lifecyclePolicies(account),
  ...images(account),
  ...imageChanges(account),
  ...repositoryPolicies(account),
});
