import type { AwsContext } from "../../aws/context.js";
import { poll } from "../../engine/poll.js";
import { describeService } from "../../service/describe-services.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";

/**
 * Sets the described number of tasks of a service that has begun as large as the one before it: fewer tasks are
 * enough only once the traffic is theirs.
 */
export async function setDescribedCount(
  { service: { name: service, desired }, cluster: { name: cluster } }: DeploymentSpec,
  context: AwsContext,
): Promise<void> {
  if (desired === undefined) return;
  const now = await describeService(cluster, service, context);
  if (now?.status !== "ACTIVE" || now.desiredCount === desired) return;
  await context.aws.ecs.updateService({ cluster, service, desiredCount: desired });
  // ECS may report the former count for a moment, which the next plan would take for a difference.
  const what = `the number of tasks of service ${service} to be ${desired}`;
  await poll({ every: 2_000, timeout: 60_000, context, what }, async () =>
    (await describeService(cluster, service, context))?.desiredCount === desired ? true : undefined,
  );
}
