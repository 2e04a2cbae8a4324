import type { Tag } from "@aws-sdk/client-scheduler";
import type { SchedulerApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { addTags, readTags, tagList } from "../../core/tags.js";
import { checkName, conflict, findGroup, invalid, newGroup, notFound } from "./request.js";
import type { ScheduleGroup } from "./state.js";

type Operations =
  "createScheduleGroup" | "getScheduleGroup" | "deleteScheduleGroup" | "listTagsForResource" | "tagResource";

export function scheduleGroups(account: Account): Pick<SchedulerApi, Operations> {
  return {
    async createScheduleGroup({ Name, Tags }) {
      checkName(Name, "name");
      const tags = tagsOf(Tags);
      if (account.scheduler.groups.has(Name)) throw conflict(`Schedule group ${Name} already exists.`);
      return { ScheduleGroupArn: newGroup(account, Name, tags).arn };
    },

    async getScheduleGroup({ Name }) {
      const { name, arn, state, createdAt } = findGroup(account, Name);
      return {
        Name: name,
        Arn: arn,
        State: state,
        CreationDate: createdAt,
        LastModificationDate: createdAt,
      };
    },

    async deleteScheduleGroup({ Name }) {
      if (Name === "default") throw invalid("The default schedule group cannot be deleted.");
      const group = findGroup(account, Name);
      if (group.state === "DELETING") return {};
      group.state = "DELETING";
      for (const schedule of group.schedules.values()) schedule.next?.cancel();
      // Its schedules are deleted with it, after a while.
      account.clock.schedule(durations.scheduleGroupDeletion, () =>
        account.scheduler.groups.delete(group.name),
      );
      return {};
    },

    async listTagsForResource({ ResourceArn }) {
      return { Tags: tagList(byArn(account, ResourceArn).tags) };
    },

    async tagResource({ ResourceArn, Tags }) {
      addTags(byArn(account, ResourceArn).tags, tagsOf(Tags), invalid);
      return {};
    },
  };
}

/** Source: EventBridge Scheduler API reference, Tag: a value has at least one character. */
function tagsOf(tags: readonly Tag[] | undefined): Map<string, string> {
  const index = (tags ?? []).findIndex(({ Value }) => Value === "");
  if (index >= 0)
    throw invalid(
      `1 validation error detected: Value '' at 'tags.${index + 1}.member.value' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  return readTags(tags, invalid);
}

/** Only groups can have tags. */
function byArn(account: Account, arn: string | undefined): ScheduleGroup {
  const found = [...account.scheduler.groups.values()].find((group) => group.arn === arn);
  if (found === undefined) throw notFound(`Resource ${arn} does not exist.`);
  return found;
}
