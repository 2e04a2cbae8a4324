import type { Account } from "../../../core/account.js";
import type { Rollout, Service } from "../state.js";
import { failureThreshold } from "./failure-threshold.js";
import { failRollout } from "./rollouts.js";
import { addEvent } from "./service-events.js";

/** Counts the failed tasks of a deployment in progress, and fails it at the threshold. */
export function checkBreaker(account: Account, service: Service, rollout: Rollout): void {
  const { deploymentCircuitBreaker: breaker, strategy = "ROLLING" } =
    service.description.deploymentConfiguration ?? {};
  // "The deployment circuit breaker can only be used for services using the rolling update": ECS API reference.
  if (strategy !== "ROLLING") return;
  const current = service.serviceDeployments.at(-1);
  if (breaker?.enable !== true || rollout.deployment.rolloutState !== "IN_PROGRESS") return;
  if (rollout !== service.rollouts[0]) return;
  const threshold = failureThreshold(service);
  const isTriggered = rollout.failures >= threshold;
  if (current !== undefined && current.rollback === undefined) {
    current.deploymentCircuitBreaker = {
      status: isTriggered ? "TRIGGERED" : "MONITORING",
      failureCount: rollout.failures,
      threshold,
    };
  }
  if (!isTriggered) return;
  addEvent(
    account,
    service,
    `(deployment ${rollout.deployment.id}) deployment failed: tasks failed to start.`,
  );
  failRollout(account, service, rollout, {
    rolloutReason: "ECS deployment circuit breaker: tasks failed to start.",
    reason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    rollback: breaker.rollback === true,
  });
}
