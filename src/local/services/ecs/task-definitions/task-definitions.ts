import type * as Ecs from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { arnOf, iamArn, nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { page } from "../../../core/page.js";
import { checkPassedRoles } from "../../iam/passed-roles.js";
import { badToken, clientException, invalidParameter } from "../service-errors.js";
import type { TaskDefinitionRecord } from "../state.js";
import { listTags, readTags } from "../tags.js";
import { withDefaults } from "./task-definition-defaults.js";
import { checkTaskDefinition } from "./task-definition-validation.js";

type Handlers = Pick<
  EcsApi,
  | "registerTaskDefinition"
  | "describeTaskDefinition"
  | "listTaskDefinitions"
  | "deregisterTaskDefinition"
  | "deleteTaskDefinitions"
>;

export const createTaskDefinitionHandlers = (account: Account): Handlers => ({
  async registerTaskDefinition(input) {
    checkTaskDefinition(input);
    checkPassedRoles(account, [input.taskRoleArn, input.executionRoleArn]);
    const tags = readTags(input.tags);
    const name = input.family ?? "";
    // The counter survives deletion: a revision number is never reused.
    const family = account.ecs.families.get(name) ?? { lastRevision: 0, revisions: [] };
    account.ecs.families.set(name, family);
    const revision = ++family.lastRevision;
    const description: Ecs.TaskDefinition = {
      ...withDefaults(input),
      taskDefinitionArn: arnOf(account, "ecs", `task-definition/${name}:${revision}`),
      revision,
      status: "ACTIVE",
      requiresAttributes: [],
      registeredAt: new Date(account.clock.now()),
      registeredBy: iamArn(account, "root"),
    };
    family.revisions.push({ description, input: structuredClone(input), tags });
    return { taskDefinition: structuredClone(description), tags: listTags(tags) };
  },

  async describeTaskDefinition(input) {
    const record = taskDefinitionOf(account, input.taskDefinition ?? "");
    if (record === undefined) throw clientException("Unable to describe task definition.");
    const tags = input.include?.includes("TAGS") ? { tags: listTags(record.tags) } : {};
    return { taskDefinition: structuredClone(record.description), ...tags };
  },

  async listTaskDefinitions(input) {
    const status = input.status ?? "ACTIVE";
    const families = [...account.ecs.families].filter(
      ([name]) => input.familyPrefix === undefined || name === input.familyPrefix,
    );
    const found = families
      .sort(([one], [other]) => one.localeCompare(other))
      .flatMap(([, { revisions }]) => revisions)
      .filter(({ description }) => description.status === status);
    if (input.sort === "DESC") found.reverse();
    const { items, nextToken } = page(found, input.nextToken, input.maxResults ?? 100, badToken);
    return {
      taskDefinitionArns: items.map(({ description }) => description.taskDefinitionArn ?? ""),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  },

  async deregisterTaskDefinition(input) {
    const name = nameOf(input.taskDefinition ?? "");
    if (!name.includes(":")) throw invalidParameter(`Revision is missing in '${name}'`);
    const record = taskDefinitionOf(account, name);
    if (record === undefined) throw clientException("The specified task definition does not exist.");
    if (record.description.status === "ACTIVE") {
      record.description.status = "INACTIVE";
      record.description.deregisteredAt = new Date(account.clock.now());
    }
    return { taskDefinition: structuredClone(record.description) };
  },

  async deleteTaskDefinitions({ taskDefinitions: names = [] }) {
    if (names.length > 10) throw invalidParameter("Task definitions cannot have more than 10 elements");
    const taskDefinitions: Ecs.TaskDefinition[] = [];
    const failures: Ecs.Failure[] = [];
    for (const name of names) {
      const record = nameOf(name).includes(":") ? taskDefinitionOf(account, name) : undefined;
      if (record === undefined) {
        failures.push({ arn: name, reason: "The specified task definition is not found." });
      } else if (record.description.status === "ACTIVE") {
        const reason =
          "The specified task definition is still in ACTIVE status. Please deregister the target and try again.";
        failures.push({ arn: record.description.taskDefinitionArn, reason });
      } else {
        beginDelete(account, record);
        taskDefinitions.push(structuredClone(record.description));
      }
    }
    return { taskDefinitions, failures };
  },
});

/** Finds a task definition by family (its latest ACTIVE revision), family and revision, or ARN. */
export function taskDefinitionOf(account: Account, reference: string): TaskDefinitionRecord | undefined {
  const [family = "", revision] = nameOf(reference).split(":");
  const revisions = account.ecs.families.get(family)?.revisions ?? [];
  if (revision === undefined) return revisions.findLast(({ description }) => description.status === "ACTIVE");
  return revisions.find(({ description }) => String(description.revision) === revision);
}

function beginDelete(account: Account, record: TaskDefinitionRecord): void {
  if (record.description.status === "DELETE_IN_PROGRESS") return;
  record.description.status = "DELETE_IN_PROGRESS";
  record.description.deleteRequestedAt = new Date(account.clock.now());
  account.clock.schedule(durations.taskDefinitionDeletion, () => {
    const family = account.ecs.families.get(record.description.family ?? "");
    if (family !== undefined && !isUsed(account, record))
      family.revisions.splice(family.revisions.indexOf(record), 1);
  });
}

/** A deleted revision stays DELETE_IN_PROGRESS while a service or task uses it. */
const isUsed = (account: Account, record: TaskDefinitionRecord): boolean =>
  [...account.ecs.clusters.values()].some(
    ({ services, tasks }) =>
      [...services.values()].some(({ rollouts }) =>
        rollouts.some(({ taskDefinition }) => taskDefinition === record),
      ) ||
      [...tasks.values()].some(
        ({ description, taskDefinition }) =>
          taskDefinition === record && description.lastStatus !== "STOPPED",
      ),
  );
