import type { Account } from "../core/account.js";

export const schedulesSnapshot = ({ scheduler }: Pick<Account, "scheduler">) => {
  const groups = [...scheduler.groups.values()].filter(({ state }) => state === "ACTIVE");
  return {
    scheduleGroups: Object.fromEntries(
      groups
        .filter(({ name }) => name !== "default")
        .map(({ name, tags }) => [name, { tags: Object.fromEntries(tags) }]),
    ),
    schedules: Object.fromEntries(
      groups.flatMap((group) =>
        [...group.schedules.values()].map(
          ({ name, input: { ClientToken: _, StartDate, EndDate, ...input } }) => [
            `${group.name}/${name}`,
            { ...input, StartDate: StartDate?.toISOString(), EndDate: EndDate?.toISOString() },
          ],
        ),
      ),
    ),
  };
};
