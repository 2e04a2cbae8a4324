import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { hostSession } from "../../services/iam/role-session.js";
import { roleOfTask } from "../../services/ecs/tasks/role-of-task.js";
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

function credentialsOf(account: Account, task: TaskRecord): object | undefined {
  const role = roleOfTask(account, task);
  if (role === undefined) return undefined;
  const { accessKeyId, secretAccessKey, token, expiresAt } = hostSession(account, role);
  return {
    RoleArn: role.arn,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: token,
    Expiration: expiresAt.toISOString(),
  };
}

const json = (status: number, body: object): WireAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

const notFound = (): WireAnswer => json(404, { code: "NotFound", message: "The task was not found." });
