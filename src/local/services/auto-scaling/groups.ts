import type { AutoScalingGroup as Description, Filter } from "@aws-sdk/client-auto-scaling";
import type { AutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { serviceLinkedRole } from "../iam/service-linked-role.js";
import { removeWhenEmpty, scheduleCapacityCheck, terminateGroupInstance } from "./capacity.js";
import {
  checkBounds,
  checkDesired,
  describeConfiguration,
  requestedConfiguration,
  requestedSubnets,
  terminationPolicies,
} from "./group-settings.js";
import { attachTargetGroups } from "./group-target-groups.js";
import { setGroupTags } from "./group-tags.js";
import { activeRefresh } from "./refresh-state.js";
import { describeLaunched } from "./launch-data.js";
import { autoScalingPage, findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup } from "./state.js";

type Operations =
  | "createAutoScalingGroup"
  | "describeAutoScalingGroups"
  | "updateAutoScalingGroup"
  | "deleteAutoScalingGroup";

export function groups(account: Account): Pick<AutoScalingApi, Operations> {
  return {
    async createAutoScalingGroup(input) {
      requireAutoScaling(input, ["AutoScalingGroupName", "MinSize", "MaxSize"]);
      const { AutoScalingGroupName: name = "", MinSize: min = 0, MaxSize: max = 0 } = input;
      const desired = input.DesiredCapacity ?? min;
      if (name.length > 255 || !/^[\x20-\x39\x3b-\x7e]+$/.test(name)) {
        throw validationError(`The name '${name}' must be 1 to 255 printable characters without a colon.`);
      }
      checkBounds(min, max);
      checkDesired(desired, min, max);
      const configuration = requestedConfiguration(account, input);
      if (configuration === undefined)
        throw validationError(
          "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
        );
      const existing = account.autoScaling.groups.get(name);
      if (existing !== undefined) {
        const why = existing.deleting ? "is already pending deletion" : "already exists";
        throw new ServiceError(
          "AlreadyExists",
          `AutoScalingGroup by this name already exists - A group with the name ${name} ${why}`,
        );
      }
      const group: AutoScalingGroup = {
        name,
        arn: arnOf(account, "autoscaling", `autoScalingGroup:${account.hex(8)}:autoScalingGroupName/${name}`),
        createdAt: new Date(account.clock.now()),
        min,
        max,
        desired,
        launchTemplate: configuration,
        subnetIds: requestedSubnets(account, input),
        terminationPolicies: terminationPolicies(input.TerminationPolicies),
        newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? false,
        healthCheckType: input.HealthCheckType ?? "EC2",
        healthCheckGracePeriod: input.HealthCheckGracePeriod ?? 0,
        defaultCooldown: input.DefaultCooldown ?? 300,
        capacityRebalance: input.CapacityRebalance ?? false,
        instances: new Map(),
        refreshes: [],
        surplus: 0,
        tags: new Map(),
        activities: [],
        serviceLinkedRoleArn: input.ServiceLinkedRoleARN,
        failedLaunches: 0,
        nextCapacityCheck: undefined,
        deleting: false,
        suspended: new Set(),
        targetGroupArns: new Set(),
        policies: new Map(),
        scheduledActions: new Map(),
        cause: "",
      };
      setGroupTags(group, input.Tags ?? []);
      attachTargetGroups(account, group, input.TargetGroupARNs ?? []);
      // The first group of an account creates the role, and does not wait for it.
      if (group.serviceLinkedRoleArn === undefined) serviceLinkedRole(account, "autoscaling.amazonaws.com");
      account.autoScaling.groups.set(name, group);
      scheduleCapacityCheck(account, group);
      return {};
    },

    async describeAutoScalingGroups(input) {
      const names = input.AutoScalingGroupNames;
      const found = [...account.autoScaling.groups.values()]
        .filter((group) => names === undefined || names.length === 0 || names.includes(group.name))
        .filter((group) => (input.Filters ?? []).every((filter) => matches(group, filter)))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, nextToken } = autoScalingPage(found, input);
      return { AutoScalingGroups: items.map((group) => description(account, group)), NextToken: nextToken };
    },

    async updateAutoScalingGroup(input) {
      requireAutoScaling(input, ["AutoScalingGroupName"]);
      const group = findGroup(account, input.AutoScalingGroupName);
      if (group.deleting) {
        throw new ServiceError(
          "ScalingActivityInProgress",
          `AutoScalingGroup ${group.name} is pending deletion.`,
        );
      }
      const min = input.MinSize ?? group.min;
      const max = input.MaxSize ?? group.max;
      checkBounds(min, max);
      if (input.DesiredCapacity !== undefined) checkDesired(input.DesiredCapacity, min, max);
      const template = requestedConfiguration(account, input) ?? group.launchTemplate;
      if (template !== group.launchTemplate && activeRefresh(group)?.desired !== undefined)
        throw validationError(
          "An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.",
        );
      const moved = input.VPCZoneIdentifier !== undefined || input.AvailabilityZones !== undefined;
      group.subnetIds = moved ? requestedSubnets(account, input) : group.subnetIds;
      group.launchTemplate = template;
      group.min = min;
      group.max = max;
      // New bounds move the desired capacity within them.
      group.desired = Math.min(max, Math.max(min, input.DesiredCapacity ?? group.desired));
      group.newInstancesProtected = input.NewInstancesProtectedFromScaleIn ?? group.newInstancesProtected;
      if (input.TerminationPolicies !== undefined)
        group.terminationPolicies = terminationPolicies(input.TerminationPolicies);
      group.healthCheckType = input.HealthCheckType ?? group.healthCheckType;
      group.healthCheckGracePeriod = input.HealthCheckGracePeriod ?? group.healthCheckGracePeriod;
      group.capacityRebalance = input.CapacityRebalance ?? group.capacityRebalance;
      group.defaultCooldown = input.DefaultCooldown ?? group.defaultCooldown;
      scheduleCapacityCheck(account, group);
      return {};
    },

    async deleteAutoScalingGroup(input) {
      requireAutoScaling(input, ["AutoScalingGroupName"]);
      const group = findGroup(account, input.AutoScalingGroupName);
      if (group.deleting) return {};
      if (input.ForceDelete !== true && group.instances.size > 0) {
        throw new ServiceError(
          "ResourceInUse",
          "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
        );
      }
      if (input.ForceDelete !== true && group.activities.some(({ status }) => status === "InProgress")) {
        throw new ServiceError(
          "ScalingActivityInProgress",
          "You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.",
        );
      }
      group.deleting = true;
      group.nextCapacityCheck?.cancel();
      for (const { next } of group.scheduledActions.values()) next.cancel();
      group.min = group.max = group.desired = 0;
      for (const member of group.instances.values()) {
        if (member.lifecycle === "Terminating") continue;
        terminateGroupInstance(account, group, member, "The Auto Scaling group is being deleted.");
      }
      removeWhenEmpty(account, group);
      return {};
    },
  };
}

