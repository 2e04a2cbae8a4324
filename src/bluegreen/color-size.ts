import type { AwsContext } from "../aws/context.js";
import { describeTargets, resourceIdOf } from "../aws/scalable-targets.js";
import { suspendScaleIn } from "../scaling/scale-in.js";
import { describeServices } from "../service/describe-services.js";
import { waitUntilHealthy, type ColorSubject } from "./color-health.js";

/*
 * A service that loses traffic looks idle to its scaling. As long as the traffic is divided, or may be shifted
 * back, no color is scaled in; the new one is never smaller than the old one.
 */

/** Suspends the scale-in of the services. */
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

/** Scales a color out to the size of the one whose traffic it takes over, and waits until it is healthy. */
export async function matchSize(to: ColorSubject, from: ColorSubject, context: AwsContext): Promise<void> {
  const services = await describeServices(to.clusterName, [to.serviceName, from.serviceName], context);
  const countOf = ({ serviceName }: ColorSubject): number =>
    services.find((service) => service.serviceName === serviceName)?.desiredCount ?? 0;
  const [present, wanted] = [countOf(to), countOf(from)];
  if (wanted <= present) return;
  const [target] = await describeTargets([scaledAs(to)], context);
  // Its own scaling would reduce a higher count to the maximum.
  const desiredCount = Math.min(wanted, target?.MaxCapacity ?? wanted);
  if (desiredCount <= present) return;
  await context.aws.ecs.updateService({ cluster: to.clusterName, service: to.serviceName, desiredCount });
  await waitUntilHealthy(to, context, desiredCount);
}
