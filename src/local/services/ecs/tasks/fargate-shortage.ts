import type { Account } from "../../../core/account.js";
import type { TaskDefinitionRecord } from "../state.js";

/** Why Fargate starts no task now; `undefined` if it does. Source: ECS guide, "Service event messages". */
export function fargateShortage(
  { ecs }: Account,
  provider: string,
  definition: TaskDefinitionRecord,
): string | undefined {
  if (ecs.fargate.unavailable.has(provider))
    return "Capacity is unavailable at this time. Please try again later or in a different availability zone.";
  const running = [...ecs.clusters.values()].flatMap(({ tasks }) =>
    [...tasks.values()].filter(
      ({ description }) => description.launchType === "FARGATE" && description.lastStatus !== "STOPPED",
    ),
  );
  const units = [definition, ...running.map(({ taskDefinition }) => taskDefinition)].reduce(
    (sum, { description }) => sum + Number(description.cpu ?? 0),
    0,
  );
  return units > ecs.fargate.maxVcpus * 1024
    ? "You've reached the limit on the number of vCPUs you can run concurrently."
    : undefined;
}
