import type {
  RegisterScalableTargetCommandInput,
  ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { SERVICE_COUNT } from "../aws/scalable-targets.js";

/**
 * Stops a service that is scaled, and keeps it stopped: a count of 0 alone, below the target's least,
 * would be raised again by the next schedule or alarm. RegisterScalableTarget takes the count to the
 * bounds by itself.
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

/** Whether that has been done to it. */
export const isStopped = ({ MaxCapacity, SuspendedState }: ScalableTarget): boolean =>
  MaxCapacity === 0 && SuspendedState?.ScheduledScalingSuspended === true;
