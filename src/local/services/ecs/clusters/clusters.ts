import type * as Ecs from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { untilConsistent } from "../../../core/consistency.js";
import { durations } from "../../../core/durations.js";
import { page } from "../../../core/page.js";
import { ServiceError } from "../../../core/service-error.js";
import { serviceLinkedRoleIsUsable } from "../../iam/service-linked-role.js";
import { badToken, clientException, clusterNotFound, invalidParameter } from "../service-errors.js";
import type { Cluster } from "../state.js";
import { listTags, readTags } from "../tags.js";
import { registerWaitingAgents } from "./agents.js";
import { checkedConfiguration } from "./exec-configuration.js";
import { checkStrategy, strategyUses } from "./capacity-providers.js";

type Handlers = Pick<
  EcsApi,
  | "createCluster"
  | "describeClusters"
  | "listClusters"
  | "putClusterCapacityProviders"
  | "updateClusterSettings"
  | "deleteCluster"
>;

export const createClusterHandlers = (account: Account): Handlers => ({
  async createCluster(input) {
    const name = input.clusterName ?? "default";
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter("Invalid cluster name.");
    const tags = readTags(input.tags);
    const strategy = input.defaultCapacityProviderStrategy ?? [];
    checkStrategy(account, input.capacityProviders ?? [], strategy);
    // The first call of an account creates the role, and does not wait for it.
    serviceLinkedRoleIsUsable(account, "ecs.amazonaws.com");
    const existing = account.ecs.clusters.get(name);
    if (existing?.status === "ACTIVE")
      return { cluster: describeCluster(account, existing, ["TAGS", "SETTINGS"]) };
    const now = account.clock.now();
    const cluster: Cluster = {
      name,
      arn: arnOf(account, "ecs", `cluster/${name}`),
      status: "ACTIVE",
      capacityProviders: [...(input.capacityProviders ?? [])],
      defaultStrategy: readStrategy(strategy),
      settings: checkedSettings(input.settings ?? []),
      configuration: checkedConfiguration(input.configuration),
      tags,
      containerInstances: new Map(),
      services: new Map(),
      tasks: new Map(),
      visibleAt: now + untilConsistent(account, "clusterVisible"),
      busyUntil: 0,
      detaching: [],
      stale: undefined,
    };
    account.ecs.clusters.set(name, cluster);
    registerWaitingAgents(account, cluster);
    return { cluster: describeCluster(account, cluster, ["TAGS", "SETTINGS"]) };
  },

  async updateClusterSettings(input) {
    const cluster = findCluster(account, input.cluster);
    if (input.settings === undefined || input.settings.length === 0)
      throw invalidParameter("Cluster settings cannot be empty.");
    cluster.settings = checkedSettings(input.settings);
    return { cluster: describeCluster(account, cluster, ["TAGS", "SETTINGS"]) };
  },

  async describeClusters(input) {
    const names = input.clusters?.length ? input.clusters : ["default"];
    if (names.length > 100) throw invalidParameter("Clusters cannot have more than 100 elements");
    const clusters: Ecs.Cluster[] = [];
    const failures: Ecs.Failure[] = [];
    for (const name of names.map(nameOf)) {
      const cluster = account.ecs.clusters.get(name);
      if (cluster === undefined)
        failures.push({ arn: arnOf(account, "ecs", `cluster/${name}`), reason: "MISSING" });
      else clusters.push(describeCluster(account, asDescribed(account, cluster), input.include ?? []));
    }
    return { clusters, failures };
  },

  async listClusters(input) {
    const size = input.maxResults ?? 100;
    if (size < 1 || size > 100) throw invalidParameter("maxResults must be between 1 and 100.");
    const now = account.clock.now();
    const active = [...account.ecs.clusters.values()].filter(
      ({ status, visibleAt }) => status === "ACTIVE" && now >= visibleAt,
    );
    const { items, nextToken } = page(active, input.nextToken, size, badToken);
    return { clusterArns: items.map(({ arn }) => arn), ...(nextToken === undefined ? {} : { nextToken }) };
  },

  async putClusterCapacityProviders(input) {
    const cluster = findCluster(account, input.cluster);
    if (input.capacityProviders === undefined || input.defaultCapacityProviderStrategy === undefined) {
      throw invalidParameter("Both capacityProviders and defaultCapacityProviderStrategy must be specified.");
    }
    if (account.clock.now() < cluster.busyUntil) throw busy();
    checkStrategy(account, input.capacityProviders, input.defaultCapacityProviderStrategy, cluster.name);
    // Managed Instances stay associated with their cluster until they are deleted.
    const managed = cluster.capacityProviders.filter((name) => account.ecs.managedInstances.has(name));
    const wanted = [...new Set([...input.capacityProviders, ...managed])];
    const removed = cluster.capacityProviders.filter((name) => !wanted.includes(name));
    for (const { description } of cluster.services.values()) {
      if (description.status !== "INACTIVE" && strategyUses(description.capacityProviderStrategy, removed)) {
        throw new ServiceError(
          "ResourceInUseException",
          "The specified capacity provider is in use and cannot be removed.",
        );
      }
    }
    const now = account.clock.now();
    const { capacityProviders, defaultStrategy, busyUntil, detaching } = cluster;
    cluster.stale = {
      until: now + untilConsistent(account, "clusterUpdateVisible"),
      ...{ capacityProviders, defaultStrategy, busyUntil, detaching },
    };
    cluster.detaching = removed;
    cluster.capacityProviders = wanted;
    cluster.defaultStrategy = readStrategy(input.defaultCapacityProviderStrategy);
    cluster.busyUntil = now + durations.capacityProvidersUpdate;
    return { cluster: describeCluster(account, cluster, ["TAGS", "SETTINGS", "ATTACHMENTS"]) };
  },

  async deleteCluster(input) {
    if (input.cluster === undefined) throw clientException("Cluster can not be blank.");
    const cluster = account.ecs.clusters.get(nameOf(input.cluster));
    if (cluster === undefined) throw clusterNotFound();
    if (cluster.status === "INACTIVE") return { cluster: describeCluster(account, cluster, []) };
    if (account.clock.now() < cluster.busyUntil) throw busy();
    if (cluster.containerInstances.size > 0) {
      throw new ServiceError(
        "ClusterContainsContainerInstancesException",
        "The Cluster cannot be deleted while Container Instances are active or draining.",
      );
    }
    if ([...cluster.services.values()].some(({ description }) => description.status !== "INACTIVE")) {
      throw new ServiceError(
        "ClusterContainsServicesException",
        "The Cluster cannot be deleted while Services are active.",
      );
    }
    if ([...account.ecs.managedInstances.values()].some((each) => each.cluster === cluster.name)) {
      throw new ServiceError(
        "ClusterContainsCapacityProviderException",
        "The Cluster cannot be deleted while Capacity Providers are active.",
      );
    }
    if (liveTasks(cluster).length > 0) {
      throw new ServiceError(
        "ClusterContainsTasksException",
        "The Cluster cannot be deleted while Tasks are active.",
      );
    }
    cluster.status = "INACTIVE";
    cluster.stale = undefined;
    cluster.capacityProviders = [];
    cluster.defaultStrategy = [];
    return { cluster: describeCluster(account, cluster, []) };
  },
});

