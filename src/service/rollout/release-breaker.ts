import type { Deployment, Service } from "@aws-sdk/client-ecs";
import type { RolloutEvidence } from "../../errors.js";
import type { Diagnosis } from "./cause.js";
import { diagnose } from "./diagnosis.js";

/**
 * The cause of a release whose traffic ECS shifts, and whose tasks have failed as often in a row as ECS's circuit breaker
 * allows: that is for rolling updates only. Source: ECS API reference, DeploymentCircuitBreaker; the threshold is that of
 * "How the Amazon ECS deployment circuit breaker detects failures".
 */
export function brokenRelease(
  { deploymentConfiguration, desiredCount = 0 }: Service,
  { failedTasks = 0 }: Deployment = {},
  evidence: RolloutEvidence,
): Diagnosis | undefined {
  const { strategy = "ROLLING", deploymentCircuitBreaker } = deploymentConfiguration ?? {};
  if (strategy === "ROLLING" || deploymentCircuitBreaker?.enable !== true) return undefined;
  const threshold = Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
  return failedTasks < threshold ? undefined : diagnose(evidence);
}
