import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import type { TaskRecord } from "../../services/ecs/state.js";
import type { Endpoint } from "../endpoint.js";
import type { WireAnswer } from "../protocols/protocol.js";
import type { WireRequest } from "../wire-request.js";
import { containerMetadata, statsOf, taskMetadata } from "./metadata.js";

const PATH = /^\/(v4|v2\/credentials)\/([0-9a-f]+)-(\d+)(\/[\w/]*)?$/;

/**
 * Answers what a task asks of its host: the task metadata endpoint, version 4, and its role's credentials.
 * Source: ECS Developer Guide, "Amazon ECS task metadata endpoint version 4".
 */
export function answerTask({ path }: WireRequest, endpoints: Iterable<Endpoint>): WireAnswer | undefined {
  const found = PATH.exec(path);
  if (found === null) return undefined;
  const [, what, id, index, rest = ""] = found;
  for (const { account } of endpoints) {
    const task = taskOf(account, id!);
    if (task === undefined) continue;
    const answer =
      what === "v4"
        ? metadataAt(account, task, Number(index), rest.replace(/\/$/, ""))
        : credentialsOf(account, task);
    return answer === undefined ? notFound() : json(200, answer);
  }
  return notFound();
}

function metadataAt(account: Account, task: TaskRecord, index: number, path: string): object | undefined {
  switch (path) {
    case "":
      return containerMetadata(account, task, index);
    case "/task":
      return taskMetadata(account, task, false);
    case "/taskWithTags":
      return taskMetadata(account, task, true);
    case "/stats":
      return statsOf(account, task)[index]?.[1];
    case "/task/stats":
      return Object.fromEntries(statsOf(account, task));
    default:
      return undefined;
  }
}

function taskOf(account: Account, id: string): TaskRecord | undefined {
  for (const { tasks } of account.ecs.clusters.values()) {
    for (const [arn, task] of tasks) if (nameOf(arn) === id) return task;
  }
  return undefined;
}

/** The access key id names the account, as in every request to this cloud. */
const credentialsOf = (account: Account, { taskDefinition: { description } }: TaskRecord): object => ({
  RoleArn: description.taskRoleArn ?? "",
  AccessKeyId: account.accountId,
  SecretAccessKey: "local",
  Token: "local",
  Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
});

const json = (status: number, body: object): WireAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const notFound = (): WireAnswer => json(404, { code: "NotFound", message: "The task was not found." });
