import type * as Scheduler from "@aws-sdk/client-scheduler";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { findGroup, invalid, notFound } from "./request.js";

export const scheduleGroupLists = (account: Account) => ({
  async listScheduleGroups(
    input: Scheduler.ListScheduleGroupsCommandInput,
  ): Answer<Scheduler.ListScheduleGroupsCommandOutput> {
    // It is made with its first use, but always there.
    findGroup(account);
    const found = [...account.scheduler.groups.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const { items, nextToken } = page(found, input.NextToken, input.MaxResults ?? 100, () =>
      invalid("The next token is not valid."),
    );
    return {
      ScheduleGroups: items.map(({ name, arn, state, createdAt }) => ({
        Name: name,
        Arn: arn,
        State: state,
        CreationDate: createdAt,
        LastModificationDate: createdAt,
      })),
      NextToken: nextToken,
    };
  },

  async untagResource(
    input: Scheduler.UntagResourceCommandInput,
  ): Answer<Scheduler.UntagResourceCommandOutput> {
    const group = [...account.scheduler.groups.values()].find(({ arn }) => arn === input.ResourceArn);
    if (group === undefined) throw notFound(`Resource ${input.ResourceArn} does not exist.`);
    for (const key of input.TagKeys ?? []) group.tags.delete(key);
    return {};
  },
});
