import type { CapacityProvider, CreateCapacityProviderCommandInput } from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { ServiceError } from "../../../core/service-error.js";
import { clientException, invalidParameter } from "../service-errors.js";
import type { CapacityProviderRecord } from "../state.js";
import { listTags, readTags } from "../tags.js";
import { FARGATE, strategyUses } from "./capacity-providers.js";
import { findCluster } from "./clusters.js";
import {
  createManagedInstances,
  deleteManagedInstances,
  describeManagedInstances,
  updateManagedInstances,
} from "./managed-instances-handlers.js";

type Handlers = Pick<
  EcsApi,
  "createCapacityProvider" | "describeCapacityProviders" | "updateCapacityProvider" | "deleteCapacityProvider"
>;

type Settings = Omit<
  NonNullable<CreateCapacityProviderCommandInput["autoScalingGroupProvider"]>,
  "autoScalingGroupArn"
>;

export const createCapacityProviderHandlers = (account: Account): Handlers => ({
  async createCapacityProvider(input) {
    const { name = "", autoScalingGroupProvider: provider } = input;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(name) || /^(aws|ecs|fargate)/i.test(name))
      throw clientException("The specified capacity provider name is not valid.");
    if (account.ecs.managedInstances.has(name) || activeProviders(account).some((one) => one.name === name))
      throw clientException(
        "The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.",
      );
    if (provider === undefined && input.managedInstancesProvider !== undefined)
      return { capacityProvider: createManagedInstances(account, input) };
    if (provider?.autoScalingGroupArn === undefined)
      throw clientException("An Auto Scaling group must be specified.");
    const group = groupOf(account, provider.autoScalingGroupArn);
    if (group === undefined || group.deleting)
      throw clientException("The specified Auto Scaling group ARN does not exist.");
    if (activeProviders(account).some(({ groupArn }) => groupArn === group.arn))
      throw clientException(
        "The specified Auto Scaling group ARN is already being used by another capacity provider.",
      );
    const record: CapacityProviderRecord = {
      name,
      arn: arnOf(account, "ecs", `capacity-provider/${name}`),
      groupArn: group.arn,
      groupName: group.name,
      status: "ACTIVE",
      updateStatus: "CREATE_COMPLETE",
      updateStatusReason: undefined,
      targetCapacity: undefined,
      terminationProtection: false,
      draining: true,
      tags: readTags(input.tags),
      lowMinutes: 0,
    };
    set(account, record, provider);
    // ECS marks the groups that it scales.
    group.tags.set("AmazonECSManaged", { value: "", propagate: false });
    account.ecs.capacityProviders.set(name, record);
    return { capacityProvider: describe(record, true) };
  },

  async describeCapacityProviders(input) {
    const names = input.capacityProviders?.map(nameOf);
    // With a cluster, only its own.
    const ofCluster = input.cluster === undefined ? undefined : findCluster(account, input.cluster);
    const isWanted = ({ name }: { readonly name: string }): boolean =>
      (names === undefined || names.includes(name)) &&
      (ofCluster === undefined || ofCluster.capacityProviders.includes(name));
    const found = [...account.ecs.capacityProviders.values()].filter(isWanted);
    const fargate = FARGATE.map((name) => ({ name })).filter(isWanted);
    // Managed Instances are listed in their cluster, and found by name.
    const managed = [...account.ecs.managedInstances.values()].filter(
      ({ name, cluster }) =>
        (names === undefined || names.includes(name)) &&
        (input.cluster === undefined || nameOf(input.cluster) === cluster),
    );
    const missing = (names ?? []).filter(
      (name) => ![...found, ...fargate, ...managed].some((each) => each.name === name),
    );
    const withTags = input.include?.includes("TAGS") ?? false;
    return {
      capacityProviders: [
        ...found.map((each) => describe(each, withTags)),
        ...fargate.map(({ name }) => ({
          capacityProviderArn: arnOf(account, "ecs", `capacity-provider/${name}`),
          ...{ name, status: "ACTIVE" as const, tags: [] },
        })),
        ...managed.map((each) => describeManagedInstances(each, withTags)),
      ],
      failures: missing.map((name) => ({
        arn: arnOf(account, "ecs", `capacity-provider/${name}`),
        reason: "MISSING",
      })),
    };
  },

  async updateCapacityProvider(input) {
    const managed = account.ecs.managedInstances.get(nameOf(input.name ?? ""));
    if (managed !== undefined) return { capacityProvider: updateManagedInstances(account, managed, input) };
    const record = find(account, input.name);
    set(account, record, input.autoScalingGroupProvider ?? {});
    record.updateStatus = "UPDATE_COMPLETE";
    record.updateStatusReason = undefined;
    notifyChanged(account);
    return { capacityProvider: describe(record, false) };
  },

  async deleteCapacityProvider(input) {
    const managed = account.ecs.managedInstances.get(nameOf(input.capacityProvider ?? ""));
    if (managed !== undefined) return { capacityProvider: deleteManagedInstances(account, managed, input) };
    const record = find(account, input.capacityProvider);
    for (const cluster of account.ecs.clusters.values()) {
      const isDetaching = account.clock.now() < cluster.busyUntil && cluster.detaching.includes(record.name);
      const isUsed =
        isDetaching ||
        cluster.capacityProviders.includes(record.name) ||
        [...cluster.services.values()].some(
          ({ description }) =>
            description.status !== "INACTIVE" &&
            strategyUses(description.capacityProviderStrategy, [record.name]),
        );
      if (!isUsed) continue;
      // Not an error: the answer is 200, and the capacity provider stays ACTIVE.
      record.updateStatus = "DELETE_FAILED";
      record.updateStatusReason = `The capacity provider cannot be deleted because it is associated with cluster: ${cluster.name}. Remove the capacity provider from the cluster and try again.`;
      return { capacityProvider: describe(record, false) };
    }
    record.updateStatus = "DELETE_IN_PROGRESS";
    record.updateStatusReason = undefined;
    account.clock.schedule(durations.capacityProviderDeletion, () => {
      record.status = "INACTIVE";
      record.updateStatus = "DELETE_COMPLETE";
      if (account.ecs.capacityProviders.get(record.name) === record)
        account.ecs.capacityProviders.delete(record.name);
    });
    return { capacityProvider: describe(record, false) };
  },
});