/** An ACTIVE cluster; a deleted one counts as not found. */
export function findCluster(account: Account, nameOrArn: string | undefined): Cluster {
  const cluster = account.ecs.clusters.get(nameOf(nameOrArn ?? "default"));
  if (cluster?.status !== "ACTIVE") throw clusterNotFound();
  return cluster;
}

/** A change of its capacity providers is not visible at once. */
const asDescribed = (account: Account, cluster: Cluster): Cluster =>
  cluster.stale !== undefined && account.clock.now() < cluster.stale.until
    ? { ...cluster, ...cluster.stale }
    : cluster;

const liveTasks = (cluster: Cluster) =>
  [...cluster.tasks.values()].filter(({ description }) => description.lastStatus !== "STOPPED");

export function describeCluster(
  account: Account,
  cluster: Cluster,
  include: readonly Ecs.ClusterField[],
): Ecs.Cluster {
  const tasks = liveTasks(cluster).map(({ description }) => description);
  const services = [...cluster.services.values()].map(({ description }) => description);
  const count = (launchType: string, status: "RUNNING" | "PENDING") =>
    String(tasks.filter((task) => task.launchType === launchType && hasStatus(task, status)).length);
  const statistics = () =>
    ["EC2", "Fargate"].flatMap((name) => [
      { name: `running${name}TasksCount`, value: count(name.toUpperCase(), "RUNNING") },
      { name: `pending${name}TasksCount`, value: count(name.toUpperCase(), "PENDING") },
    ]);
  const isBusy = account.clock.now() < cluster.busyUntil;
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: cluster.containerInstances.size,
    runningTasksCount: tasks.filter((task) => hasStatus(task, "RUNNING")).length,
    pendingTasksCount: tasks.filter((task) => hasStatus(task, "PENDING")).length,
    activeServicesCount: services.filter(({ status }) => status === "ACTIVE").length,
    statistics: include.includes("STATISTICS") ? statistics() : [],
    tags: include.includes("TAGS") ? listTags(cluster.tags) : [],
    settings: include.includes("SETTINGS") ? settings(cluster) : [],
    ...(include.includes("CONFIGURATIONS") && cluster.configuration !== undefined
      ? { configuration: structuredClone(cluster.configuration) }
      : {}),
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: structuredClone(cluster.defaultStrategy),
    ...(include.includes("ATTACHMENTS")
      ? {
          attachments: [
            ...cluster.capacityProviders.map((name) => attachment(name, "CREATED")),
            ...(isBusy ? cluster.detaching.map((name) => attachment(name, "DELETING")) : []),
          ],
          ...(cluster.busyUntil > 0
            ? { attachmentsStatus: isBusy ? "UPDATE_IN_PROGRESS" : "UPDATE_COMPLETE" }
            : {}),
        }
      : {}),
  };
}

