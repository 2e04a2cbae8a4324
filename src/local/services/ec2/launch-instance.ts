import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { durations } from "../../core/durations.js";
import { ServiceError } from "../../core/service-error.js";
import { checkLaunchTemplateData } from "./check-launch-template-data.js";
import { isFreeTierEligible, isOffered } from "./instance-types-table.js";
import { attachNetworkInterface, detachNetworkInterface } from "./network-interfaces.js";
import type { Instance, LaunchTemplateData } from "./state.js";

export interface LaunchRequest {
  readonly data: LaunchTemplateData;
  readonly subnetId: string;
  readonly autoScalingGroup?: string | undefined;
  readonly managedInstancesProvider?: string | undefined;
  /** Added to, and replacing, the tags of the launch template. */
  readonly tags?: ReadonlyMap<string, string> | undefined;
}

/**
 * Launches an instance as RunInstances does, with the same errors: it is `pending`, and `running` once it has
 * booted.
 */
export function launchInstance(account: Account, wanted: LaunchRequest): Instance {
  const { data } = wanted;
  checkLaunchTemplateData(account, data);
  const subnet = account.ec2.subnets.get(wanted.subnetId);
  if (subnet === undefined) {
    throw new ServiceError("InvalidSubnetID.NotFound", `The subnet ID '${wanted.subnetId}' does not exist`);
  }
  const type = data.InstanceType ?? "m1.small";
  checkPlace(type, subnet.zone);
  if (
    data.KeyName !== undefined &&
    ![...account.ec2.keyPairs.values()].some((key) => key.name === data.KeyName)
  ) {
    throw new ServiceError("InvalidKeyPair.NotFound", `The key pair '${data.KeyName}' does not exist`);
  }
  if (account.isOnFreePlan && !isFreeTierEligible(type)) {
    throw new ServiceError(
      "InvalidParameterCombination",
      "The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'.",
    );
  }
  const groupIds = securityGroupIds(account, data, subnet.vpcId);
  const card = attachNetworkInterface(account, {
    description: "",
    subnetId: subnet.id,
    groupIds,
    requester: account.accountId,
    isPublic: data.NetworkInterfaces?.[0]?.AssociatePublicIpAddress ?? subnet.mapsPublicIp,
  });
  const instance: Instance = {
    id: `i-${account.hex(17)}`,
    instanceType: type,
    imageId: data.ImageId ?? "",
    subnetId: subnet.id,
    zone: subnet.zone,
    privateIp: card.privateIp,
    groupIds,
    keyName: data.KeyName,
    profileName:
      data.IamInstanceProfile?.Name ?? (data.IamInstanceProfile?.Arn && nameOf(data.IamInstanceProfile.Arn)),
    userData: Buffer.from(data.UserData ?? "", "base64").toString(),
    autoScalingGroup: wanted.autoScalingGroup,
    managedInstancesProvider: wanted.managedInstancesProvider,
    launchedAt: new Date(account.clock.now()),
    networkInterfaceId: card.id,
    isSpot: data.InstanceMarketOptions?.MarketType === "spot",
    detailedMonitoring: data.Monitoring?.Enabled ?? false,
    tags: instanceTags(data, wanted.tags),
    state: "pending",
  };
  account.ec2.instances.set(instance.id, instance);
  boot(account, instance);
  return instance;
}

/** Sets `pending` at once, and `running` when the instance has booted. */
export function boot(account: Account, instance: Instance): void {
  instance.state = "pending";
  account.clock.schedule(durations.instanceBoot, () => {
    if (instance.state !== "pending") return;
    instance.state = "running";
    for (const listener of account.events.instanceRunning) listener(instance);
  });
}

/** Sets `stopping` at once, and `stopped` when the instance has shut down. */
export function stopInstance(account: Account, instance: Instance): void {
  instance.state = "stopping";
  for (const listener of account.events.instanceStopping) listener(instance);
  account.clock.schedule(durations.instanceStop, () => {
    if (instance.state === "stopping") instance.state = "stopped";
  });
}

/**
 * Sets `shutting-down` at once; when the instance is `terminated`, deletes its network interface and calls
 * `terminated`.
 */
export function terminateInstance(account: Account, id: string, terminated?: () => void): void {
  const instance = account.ec2.instances.get(id);
  if (instance === undefined) {
    throw new ServiceError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
  }
  if (instance.state === "shutting-down" || instance.state === "terminated") return;
  instance.state = "shutting-down";
  for (const listener of account.events.instanceShuttingDown) listener(instance);
  account.clock.schedule(durations.instanceShutdown, () => {
    instance.state = "terminated";
    detachNetworkInterface(account, instance.networkInterfaceId);
    terminated?.();
  });
}

/** Takes a Spot Instance back: its agent gets a notice, and two minutes later it is terminated. */
export function interruptInstance(account: Account, id: string): void {
  const instance = account.ec2.instances.get(id);
  if (instance?.isSpot !== true)
    throw new ServiceError("InvalidInstanceID.NotFound", `'${id}' is not a running Spot Instance`);
  for (const listener of account.events.instanceInterrupted) listener(instance);
  account.clock.schedule(durations.spotInterruptionNotice, () => terminateInstance(account, id));
}

function checkPlace(type: string, zone: string): void {
  if (!isOffered(type, zone)) {
    throw new ServiceError(
      "Unsupported",
      `Your requested instance type (${type}) is not supported in your requested Availability Zone (${zone}).`,
    );
  }
}

function securityGroupIds(account: Account, data: LaunchTemplateData, vpcId: string): string[] {
  const ids = data.NetworkInterfaces?.[0]?.Groups ?? data.SecurityGroupIds ?? [];
  if (ids.length === 0) {
    const fallback = [...account.ec2.securityGroups.values()].find(
      (group) => group.vpcId === vpcId && group.name === "default",
    );
    return fallback === undefined ? [] : [fallback.id];
  }
  for (const id of ids) {
    const owner = account.ec2.securityGroups.get(id)?.vpcId;
    if (owner !== vpcId) {
      throw new ServiceError(
        "InvalidParameter",
        `Security group ${id} and subnet belong to different networks.`,
      );
    }
  }
  return [...ids];
}

function instanceTags(
  data: LaunchTemplateData,
  over: ReadonlyMap<string, string> | undefined,
): Map<string, string> {
  const tags = new Map<string, string>();
  for (const specification of data.TagSpecifications ?? []) {
    if (specification.ResourceType !== "instance") continue;
    for (const tag of specification.Tags ?? []) tags.set(tag.Key ?? "", tag.Value ?? "");
  }
  for (const [key, value] of over ?? []) tags.set(key, value);
  return tags;
}
