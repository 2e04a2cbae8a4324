import type { AwsContext } from "../aws/context.js";
import { QuaysideError } from "../errors.js";
import { describeService } from "./describe-services.js";

/** The error for a service that another run deploys at the same time: by whom, and since when, as far as ECS reports it. */
export async function anotherRun(
  { clusterName, serviceName }: { readonly clusterName: string; readonly serviceName: string },
  context: AwsContext,
  cause?: unknown,
): Promise<QuaysideError> {
  const service = await describeService(clusterName, serviceName, context).catch(() => undefined);
  const deployment = service?.deployments?.find(({ status }) => status === "PRIMARY");
  const { taskDefinition } = deployment ?? {};
  const described =
    taskDefinition === undefined
      ? undefined
      : await context.aws.ecs.describeTaskDefinition({ taskDefinition }).catch(() => undefined);
  const by = described?.taskDefinition?.registeredBy;
  const since = deployment?.createdAt?.toISOString();
  const details = [since && `since ${since}`, by && `by ${by}`].filter(Boolean).join(", ");
  return new QuaysideError(
    "another-run",
    `This run has not deployed service ${serviceName}: another run deploys it${details && ` (${details})`}`,
    {
      cause,
      facts: { service: serviceName, cluster: clusterName, since, by },
      fix: "Use deploy({ wait: true }) to deploy after the other run, or deploy again once it has ended if its version is not the one that you want.",
    },
  );
}
