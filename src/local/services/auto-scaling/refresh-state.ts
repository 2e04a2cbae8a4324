import type { AutoScalingGroup, InstanceRefresh } from "./state.js";

const ACTIVE: readonly (string | undefined)[] = [
  ...["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"],
];

/** The refresh or rollback of the group that has not ended. */
export const activeRefresh = (group: AutoScalingGroup): InstanceRefresh | undefined =>
  group.refreshes.find(({ status }) => ACTIVE.includes(status));
