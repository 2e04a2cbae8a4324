import { serviceNames } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { serviceArnsIn } from "../aws/service-arns.js";
import { describeServices } from "./describe-services.js";

/** Finds the services of a cluster by listing them, because the tagging API may not know them for minutes. */
export async function noteServicesIn(cluster: string, context: AwsContext): Promise<void> {
  const arns = await serviceArnsIn(cluster, context);
  await describeServices(
    cluster,
    arns.map((arn) => serviceNames(arn).service),
    context,
  );
}
