import type { AwsContext } from "../aws/context.js";
import { isUnsupportedOperation } from "../aws/error-code.js";

/**
 * True if a scalable target is registered for the service: Application Auto Scaling then decides on its
 * count.
 */
export async function isAutoscaled(
  { cluster, serviceName }: { readonly cluster: string; readonly serviceName: string },
  context: AwsContext,
): Promise<boolean> {
  try {
    const { ScalableTargets } = await context.aws.applicationAutoScaling.describeScalableTargets({
      ServiceNamespace: "ecs",
      ResourceIds: [`service/${cluster}/${serviceName}`],
      ScalableDimension: "ecs:service:DesiredCount",
    });
    return (ScalableTargets ?? []).length > 0;
  } catch (error) {
    if (isUnsupportedOperation(error)) return false;
    throw error;
  }
}
