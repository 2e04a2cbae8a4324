import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { describeService } from "../service/describe-services.js";
import type { ColorSubject } from "./color-health.js";
import { releaseError } from "./colors.js";

/**
 * Looks whether the color that a failing release would go back to is still what it was. When the new one
 * has all requests, the other is free for the next release: another process may have begun one.
 *
 * @param seen - the service as it was when this release began
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
    `The traffic of ${deployment} was left as it is: another process ${now?.status === "ACTIVE" ? "has begun a release" : "has ended the old version"} meanwhile, so that this one cannot go back to service ${serviceName}`,
    { fix: "Look at it again with release(), then decide." },
  );
}
