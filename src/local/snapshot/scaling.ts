import type { SuspendedState } from "@aws-sdk/client-application-auto-scaling";
import type { Account } from "../core/account.js";
import type { CapacityProviderState } from "./cloud-state.js";

/**
 * Scalable targets and groups, and what scales them. Random parts of names are left out, and so are states,
 * which change with the load.
 */
export function scalingSnapshot({ applicationAutoScaling, autoScaling, cloudWatch, ecs }: Account) {
  const { scalableTargets, policies, scheduledActions, tags } = applicationAutoScaling;
  return {
    scalableTargets: Object.fromEntries(
      [...scalableTargets].map(([id, { MinCapacity: min, MaxCapacity: max, SuspendedState }]) => [
        id,
        { min, max, suspended: suspendedNames(SuspendedState), tags: Object.fromEntries(tags.get(id) ?? []) },
      ]),
    ),
    scalingPolicies: Object.fromEntries([
      ...[...policies.values()].map(({ description }) => [
        `${description.ResourceId}/${description.PolicyName}`,
        {
          type: description.PolicyType,
          steps: description.StepScalingPolicyConfiguration,
          target: description.TargetTrackingScalingPolicyConfiguration,
        },
      ]),
      ...[...autoScaling.groups.values()].flatMap((group) =>
        [...group.policies.values()].map(({ description: { PolicyARN: _arn, ...description } }) => [
          `${group.name}/${description.PolicyName}`,
          description,
        ]),
      ),
    ]),
    scheduledActions: Object.fromEntries([
      ...[...scheduledActions].map(([key, { description: action }]) => [
        key,
        { schedule: action.Schedule, timezone: action.Timezone, action: action.ScalableTargetAction },
      ]),
      ...[...autoScaling.groups.values()].flatMap((group) =>
        [...group.scheduledActions].map(([name, { description: action }]) => [
          `${group.name}/${name}`,
          {
            recurrence: action.Recurrence,
            start: action.StartTime?.toISOString(),
            timezone: action.TimeZone,
            min: action.MinSize,
            max: action.MaxSize,
          },
        ]),
      ),
    ]),
    alarms: Object.fromEntries(
      [...cloudWatch.alarms.values()].map(({ description, tags: own, managed }) => [
        // The alarms of a service's several policies differ only in the random part.
        `${description.AlarmName?.replace(/-[0-9a-f]{32}$/, "")}${managed ? ` ${description.MetricName}` : ""}`,
        {
          metric: `${description.Namespace}/${description.MetricName}`,
          dimensions: description.Dimensions,
          comparison: description.ComparisonOperator,
          threshold: description.Threshold,
          period: description.Period,
          periods: description.EvaluationPeriods,
          actions: description.AlarmActions,
          tags: Object.fromEntries(own),
        },
      ]),
    ),
    capacityProviders: Object.fromEntries<CapacityProviderState>([
      ...[...ecs.capacityProviders.values()].map((provider): [string, CapacityProviderState] => [
        provider.name,
        {
          group: provider.groupName,
          targetCapacity: provider.targetCapacity,
          terminationProtection: provider.terminationProtection,
          draining: provider.draining,
          tags: Object.fromEntries(provider.tags),
        },
      ]),
      ...[...ecs.managedInstances.values()].map(
        ({ name, cluster, configuration, tags: own }): [string, CapacityProviderState] => [
          name,
          { cluster, managedInstances: configuration, tags: Object.fromEntries(own) },
        ],
      ),
    ]),
  };
}

const suspendedNames = (state: SuspendedState = {}): string[] =>
  Object.entries(state).flatMap(([name, isSuspended]) => (isSuspended === true ? [name] : []));
