import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import type { TaskRecord } from "../state.js";

/**
 * What a container's host tells it while the cloud listens: where the APIs, its credentials and its metadata are.
 * The agent of ECS sets the last two and the region; without a way to AWS, the endpoint is needed as well.
 */
export function hostVariables(account: Account, task: TaskRecord, container: string): Record<string, string> {
  const { endpointUrl, region } = account;
  if (endpointUrl === undefined) return {};
  const { description, taskDefinition } = task;
  const definitions = taskDefinition.description.containerDefinitions ?? [];
  const id = `${nameOf(description.taskArn ?? "")}-${definitions.findIndex(({ name }) => name === container)}`;
  return {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: description.launchType === "FARGATE" ? "AWS_ECS_FARGATE" : "AWS_ECS_EC2",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpointUrl}/v2/credentials/${id}`,
    ECS_CONTAINER_METADATA_URI_V4: `${endpointUrl}/v4/${id}`,
  };
}
