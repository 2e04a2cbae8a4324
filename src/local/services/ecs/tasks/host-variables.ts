import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { hostSession } from "../../iam/role-session.js";
import type { TaskRecord } from "../state.js";
import { roleOfTask } from "./role-of-task.js";

/** This computer, as a container of a container engine reaches it. */
export const HOST_OF_CONTAINERS = "host.docker.internal";

/**
 * What a container's host tells it while the cloud listens: where the APIs, its credentials and its metadata are.
 * The agent of ECS sets the last two and the region; without a way to AWS, the endpoint is needed as well.
 */
export function hostVariables(account: Account, task: TaskRecord, container: string): Record<string, string> {
  const { endpointUrl } = account;
  if (endpointUrl === undefined) return {};
  const credentials =
    roleOfTask(account, task) === undefined
      ? {}
      : { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpointUrl}/v2/credentials/${idOf(task, container)}` };
  return { ...variablesAt(endpointUrl, account, task, container), ...credentials };
}

/**
 * The same for a container of a container engine. Its credentials are values: SDKs ask only loopback addresses and
 * those of ECS for credentials over HTTP.
 */
export function engineVariables(
  account: Account,
  task: TaskRecord,
  container: string,
): Record<string, string> {
  const { endpointUrl } = account;
  if (endpointUrl === undefined) return {};
  const role = roleOfTask(account, task);
  const session = role && hostSession(account, role);
  const url = endpointUrl.replace(/\/\/(127\.0\.0\.1|localhost|\[::1\])(?=:)/, `//${HOST_OF_CONTAINERS}`);
  return {
    ...variablesAt(url, account, task, container),
    ...(session && {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.token,
    }),
  };
}

const variablesAt = (
  url: string,
  { region }: Account,
  task: TaskRecord,
  container: string,
): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: task.description.launchType === "FARGATE" ? "AWS_ECS_FARGATE" : "AWS_ECS_EC2",
  ECS_CONTAINER_METADATA_URI_V4: `${url}/v4/${idOf(task, container)}`,
});

function idOf({ description, taskDefinition }: TaskRecord, container: string): string {
  const definitions = taskDefinition.description.containerDefinitions ?? [];
  return `${nameOf(description.taskArn ?? "")}-${definitions.findIndex(({ name }) => name === container)}`;
}
