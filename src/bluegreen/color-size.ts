import type { AwsContext } from "../aws/context.js";
import { describeTargets, resourceIdOf } from "../aws/scalable-targets.js";
import { suspendScaleIn } from "../scaling/scale-in.js";
import { describeServices } from "../service/describe-services.js";
import { waitUntilHealthy, type ColorSubject } from "./color-health.js";

/*
 * Requests that leave a service leave it idle in the eyes of its scaling. As long as they are divided,
 * or may come back, no color is scaled in; the new one is never smaller than the old one.
 */

/** From now on neither loses a task to its scaling. */
export const suspendScaleInOf = (
  subjects: readonly (ColorSubject | undefined)[],
  context: AwsContext,
): Promise<void> =>
  suspendScaleIn(
    subjects.flatMap((each) => (each === undefined ? [] : [scaledAs(each)])),
    context,
  );

export const scaledAs = ({ clusterName, serviceName }: ColorSubject): string =>
  resourceIdOf(clusterName, serviceName);

/** Brings a color to the size of the one whose requests it takes over, which may have grown; waits until it is there. */
export async function matchSize(to: ColorSubject, from: ColorSubject, context: AwsContext): Promise<void> {
  const services = await describeServices(to.clusterName, [to.serviceName, from.serviceName], context);
  const countOf = ({ serviceName }: ColorSubject): number =>
    services.find((service) => service.serviceName === serviceName)?.desiredCount ?? 0;
  const [present, wanted] = [countOf(to), countOf(from)];
  if (wanted <= present) return;
  const [target] = await describeTargets([scaledAs(to)], context);
  // Its own scaling would take it back to its most.
  const desiredCount = Math.min(wanted, target?.MaxCapacity ?? wanted);
  if (desiredCount <= present) return;
  await context.aws.ecs.updateService({ cluster: to.clusterName, service: to.serviceName, desiredCount });
  await waitUntilHealthy(to, context, desiredCount);
}
