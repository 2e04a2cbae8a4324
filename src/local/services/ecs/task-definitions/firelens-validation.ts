import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { clientException, invalidParameter } from "../service-errors.js";

/** The task's log router, and the containers that log to it. ECS's words. */
export function checkFirelens(containers: readonly ContainerDefinition[]): void {
  const routers = containers.filter(({ firelensConfiguration }) => firelensConfiguration !== undefined);
  const routed = containers.filter(({ logConfiguration }) => logConfiguration?.logDriver === "awsfirelens");
  for (const { firelensConfiguration } of routers) {
    const { type, options = {} } = firelensConfiguration ?? {};
    if (type !== "fluentbit" && type !== "fluentd")
      throw invalidParameter(`Invalid FireLens type '${type}'.`);
    const { "config-file-type": fileType, "config-file-value": file = "" } = options;
    if (fileType !== undefined && fileType !== "s3" && fileType !== "file")
      throw clientException(`Invalid FireLens config-file-type '${fileType}': use s3 or file.`);
    if (fileType === "s3" && !/^arn:[\w-]+:s3:::[^/]+\/.+$/.test(file))
      throw clientException("Invalid arn syntax.");
  }
  if (routers.length > 1)
    throw clientException(
      "A task definition can have only one container with a firelensConfiguration object.",
    );
  if (routed.length > 0 && routers.length === 0)
    throw clientException(
      "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.",
    );
  if (routers.length > 0 && routed.length === 0)
    throw clientException(
      "When a firelensConfiguration object is specified, at least one container has to be configured with the awsfirelens log driver.",
    );
}
