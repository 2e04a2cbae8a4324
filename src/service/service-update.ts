import type { UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange } from "../engine/kind.js";
import type { ServiceDesired } from "./service-desired.js";
import { serviceFields } from "./service-fields.js";

/** UpdateService with what changed and nothing else: it keeps every field that is not sent. */
export function serviceUpdate(
  desired: ServiceDesired,
  changes: readonly FieldChange[],
): UpdateServiceCommandInput | undefined {
  const sent = serviceFields.flatMap(([field, row]) => {
    const value: unknown = desired[field] ?? row.reset?.(desired);
    return row.update && hasChanges(changes, field) && value !== undefined
      ? [{ field, row, value: structuredClone(value) }]
      : [];
  });
  const isBroken = hasChanges(changes, "rollout") || hasChanges(changes, "registration");
  if (sent.length === 0 && !isBroken) return undefined;
  // An update with the same task definition begins no rollout.
  const forceNewDeployment = isBroken || sent.some(({ row }) => row.needsNewTasks);
  return {
    cluster: desired.cluster,
    service: desired.serviceName,
    ...Object.fromEntries(sent.map(({ field, value }) => [field, value])),
    ...Object.assign({}, ...sent.map(({ row, value }) => row.withUpdate?.(value as never, changes))),
    ...(forceNewDeployment && { forceNewDeployment }),
  };
}

/** True if the update replaces tasks. An update of nothing but settings of the service begins no rollout. */
export const beginsRollout = (changes: readonly Pick<FieldChange, "path">[]): boolean =>
  changes.some(({ path }) => {
    const [field] = path.split(".");
    const isOfNewTasks = serviceFields.some(([name, row]) => name === field && row.needsNewTasks === true);
    return ["taskDefinition", "rollout", "registration"].includes(field!) || isOfNewTasks;
  });
