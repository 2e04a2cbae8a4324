import type { Change } from "../../engine/plan.js";
import type { Kept } from "../../engine/removal.js";
import { networkCosts } from "./network-costs.js";

/** The warnings that follow from the changes alone. */
export function planWarnings(changes: readonly Change[]): string[] {
  return [...ofChanges(changes), ...networkCosts(changes)];
}

function ofChanges(changes: readonly Change[]): string[] {
  return changes.flatMap(({ action, resource, name, fields }) => {
    if (action === "replace") {
      return [
        `${resource} ${name} cannot be changed in place: deploy() will fail. Use a different name in the chain`,
      ];
    }
    if (action !== "update") return [];
    if (resource === "launch-template" && fields.some(({ path }) => !path.startsWith("tags."))) {
      return [
        `running instances keep their launch template version: only new instances of ${name} get the change`,
      ];
    }
    if (
      resource === "auto-scaling-group" &&
      fields.some(({ path, before, after }) => path === "max" && Number(after) < Number(before))
    ) {
      return [`the lower maximum terminates running instances of ${name} that exceed it`];
    }
    return [];
  });
}

/** The warning for a resource that is kept until nothing refers to it: that deploy deletes it. */
export const blockedWarning = ({ resource, name, why }: Kept): string =>
  `${resource} ${name} is kept for now: ${why}`;
