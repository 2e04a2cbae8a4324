import type { Cluster } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { ownerName } from "../aws/owner.js";
import { OWNER_TAG } from "../aws/tags.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { poll } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";
import { autoScalingGroupName, capacityProviderName } from "../spec/derived-names.js";
import { capacityProviderUsers } from "./capacity-provider-users.js";
import { instancesToProtect, setScaleInProtection } from "./scale-in-protection.js";

export interface ClusterCapacityProviderDesired extends Tagged {
  readonly clusterName: string;
  readonly capacityProvider: string;
}

export interface ClusterCapacityProviderState {
  readonly clusterName: string;
  readonly capacityProvider: string;
}

/**
 * Associates a capacity provider with a cluster. The cluster's default strategy is left alone.
 *
 * ECS may never drain an instance that was launched before: it is protected from scale-in until the user
 * terminates it, so that no scaling terminates it with its tasks.
 */
export const clusterCapacityProviderKind: Kind<
  ClusterCapacityProviderDesired,
  ClusterCapacityProviderState,
  AwsContext
> = {
  kind: "cluster-capacity-provider",
  unknown: { clusterName: UNKNOWN, capacityProvider: UNKNOWN },
  dependsOn: ["capacity-provider", "auto-scaling-group", "cluster"],

  async read({ clusterName, capacityProvider, tags }, context) {
    const cluster = await describeAttached(clusterName, context);
    if (!cluster?.capacityProviders?.includes(capacityProvider)) return undefined;
    const state = { clusterName, capacityProvider };
    return { state, current: state, tags };
  },

  async create({ clusterName, capacityProvider }, context) {
    const groupName = autoScalingGroupName(clusterName);
    const [cluster, unprotected] = await Promise.all([
      describeAttached(clusterName, context),
      instancesToProtect(groupName, true, context),
    ]);
    // Another run has associated it meanwhile: ECS drains what was launched since.
    if (cluster?.capacityProviders?.includes(capacityProvider)) return { clusterName, capacityProvider };
    await setScaleInProtection(groupName, true, context, unprotected);
    const present = unprotected.length === 0 ? cluster : await describeAttached(clusterName, context);
    await put(present ?? { clusterName }, context, (providers) => [...providers, capacityProvider]);
    return { clusterName, capacityProvider };
  },

  update: async (_desired, { state }) => state,

  async ready(state, { clusterName, capacityProvider }, context) {
    await waitUntilSettled(clusterName, context, (cluster) =>
      (cluster.capacityProviders ?? []).includes(capacityProvider),
    );
    return state;
  },

  async delete({ clusterName, capacityProvider }, context, leaving) {
    const groupName = autoScalingGroupName(clusterName);
    // Nothing scales the instances any more, and a smaller maximum may terminate them.
    if (!leaving?.has("auto-scaling-group", groupName)) await setScaleInProtection(groupName, false, context);
    const cluster = await describeAttached(clusterName, context);
    if (!cluster?.capacityProviders?.includes(capacityProvider)) return;
    await put(cluster, context, (present) => present.filter((name) => name !== capacityProvider));
    await waitUntilSettled(clusterName, context, (cluster) => !isAttached(cluster, capacityProvider));
  },

  blockedBy: ({ state, tags }, leaving, context) =>
    capacityProviderUsers(state.capacityProvider, tags, leaving, context),

  async findOwned(owner, context) {
    const clusterName = ownerName(owner, "cluster");
    if (clusterName === undefined) return [];
    const capacityProvider = capacityProviderName(clusterName);
    const cluster = await describeAttached(clusterName, context);
    if (!cluster?.capacityProviders?.includes(capacityProvider)) return [];
    const state = { clusterName, capacityProvider };
    return [{ name: nodeName(state), state, tags: { [OWNER_TAG]: owner } }];
  },
};

export const nodeName = ({ clusterName, capacityProvider }: ClusterCapacityProviderState): string =>
  `${clusterName}/${capacityProvider}`;

/** Changes the capacity providers of a cluster that was just read: the call replaces the whole list. */
async function put(
  cluster: Cluster,
  context: AwsContext,
  change: (present: readonly string[]) => readonly string[],
): Promise<void> {
  const capacityProviders = [...new Set(change(cluster.capacityProviders ?? []))];
  await context.aws.ecs.putClusterCapacityProviders({
    cluster: cluster.clusterName,
    capacityProviders,
    defaultCapacityProviderStrategy: (cluster.defaultCapacityProviderStrategy ?? []).filter(
      ({ capacityProvider = "" }) => capacityProviders.includes(capacityProvider),
    ),
  });
}

/**
 * Waits until an update of the capacity providers has completed. A first read may still be of the time before
 * it: only what the update was to change shows that it is not.
 */
async function waitUntilSettled(
  clusterName: string,
  context: AwsContext,
  isChanged: (cluster: Cluster) => boolean,
): Promise<void> {
  const what = `the capacity providers of cluster ${clusterName} to be updated`;
  await poll({ every: 5_000, timeout: 10 * 60_000, context, what }, async () => {
    const cluster = await describeAttached(clusterName, context);
    if (cluster?.attachmentsStatus === "UPDATE_FAILED") throw failed(cluster);
    if (cluster === undefined) return true;
    return cluster.attachmentsStatus !== "UPDATE_IN_PROGRESS" && isChanged(cluster) ? true : undefined;
  });
}

/** True if the cluster has the capacity provider, or an attachment that belongs to it. */
const isAttached = ({ capacityProviders = [], attachments = [] }: Cluster, name: string): boolean =>
  capacityProviders.includes(name) ||
  attachments.some(
    ({ status, details = [] }) => status !== "DELETED" && details.some(({ value }) => value === name),
  );

/** The cluster, with its capacity providers. */
export async function describeAttached(name: string, { aws }: AwsContext): Promise<Cluster | undefined> {
  // In the words with which a run asks for the cluster itself.
  const { clusters = [] } = await aws.ecs.describeClusters({
    clusters: [name],
    include: ["TAGS", "ATTACHMENTS"],
  });
  return clusters.find((cluster) => cluster.status !== "INACTIVE");
}

function failed({ clusterName, attachments = [] }: Cluster): QuaysideError {
  const details = attachments.flatMap((attachment) => attachment.details ?? []);
  const reason = details.find(({ name }) => /reason/i.test(name ?? ""))?.value ?? "ECS reports no reason";
  return new QuaysideError(
    "cluster-failed",
    `The capacity providers of cluster ${clusterName} could not be updated: ${reason}`,
    {
      facts: { clusterName, reason },
      fix: "Fix the reason that ECS reports, then run again. Completed steps are kept.",
    },
  );
}
