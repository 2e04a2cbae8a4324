import type { Constraints } from "../constraint.js";

/** Of ECS, which checks its inputs itself: enumerations whose name is not the member's. */
export const ECS_CONSTRAINTS: Constraints = {
  "CreateCapacityProvider.propagateTags": { enum: "PropagateMITags" },
  "UpdateCapacityProvider.propagateTags": { enum: "PropagateMITags" },
};
