import type { AwsContext } from "../../aws/context.js";
import { toEcsTags } from "../../aws/tags.js";
import type { RolloutSubject } from "./rollout-evidence.js";
import { stateOf, type RolloutState } from "./rollout-state.js";

/** The tag on a service whose first rollout failed, and whose tasks were stopped. */
export const STOPPED_TAG = "quayside:stopped";

const NOTHING_BEFORE = "this is the first version, and there is none to go back to";

const EVERY = 6_000;
const MINUTE = 60_000;
/** By then, the tasks of the previous version are healthy again, and the others have drained. */
const ROLLBACK_TIMEOUT = 10 * MINUTE;
/** With a Network Load Balancer, ECS waits for ten minutes before that. */
const SHIFTED_ROLLBACK_TIMEOUT = 30 * MINUTE;

/**
 * Stops a rollout that cannot succeed: AWS rolls back to the last successful revision. The first deployment of a
 * service has none (`StopServiceDeployment` needs one): its number of tasks is set to 0, so that ECS starts no more of
 * them.
 *
 * @param onStatus - called with AWS's status of the deployment while it is rolled back
 * @returns the result, for the error.
 */
export async function stopRollout(
  state: RolloutState,
  service: RolloutSubject & { readonly arn?: string | undefined },
  context: AwsContext,
  onStatus: (status: string) => void,
): Promise<string> {
  const { serviceDeployment, isFirst } = state;
  if (serviceDeployment === undefined) return "left to AWS's deployment circuit breaker";
  try {
    if (isFirst && service.arn !== undefined) return await stopTasks(service, service.arn, context);
    await context.aws.ecs.stopServiceDeployment({
      serviceDeploymentArn: serviceDeployment,
      stopType: "ROLLBACK",
    });
  } catch (error) {
    return `it could not be stopped: ${(error as Error).message}`;
  }
  const timeout = state.isShifted ? SHIFTED_ROLLBACK_TIMEOUT : ROLLBACK_TIMEOUT;
  return rolledBack(serviceDeployment, timeout, context, onStatus);
}

async function stopTasks(
  { clusterName: cluster, serviceName: service }: RolloutSubject,
  resourceArn: string,
  { aws }: AwsContext,
): Promise<string> {
  // The tag first: the next deploy starts the tasks again.
  await aws.ecs.tagResource({ resourceArn, tags: toEcsTags({ [STOPPED_TAG]: "first-rollout-failed" }) });
  await aws.ecs.updateService({ cluster, service, desiredCount: 0 });
  return `${NOTHING_BEFORE}: its tasks were stopped (desired count 0), and the next deploy starts them again`;
}

async function rolledBack(
  serviceDeployment: string,
  timeout: number,
  { aws, clock, signal }: AwsContext,
  onStatus: (status: string) => void,
): Promise<string> {
  const began = clock.now();
  for (;;) {
    const described = await aws.ecs.describeServiceDeployments({
      serviceDeploymentArns: [serviceDeployment],
    });
    const state = described.serviceDeployments?.[0];
    if (state === undefined || stateOf(state).ended !== undefined) {
      return state?.status === "ROLLBACK_SUCCESSFUL"
        ? "rolled back to the previous version"
        : (state?.status ?? "deleted");
    }
    if (clock.now() - began >= timeout)
      return `the rollback is still in progress after ${timeout / MINUTE} min (${state.status})`;
    onStatus(state.status ?? "ROLLBACK_REQUESTED");
    await clock.sleep(EVERY, signal);
  }
}

/** The result of a rollout that ECS itself has ended, in words; `undefined` if AWS says nothing of it. */
export function endingText({ status, isFirst, reason }: RolloutState): string | undefined {
  if (isFirst) return `${NOTHING_BEFORE}: ECS starts no more of its tasks`;
  const why = reason === undefined ? "" : `: ${reason.replace(OWN_WORDS, "").replace(/\.$/, "")}`;
  if (status === "ROLLBACK_SUCCESSFUL") return `rolled back to the previous version${why}`;
  if (status === "ROLLBACK_FAILED") return `the rollback to the previous version failed${why}`;
  return reason;
}

/** What ECS says of a rollback before its reason. */
const OWN_WORDS = /^Service deployment rolled back because /;
