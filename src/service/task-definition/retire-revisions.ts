import type { Service } from "@aws-sdk/client-ecs";
import { taskDefinitionRevision } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { describeServices } from "../describe-services.js";
import { isMadeBy, revisionsOf } from "./delete-task-definitions.js";
import { recordedRollouts } from "./releases.js";

/**
 * Deregisters the oldest revisions beyond the number to keep: only the owner's, and never one that a service
 * runs or is replacing. Revisions whose every rollout failed do not count: a rollback to them would be of no
 * use. Tasks of a deregistered revision keep running, but a rollback to it is no longer possible.
 */
export async function retireRevisions(
  of: {
    readonly family: string;
    readonly owner: string;
    readonly keep: number;
    readonly clusterName: string;
    /** Every service of the family. */
    readonly serviceNames: readonly string[];
    /** The active revisions, if they were listed while the service was deployed; without it, they are listed. */
    readonly listed?: readonly string[] | undefined;
  },
  context: AwsContext,
): Promise<void> {
  const all = [...(of.listed ?? (await revisionsOf(of.family, "ACTIVE", context)))].sort(
    (one, other) => taskDefinitionRevision(other) - taskDefinitionRevision(one),
  );
  if (all.length <= of.keep) return;
  const services = await describeServices(of.clusterName, of.serviceNames, context);
  const failed = await failedRevisions(of.clusterName, services, context);
  const oldestKept = all.filter((arn) => !failed.has(arn))[of.keep - 1];
  if (oldestKept === undefined) return;
  const inUse = services.flatMap(({ taskDefinition, deployments = [] }) => [
    taskDefinition,
    ...deployments.map((deployment) => deployment.taskDefinition),
  ]);
  for (const arn of all.slice(all.indexOf(oldestKept) + 1)) {
    if (inUse.includes(arn)) continue;
    if (await isMadeBy(of.owner, arn, context))
      await ignoreNotFound(context.aws.ecs.deregisterTaskDefinition({ taskDefinition: arn }));
  }
}

/** The revisions with recorded rollouts, none of which succeeded. */
async function failedRevisions(
  clusterName: string,
  services: readonly Service[],
  context: AwsContext,
): Promise<ReadonlySet<string>> {
  const records = await Promise.all(
    services.map(({ serviceName = "" }) => recordedRollouts({ clusterName, serviceName }, context)),
  );
  const known = records.flat().map(({ revision, deployment }) => ({
    arn: revision.taskDefinition ?? "",
    status: deployment.status ?? "",
  }));
  const hasFailed = /^(STOPPED|ROLLBACK_)/;
  return new Set(
    known
      .map(({ arn }) => arn)
      .filter((arn) => known.every((each) => each.arn !== arn || hasFailed.test(each.status))),
  );
}
