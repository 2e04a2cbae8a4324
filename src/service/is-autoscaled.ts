import type { AwsContext } from "../aws/context.js";
import { describeTargets, resourceIdOf } from "../aws/scalable-targets.js";

/** True if a scalable target is registered for the service: autoscaling then owns its desired count. */
export const isAutoscaled = async (
  { cluster, serviceName }: { readonly cluster: string; readonly serviceName: string },
  context: AwsContext,
): Promise<boolean> => (await describeTargets([resourceIdOf(cluster, serviceName)], context)).length > 0;
