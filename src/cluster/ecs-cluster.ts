import type { Cluster } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toEcsTags } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { poll } from "../engine/poll.js";
import { QuaysideError } from "../errors.js";
import type { ExecLoggingSpec } from "../spec/exec-logging.js";
import { managedInstancesName } from "../spec/derived-names.js";
import type { Insights } from "../spec/cluster.js";
import type { EcsClusterState } from "./cluster-state.js";
import { clusterUsers } from "./cluster-users.js";
import { execConfiguration, reportedExecLogging } from "./exec-logging.js";
import { containerInstances } from "./container-instances.js";

export interface EcsClusterDesired extends Tagged {
  readonly clusterName: string;
  /** The capacity providers that it must have; others are kept. */
  readonly capacityProviders: readonly string[];
  /** CloudWatch Container Insights; absent: as it is. */
  readonly insights?: Insights | undefined;
  /** Where ECS Exec logs; absent: as it is. */
  readonly execLogging?: ExecLoggingSpec | undefined;
}

const settingsOf = (value: Insights) => [{ name: "containerInsights" as const, value }];

const TEN_MINUTES = 10 * 60_000;

export const ecsClusterKind: Kind<EcsClusterDesired, EcsClusterState, AwsContext> = {
  kind: "cluster",
  unknown: { arn: UNKNOWN, clusterName: UNKNOWN },
  immutable: ["clusterName"],

  async read(desired, context) {
    const isCompared = desired.insights !== undefined;
    const cluster = await describe(desired.clusterName, context, [
      ...(isCompared ? (["SETTINGS"] as const) : []),
      ...(desired.execLogging === undefined ? [] : (["CONFIGURATIONS"] as const)),
    ]);
    if (cluster === undefined) return undefined;
    const insights = cluster.settings?.find(({ name }) => name === "containerInsights")?.value;
    const present = cluster.capacityProviders ?? [];
    return {
      state: stateOf(cluster),
      current: {
        clusterName: cluster.clusterName,
        capacityProviders: desired.capacityProviders.filter((provider) => present.includes(provider)),
        ...(isCompared && { insights: insights ?? "disabled" }),
        ...(desired.execLogging !== undefined && { execLogging: reportedExecLogging(cluster.configuration) }),
      },
      tags: fromTags(cluster.tags),
    };
  },

  async create({ clusterName, capacityProviders, insights, execLogging, tags }, { aws }) {
    const { cluster } = await aws.ecs.createCluster({
      clusterName,
      ...(capacityProviders.length === 0 ? {} : { capacityProviders: [...capacityProviders] }),
      ...(insights === undefined ? {} : { settings: settingsOf(insights) }),
      ...(execLogging !== undefined && {
        configuration: { executeCommandConfiguration: execConfiguration(execLogging) },
      }),
      tags: toEcsTags(tags),
    });
    return { arn: cluster?.clusterArn ?? "", clusterName };
  },

  async update(desired, { state }, changes, context) {
    if (hasChanges(changes, "capacityProviders")) await addCapacityProviders(desired, context);
    if (hasChanges(changes, "insights") && desired.insights !== undefined)
      await context.aws.ecs.updateClusterSettings({
        cluster: desired.clusterName,
        settings: settingsOf(desired.insights),
      });
    if (hasChanges(changes, "execLogging") && desired.execLogging !== undefined)
      await updateConfiguration(desired.clusterName, desired.execLogging, context);
    if (hasChanges(changes, "tags")) {
      await context.aws.ecs.tagResource({ resourceArn: state.arn, tags: toEcsTags(desired.tags) });
    }
    return state;
  },

  async ready(state, { clusterName }, context) {
    await poll(
      { every: 5_000, timeout: TEN_MINUTES, context, what: `cluster ${clusterName} to become ACTIVE` },
      async () => {
        // A new cluster may not be visible yet.
        const cluster = await describe(clusterName, context);
        if (cluster?.status === "FAILED" || cluster?.attachmentsStatus === "UPDATE_FAILED")
          throw failed(cluster);
        return cluster?.status === "ACTIVE" && cluster.attachmentsStatus !== "UPDATE_IN_PROGRESS"
          ? true
          : undefined;
      },
    );
    return state;
  },

  async delete({ clusterName }, context) {
    const { ecs } = context.aws;
    // Instances that were terminated while their agent was disconnected stay registered for ever.
    for (const { containerInstanceArn } of (await ignoreNotFound(containerInstances(clusterName, context))) ??
      []) {
      await ignoreNotFound(
        ecs.deregisterContainerInstance({
          cluster: clusterName,
          containerInstance: containerInstanceArn,
          force: true,
        }),
      );
    }
    const deleted = await ignoreNotFound(ecs.deleteCluster({ cluster: clusterName }));
    if (deleted === undefined || deleted.cluster?.status === "INACTIVE") return;
    await poll(
      { every: 5_000, timeout: TEN_MINUTES, context, what: `cluster ${clusterName} to be deleted` },
      async () => ((await describe(clusterName, context)) === undefined ? true : undefined),
    );
  },

  /** The owner's name is the cluster's, so that there is only one to look for. */
  async findOwned(owner, context) {
    const name = ownerName(owner, "cluster");
    if (name === undefined) return [];
    const cluster = await describe(name, context);
    const tags = fromTags(cluster?.tags);
    return cluster === undefined || tags[OWNER_TAG] !== owner
      ? []
      : [{ name, state: stateOf(cluster), tags }];
  },

  usedBy: ({ state }, leaving, context) => clusterUsers(state, leaving, context),
};

