import type { ScalableTarget } from "@aws-sdk/client-application-auto-scaling";
import type { AwsContext } from "./context.js";
import { isUnsupportedOperation } from "./error-code.js";

/** The scalable dimension of an ECS service: its number of tasks. */
export const SERVICE_COUNT = Object.freeze({
  ServiceNamespace: "ecs" as const,
  ScalableDimension: "ecs:service:DesiredCount" as const,
});

export const resourceIdOf = (cluster: string, service: string): string => `service/${cluster}/${service}`;

/** The scalable targets of the services; none from an endpoint without Application Auto Scaling. */
export async function describeTargets(
  ResourceIds: readonly string[],
  { aws }: AwsContext,
): Promise<readonly ScalableTarget[]> {
  try {
    const { ScalableTargets = [] } = await aws.applicationAutoScaling.describeScalableTargets({
      ...SERVICE_COUNT,
      ResourceIds: [...ResourceIds],
    });
    return ScalableTargets;
  } catch (error) {
    if (isUnsupportedOperation(error)) return [];
    throw error;
  }
}
