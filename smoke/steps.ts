import type { Step } from "./step.js";
import {
  architecture,
  freshRoles,
  managedInstances,
  managedScaling,
  noPublicAddresses,
  refresh,
} from "./steps/clusters.js";
import { https, keepOld, stickyRelease } from "./steps/releases.js";
import { badTask, fargate, jobTwice, missingImage, secondRegion, spot } from "./steps/services.js";

/** In the order of doubt: what is cut off at the end of the hour is what is known best. */
export const STEPS: readonly Step[] = [
  fargate,
  jobTwice,
  badTask,
  freshRoles,
  stickyRelease,
  https,
  managedInstances,
  refresh,
  managedScaling,
  spot,
  missingImage,
  keepOld,
  architecture,
  secondRegion,
  noPublicAddresses,
];
