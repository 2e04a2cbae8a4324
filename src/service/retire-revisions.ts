import type { AwsContext } from "../aws/context.js";
import { unlessGone } from "../aws/gone.js";
import { isMadeBy, revisionsOf } from "./delete-task-definitions.js";
import { describeServices } from "./describe-services.js";

/**
 * Deregisters the oldest revisions beyond the number that is kept: never one that a service runs or is
 * leaving, and only the owner's. What runs from a deregistered one goes on; it cannot be gone back to.
 */
export async function retireRevisions(
  of: {
    readonly family: string;
    readonly owner: string;
    readonly keep: number;
    readonly clusterName: string;
    /** Every service of the family. */
    readonly serviceNames: readonly string[];
  },
  context: AwsContext,
): Promise<void> {
  const all = await revisionsOf(of.family, "ACTIVE", context);
  const old = [...all].sort((one, other) => numberOf(other) - numberOf(one)).slice(of.keep);
  if (old.length === 0) return;
  const services = await describeServices(of.clusterName, of.serviceNames, context);
  const inUse = services.flatMap(({ taskDefinition, deployments = [] }) => [
    taskDefinition,
    ...deployments.map((deployment) => deployment.taskDefinition),
  ]);
  for (const arn of old) {
    if (inUse.includes(arn)) continue;
    if (await isMadeBy(of.owner, arn, context))
      await unlessGone(context.aws.ecs.deregisterTaskDefinition({ taskDefinition: arn }));
  }
}

const numberOf = (arn: string): number => Number(arn.split(":").at(-1));
