import type {
  RegisterScalableTargetCommandInput,
  ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { SERVICE_COUNT } from "../aws/scalable-targets.js";

/**
 * The input that stops a scaled service and keeps it stopped. A count of 0 alone, below the target's minimum,
 * would be raised again by the next schedule or alarm; RegisterScalableTarget moves the count into the bounds
 * by itself.
 */
export const stopService = (ResourceId: string): RegisterScalableTargetCommandInput => ({
  ...SERVICE_COUNT,
  ResourceId,
  MinCapacity: 0,
  MaxCapacity: 0,
  SuspendedState: {
    DynamicScalingInSuspended: true,
    DynamicScalingOutSuspended: true,
    ScheduledScalingSuspended: true,
  },
});

/** True if the service was stopped this way. */
export const isStopped = ({ MaxCapacity, SuspendedState }: ScalableTarget): boolean =>
  MaxCapacity === 0 && SuspendedState?.ScheduledScalingSuspended === true;
