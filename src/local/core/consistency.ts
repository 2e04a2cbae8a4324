import type { Account } from "./account.js";
import { durations } from "./durations.js";

/** The delays after which a change is visible everywhere, since AWS is eventually consistent. */
type ConsistencyDelay =
  | "iamPropagation"
  | "rolePassable"
  | "roleAssumable"
  | "rolePolicies"
  | "serviceLinkedRole"
  | "autoScalingRole"
  | "securityGroupVisible"
  | "networkVisible"
  | "addressRelease"
  | "nameLinger"
  | "targetGroupAttachmentVisible"
  | "targetGroupInUseLinger"
  | "ruleChangeVisible"
  | "recordsInsync"
  | "certificateInUseLinger"
  | "clusterVisible"
  | "serviceVisible"
  | "serviceDeploymentsVisible"
  | "clusterUpdateVisible"
  | "logIngestion"
  | "logGroupConflict";

/** In milliseconds of AWS time: zero in an account whose changes are visible at once. */
export const untilConsistent = (
  { isConsistent }: Pick<Account, "isConsistent">,
  delay: ConsistencyDelay,
): number => (isConsistent ? 0 : durations[delay]);
