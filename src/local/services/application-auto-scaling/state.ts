import type { ScalableTarget } from "@aws-sdk/client-application-auto-scaling";

export interface ApplicationAutoScalingState {
  /** By resource id: `service/<cluster>/<service>`. */
  readonly scalableTargets: Map<string, ScalableTarget>;
}