/** Changes where ECS Exec logs. What else the configuration has is sent along: the call replaces all of it. */
async function updateConfiguration(
  clusterName: string,
  execLogging: ExecLoggingSpec,
  context: AwsContext,
): Promise<void> {
  const present = await describe(clusterName, context, ["CONFIGURATIONS"]);
  await context.aws.ecs.updateCluster({
    cluster: clusterName,
    configuration: {
      ...present?.configuration,
      executeCommandConfiguration: execConfiguration(execLogging),
    },
  });
}

/** A cluster that is not managed by quayside and must exist: looked up, never changed. */
export const existingClusterKind: Kind<EcsClusterDesired, EcsClusterState, AwsContext> = {
  kind: ecsClusterKind.kind,
  unknown: ecsClusterKind.unknown,
  read: (desired, context) => ecsClusterKind.read(desired, context),
  notFoundError: ({ clusterName }) =>
    new QuaysideError(
      "no-cluster",
      `Nothing was changed: cluster ${clusterName} was not found in this region`,
      {
        facts: { cluster: clusterName },
        fix: `Check its name, or let quayside create it: new Cluster("${clusterName}").`,
      },
    ),
};

/**
 * True if a cluster of that name exists and is not for `owner`'s instances: it has another owner, or runs on
 * Fargate or Managed Instances.
 */
export async function hasOwnCapacity(name: string, owner: string, context: AwsContext): Promise<boolean> {
  const cluster = await describe(name, context);
  if (cluster === undefined) return false;
  const isForeign = fromTags(cluster.tags)[OWNER_TAG] !== owner;
  const others = ["FARGATE", managedInstancesName(name, false), managedInstancesName(name, true)];
  return isForeign || (cluster.capacityProviders ?? []).some((provider) => others.includes(provider));
}

const stateOf = (cluster: Cluster): EcsClusterState => ({
  arn: cluster.clusterArn ?? "",
  clusterName: cluster.clusterName ?? "",
});

/** The cluster; a deleted one is described as INACTIVE for a while and counts as not existing. */
async function describe(
  name: string,
  { aws }: AwsContext,
  more: readonly ("SETTINGS" | "CONFIGURATIONS")[] = [],
): Promise<Cluster | undefined> {
  const { clusters = [] } = await aws.ecs.describeClusters({
    clusters: [name],
    include: ["TAGS", "ATTACHMENTS", ...more],
  });
  return clusters.find((cluster) => cluster.status !== "INACTIVE");
}

/**
 * Adds capacity providers. The call replaces the whole list, so that the present one is read again and sent
 * along.
 */
async function addCapacityProviders(desired: EcsClusterDesired, context: AwsContext): Promise<void> {
  const cluster = await describe(desired.clusterName, context);
  await context.aws.ecs.putClusterCapacityProviders({
    cluster: desired.clusterName,
    capacityProviders: [...new Set([...(cluster?.capacityProviders ?? []), ...desired.capacityProviders])],
    defaultCapacityProviderStrategy: cluster?.defaultCapacityProviderStrategy ?? [],
  });
}

function failed(cluster: Cluster): QuaysideError {
  const details = (cluster.attachments ?? []).flatMap((attachment) => attachment.details ?? []);
  const reasons = details.filter(({ name }) => /reason/i.test(name ?? "")).map(({ value }) => value);
  const why =
    reasons.join("; ") || `its status is ${cluster.status}, its attachments ${cluster.attachmentsStatus}`;
  return new QuaysideError("cluster-failed", `Cluster ${cluster.clusterName} cannot be used: ${why}`, {
    facts: { status: cluster.status, attachmentsStatus: cluster.attachmentsStatus },
    fix: "Delete the cluster or choose another name, then run again.",
  });
}
