import type * as Ecs from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import type { Answer } from "../../../core/answer.js";
import { ecsPage } from "../ecs-page.js";

export const createFamilyHandlers = (account: Account) => ({
  /** A family is ACTIVE if one of its revisions is. */
  async listTaskDefinitionFamilies(
    input: Ecs.ListTaskDefinitionFamiliesCommandInput,
  ): Answer<Ecs.ListTaskDefinitionFamiliesCommandOutput> {
    const { familyPrefix: prefix = "", status = "ALL" } = input;
    const found = [...account.ecs.families]
      .filter(([name, { revisions }]) => name.startsWith(prefix) && revisions.length > 0)
      .filter(([, { revisions }]) => {
        const isActive = revisions.some(({ description }) => description.status === "ACTIVE");
        return status === "ALL" || isActive === (status === "ACTIVE");
      })
      .map(([name]) => name)
      .sort();
    const { items, next } = ecsPage(found, input);
    return { families: items, ...next };
  },
});
