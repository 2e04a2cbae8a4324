import type { AwsContext } from "../../aws/context.js";
import { endedBy } from "../../engine/outcome.js";
import { AbortedError, TimeoutError, type QuaysideError, type RolloutEvidence } from "../../errors.js";
import { describeService } from "../describe-services.js";
import { diagnose } from "./diagnosis.js";
import { rolloutState, type WatchedRollout } from "./rollout-state.js";

/** What a wait saw last. */
export interface LastSeen {
  readonly running: number;
  readonly desired: number;
  readonly evidence: RolloutEvidence;
}

/**
 * The error of an interrupted wait: a timeout should have a cause. A release whose traffic ECS shifts is rolled back
 * first: for those, ECS has no circuit breaker that would end one that never becomes healthy.
 */
export async function interruptedRollout(
  subject: WatchedRollout,
  lastSeen: LastSeen | undefined,
  context: AwsContext,
): Promise<QuaysideError> {
  const error = withLastSeen(endedBy(context.signal.reason), lastSeen);
  const ending = subject.isShifted === true ? await rollBack(subject, context) : undefined;
  if (ending === undefined) return error;
  const details = { cause: error.cause ?? error, facts: { ...error.facts, ending }, fix: error.fix };
  const message = `${error.message}; ${ending}`;
  return error instanceof AbortedError
    ? new AbortedError(message, details)
    : new TimeoutError(message, details);
}

/** Asks ECS to roll the release back; returns how that went, `undefined` if there is nothing to roll back. */
async function rollBack(subject: WatchedRollout, context: AwsContext): Promise<string | undefined> {
  const { serviceName, clusterName } = subject;
  try {
    return await context.cleanUp(async (afterwards) => {
      const service = await describeService(clusterName, serviceName, afterwards);
      if (service === undefined) return undefined;
      const state = await rolloutState(subject, service, true, afterwards);
      const { serviceDeployment: arn, status, stage, isFirst } = state;
      // The new version has all of the traffic, and has baked: only the old one's tasks are left to stop.
      if (arn === undefined || isFirst || stage === "CLEAN_UP") return undefined;
      if (!["PENDING", "IN_PROGRESS"].includes(status)) return undefined;
      await afterwards.aws.ecs.stopServiceDeployment({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
      return `ECS rolls service ${serviceName} back to the previous version`;
    });
  } catch (error) {
    return `the release of service ${serviceName} could not be stopped: ${(error as Error).message}`;
  }
}

/** Adds the last snapshot to the error of a timeout. */
function withLastSeen(error: QuaysideError, lastSeen: LastSeen | undefined): QuaysideError {
  if (!(error instanceof TimeoutError) || lastSeen === undefined) return error;
  const { running, desired, evidence } = lastSeen;
  const { code, why, fix } = diagnose(evidence);
  return new TimeoutError(`${error.message}; ${running} of ${desired} tasks are running: ${why}`, {
    cause: error,
    facts: { ...error.facts, diagnosis: code, evidence },
    fix,
  });
}