function matches(group: AutoScalingGroup, { Name: name = "", Values: values = [] }: Filter): boolean {
  if (name === "tag-key") return values.some((key) => group.tags.has(key));
  if (name === "tag-value") return [...group.tags.values()].some(({ value }) => values.includes(value));
  if (!name.startsWith("tag:")) throw validationError(`'${name}' is not a valid filter name.`);
  const tag = group.tags.get(name.slice("tag:".length));
  return tag !== undefined && values.includes(tag.value);
}

function description(account: Account, group: AutoScalingGroup): Description {
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...describeConfiguration(group.launchTemplate),
    ...(group.capacityRebalance ? { CapacityRebalance: true } : {}),
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.defaultCooldown,
    AvailabilityZones: [
      ...new Set(group.subnetIds.map((subnet) => account.ec2.subnets.get(subnet)?.zone ?? "")),
    ],
    VPCZoneIdentifier: group.subnetIds.join(","),
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGracePeriod,
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    CreatedTime: group.createdAt,
    LoadBalancerNames: [],
    TargetGroupARNs: [...group.targetGroupArns],
    SuspendedProcesses: [...group.suspended].map((ProcessName) => ({
      ProcessName,
      SuspensionReason: "User suspended at the request of the account",
    })),
    EnabledMetrics: [],
    TerminationPolicies: [...group.terminationPolicies],
    Instances: [...group.instances.values()].map((member) => ({
      InstanceId: member.id,
      InstanceType: account.ec2.instances.get(member.id)?.instanceType,
      AvailabilityZone: member.zone,
      LifecycleState: member.lifecycle,
      HealthStatus: "Healthy",
      ProtectedFromScaleIn: member.protected,
      ...describeLaunched(member),
    })),
    Tags: [...group.tags].map(([Key, { value, propagate }]) => ({
      Key,
      Value: value,
      PropagateAtLaunch: propagate,
      ResourceId: group.name,
      ResourceType: "auto-scaling-group",
    })),
    ...(group.deleting ? { Status: "Delete in progress" } : {}),
  };
}
