import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { describeService } from "../service/describe-services.js";
import type { ColorSubject } from "./color-health.js";
import { releaseError } from "./colors.js";

/**
 * Checks that the color to which a failed release would roll back still runs the old version. Once the new
 * color gets all traffic, another process may start the next release on the old one.
 *
 * @param seen - the service when this release began
 * @throws QuaysideError `release-moved`
 */
export async function assertSameVersion(
  deployment: string,
  { clusterName, serviceName }: ColorSubject,
  seen: Service | undefined,
  context: AwsContext,
): Promise<void> {
  const now = await describeService(clusterName, serviceName, context);
  if (now?.status === "ACTIVE" && now.taskDefinition === seen?.taskDefinition) return;
  throw releaseError(
    "release-moved",
    `The traffic of ${deployment} was not shifted: another process has ${now?.status === "ACTIVE" ? "started a release" : "stopped the old version"} in the meantime, so this one cannot be rolled back to service ${serviceName}`,
    { fix: "Read it again with release(), then decide." },
  );
}