const attachment = (name: string, status: string): Ecs.Attachment => ({
  type: "managed_draining",
  status,
  details: [{ name: "capacityProviderName", value: name }],
});

const hasStatus = (task: Ecs.Task, status: "RUNNING" | "PENDING"): boolean =>
  status === "RUNNING"
    ? task.lastStatus === "RUNNING"
    : ["PROVISIONING", "PENDING", "ACTIVATING"].includes(task.lastStatus ?? "");

/** Source: ECS API reference, ClusterSetting. */
function checkedSettings(settings: readonly Ecs.ClusterSetting[]): Ecs.ClusterSetting[] {
  for (const { name, value = "" } of settings)
    if (name !== "containerInsights" || !["enabled", "disabled", "enhanced"].includes(value))
      throw invalidParameter("Invalid cluster setting.");
  return structuredClone([...settings]);
}

/** The account's default applies if a cluster does not configure Container Insights. */
const settings = (cluster: Cluster): Ecs.ClusterSetting[] =>
  cluster.settings.length > 0
    ? structuredClone(cluster.settings)
    : [{ name: "containerInsights", value: "disabled" }];

const readStrategy = (items: readonly Ecs.CapacityProviderStrategyItem[]): Cluster["defaultStrategy"] =>
  items.map(({ capacityProvider = "", weight = 0, base = 0 }) => ({ capacityProvider, weight, base }));

const busy = (): ServiceError =>
  new ServiceError(
    "UpdateInProgressException",
    "The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated. Wait and try again.",
  );
