import type { Change } from "../../engine/plan.js";
import type { Kept } from "../../engine/remove.js";

/** What the user should know of a plan before it runs. */
export function planWarnings(changes: readonly Change[]): string[] {
  return changes.flatMap(({ action, resource, name, fields }) => {
    if (action === "replace") {
      return [
        `${resource} ${name} cannot be changed in place: deploy() will refuse; give it another name in the chain`,
      ];
    }
    if (action !== "update") return [];
    if (resource === "launch-template" && fields.some(({ path }) => !path.startsWith("tags."))) {
      return [
        `running instances keep their launch template version; only new ones of ${name} get the change`,
      ];
    }
    if (
      resource === "auto-scaling-group" &&
      fields.some(({ path, before, after }) => path === "max" && Number(after) < Number(before))
    ) {
      return [`a smaller maximum ends instances of ${name} that are running above it`];
    }
    return [];
  });
}

/** What is no longer described, and cannot go yet: it goes with the deploy of the last who holds on to it. */
export const heldWarning = ({ resource, name, why }: Kept): string =>
  `${resource} ${name} stays for now: ${why}`;