const activeProviders = (account: Account): CapacityProviderRecord[] =>
  [...account.ecs.capacityProviders.values()].filter(({ status }) => status !== "INACTIVE");

function find(account: Account, nameOrArn: string | undefined): CapacityProviderRecord {
  const found = account.ecs.capacityProviders.get(nameOf(nameOrArn ?? ""));
  if (found === undefined)
    throw clientException(
      "The specified capacity provider does not exist. Specify a valid name or ARN and try again.",
    );
  if (found.updateStatus === "DELETE_IN_PROGRESS")
    throw new ServiceError("UpdateInProgressException", "The specified capacity provider is being deleted.");
  return found;
}

function set(account: Account, record: CapacityProviderRecord, settings: Settings): void {
  const { managedScaling, managedTerminationProtection: protection, managedDraining } = settings;
  const scaled =
    managedScaling === undefined ? record.targetCapacity !== undefined : managedScaling.status === "ENABLED";
  const target = managedScaling?.targetCapacity ?? record.targetCapacity ?? 100;
  if (target < 1 || target > 100) throw invalidParameter("targetCapacity must be between 1 and 100.");
  const isProtected = protection === undefined ? record.terminationProtection : protection === "ENABLED";
  if (isProtected && (!scaled || groupOf(account, record.groupArn)?.newInstancesProtected !== true))
    throw clientException(
      "The managed termination protection setting for the capacity provider is invalid. To enable managed termination protection for a capacity provider, the Auto Scaling group must have instance protection from scale in enabled.",
    );
  record.targetCapacity = scaled ? target : undefined;
  record.terminationProtection = isProtected;
  record.draining = managedDraining === undefined ? record.draining : managedDraining === "ENABLED";
}

const groupOf = (account: Account, arn: string | undefined) =>
  [...account.autoScaling.groups.values()].find((group) => group.arn === arn);

const describe = (record: CapacityProviderRecord, withTags: boolean): CapacityProvider => ({
  capacityProviderArn: record.arn,
  name: record.name,
  status: record.status,
  updateStatus: record.updateStatus,
  ...(record.updateStatusReason === undefined ? {} : { updateStatusReason: record.updateStatusReason }),
  autoScalingGroupProvider: {
    autoScalingGroupArn: record.groupArn,
    managedScaling: {
      status: record.targetCapacity === undefined ? "DISABLED" : "ENABLED",
      targetCapacity: record.targetCapacity ?? 100,
      minimumScalingStepSize: 1,
      maximumScalingStepSize: 10_000,
      instanceWarmupPeriod: 300,
    },
    managedTerminationProtection: record.terminationProtection ? "ENABLED" : "DISABLED",
    managedDraining: record.draining ? "ENABLED" : "DISABLED",
  },
  ...(withTags ? { tags: listTags(record.tags) } : {}),
});
