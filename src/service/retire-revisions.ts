import type { AwsContext } from "../aws/context.js";
import { unlessGone } from "../aws/gone.js";
import { isMadeBy, revisionsOf } from "./delete-task-definitions.js";
import { describeService } from "./describe-services.js";

/**
 * Deregisters the oldest revisions beyond the number that is kept: never one that the service runs or is
 * leaving, and only the owner's. What runs from a deregistered one goes on; it cannot be gone back to.
 */
export async function retireRevisions(
  of: {
    readonly family: string;
    readonly owner: string;
    readonly keep: number;
    readonly clusterName: string;
    readonly serviceName: string;
  },
  context: AwsContext,
): Promise<void> {
  const all = await revisionsOf(of.family, "ACTIVE", context);
  const old = [...all].sort((one, other) => numberOf(other) - numberOf(one)).slice(of.keep);
  if (old.length === 0) return;
  const service = await describeService(of.clusterName, of.serviceName, context);
  const inUse = (service?.deployments ?? []).map(({ taskDefinition }) => taskDefinition);
  for (const arn of old) {
    if (inUse.includes(arn) || service?.taskDefinition === arn) continue;
    if (await isMadeBy(of.owner, arn, context))
      await unlessGone(context.aws.ecs.deregisterTaskDefinition({ taskDefinition: arn }));
  }
}

const numberOf = (arn: string): number => Number(arn.split(":").at(-1));
