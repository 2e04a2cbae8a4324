import type { CapacityProviderStrategyItem } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { invalidParameter } from "../service-errors.js";
import type { ManagedInstancesRecord } from "../state.js";

/** The capacity providers that every account has. */
/** They exist in every account. */
export const FARGATE = ["FARGATE", "FARGATE_SPOT"];

export const isFargate = (provider: string | undefined): boolean => FARGATE.includes(provider ?? "");

export const isOnFargate = (strategy: readonly CapacityProviderStrategyItem[] | undefined): boolean =>
  strategy?.some(({ capacityProvider }) => isFargate(capacityProvider)) ?? false;

/** Validates a cluster's capacity providers, and its default strategy over them. */
export function checkStrategy(
  account: Account,
  providers: readonly string[],
  strategy: readonly CapacityProviderStrategyItem[],
  cluster?: string,
): void {
  for (const name of providers) {
    const managed = account.ecs.managedInstances.get(name);
    if (managed !== undefined) {
      checkManaged(managed, cluster);
      continue;
    }
    const own = account.ecs.capacityProviders.get(name);
    if (!isFargate(name) && (own?.status !== "ACTIVE" || own.updateStatus === "DELETE_IN_PROGRESS")) {
      throw invalidParameter(
        `The specified capacity provider '${name}' was not found. Specify a valid name or ARN and try again.`,
      );
    }
  }
  checkItems(providers, strategy);
}

/** ECS's words, from hashicorp/terraform-provider-aws #45693 and #44783. */
function checkManaged({ name, status, cluster: own }: ManagedInstancesRecord, cluster?: string): void {
  if (own !== cluster)
    throw invalidParameter(
      "Cannot associate Managed Instances capacity provider to clusters using this API. Managed Instances capacity providers are already associated with a cluster.",
    );
  if (status !== "ACTIVE")
    throw invalidParameter(
      `The specified capacity provider '${name}' is not in an ACTIVE state. Specify a valid capacity provider and try again.`,
    );
}

/** True if the strategy uses Managed Instances. */
export const isOnManagedInstances = (
  account: Account,
  strategy: readonly CapacityProviderStrategyItem[] | undefined,
): boolean =>
  strategy?.some(({ capacityProvider = "" }) => account.ecs.managedInstances.has(capacityProvider)) ?? false;

/** Validates the items of a strategy against the capacity providers of a cluster. */
export function checkItems(
  providers: readonly string[],
  strategy: readonly CapacityProviderStrategyItem[],
): void {
  for (const { capacityProvider = "", weight = 0, base = 0 } of strategy) {
    if (!providers.includes(capacityProvider)) {
      throw invalidParameter(
        "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.",
      );
    }
    if (weight < 0 || weight > 1000) throw invalidParameter("The weight must be between 0 and 1000.");
    if (base < 0 || base > 100000) throw invalidParameter("The base must be between 0 and 100000.");
  }
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1) {
    throw invalidParameter("Only one capacity provider in a strategy can have a base.");
  }
  if (strategy.length > 1 && strategy.every(({ weight = 0 }) => weight === 0)) {
    throw invalidParameter("At least one capacity provider must have a weight greater than zero.");
  }
}

export const strategyUses = (
  strategy: readonly CapacityProviderStrategyItem[] | undefined,
  names: readonly string[],
): boolean => strategy?.some(({ capacityProvider = "" }) => names.includes(capacityProvider)) ?? false;

/** The capacity provider of the next task, given the number of tasks of each: `base` first, then by weight. */
export function nextProvider(
  strategy: readonly CapacityProviderStrategyItem[],
  countOf: (provider: string) => number,
): string | undefined {
  const short = strategy.find(({ capacityProvider = "", base = 0 }) => countOf(capacityProvider) < base);
  if (short !== undefined) return short.capacityProvider;
  const weighted = strategy.filter(({ weight = 0 }) => weight > 0);
  const load = ({ capacityProvider = "", base = 0, weight = 1 }: CapacityProviderStrategyItem) =>
    (countOf(capacityProvider) - base) / weight;
  const candidates = weighted.length > 0 ? weighted : strategy;
  return [...candidates].sort((one, other) => load(one) - load(other))[0]?.capacityProvider;
}
