import type { Service } from "../state.js";

/**
 * The number of failed tasks at which the circuit breaker fails a deployment: half of the desired ones, but at
 * least 3 and at most 200.
 */
export const failureThreshold = ({ description }: Service): number =>
  Math.min(200, Math.max(3, Math.ceil((description.desiredCount ?? 0) / 2)));
