import type { UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange } from "../engine/kind.js";
import type { ServiceDesired } from "./service-desired.js";

const UPDATABLE = [
  "taskDefinition",
  "desiredCount",
  "capacityProviderStrategy",
  "networkConfiguration",
  "loadBalancers",
  "deploymentConfiguration",
  "healthCheckGracePeriodSeconds",
  "placementStrategy",
  "placementConstraints",
  "availabilityZoneRebalancing",
  "enableECSManagedTags",
  "propagateTags",
  "enableExecuteCommand",
] as const satisfies readonly (keyof ServiceDesired & keyof UpdateServiceCommandInput)[];

/** UpdateService with what changed and nothing else: it keeps every field that is not sent. */
export function serviceUpdate(
  desired: ServiceDesired,
  changes: readonly FieldChange[],
): UpdateServiceCommandInput | undefined {
  const fields = UPDATABLE.filter((field) => hasChanges(changes, field) && desired[field] !== undefined);
  // An empty strategy is how a service goes back to its launch type.
  const isBack =
    hasChanges(changes, "capacityProviderStrategy") && desired.capacityProviderStrategy === undefined;
  const isBroken = hasChanges(changes, "rollout");
  const isUnconstrained =
    hasChanges(changes, "placementConstraints") && !fields.includes("placementConstraints");
  if (fields.length === 0 && !isBroken && !isBack && !isUnconstrained) return undefined;
  return {
    cluster: desired.cluster,
    service: desired.serviceName,
    ...Object.fromEntries(fields.map((field) => [field, structuredClone(desired[field])])),
    // ECS takes a service out of its load balancer only together with its grace period.
    ...(fields.includes("loadBalancers") &&
      desired.loadBalancers.length === 0 && { healthCheckGracePeriodSeconds: 0 }),
    ...(isBack && { capacityProviderStrategy: [] }),
    ...(isUnconstrained && { placementConstraints: [] }),
    // Another way of getting capacity, or of being entered, is for new tasks only, and the same task definition once more
    // begins no rollout: these shall be new.
    ...((isBroken ||
      isBack ||
      fields.includes("capacityProviderStrategy") ||
      fields.includes("enableExecuteCommand")) && { forceNewDeployment: true }),
  };
}
