import type { Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { isUnsupportedOperation } from "../../aws/error-code.js";
import type { RolloutSubject } from "./rollout-evidence.js";

/** Where a rollout stands, by AWS's own word on this very deployment. */
export interface RolloutState {
  /** AWS's word: `IN_PROGRESS`, `SUCCESSFUL`, `ROLLBACK_IN_PROGRESS`, … */
  readonly status: string;
  readonly ended: "succeeded" | "failed" | undefined;
  readonly reason: string | undefined;
  /** ARN of the service deployment, where the endpoint knows such things. */
  readonly serviceDeployment: string | undefined;
}

/** Endpoints without the service deployment operations: asked once, then remembered. */
const withoutServiceDeployments = new WeakSet<object>();

/**
 * The state by ListServiceDeployments/DescribeServiceDeployments; by `deployments[]` of the service
 * where an endpoint lacks these operations.
 */
export async function rolloutState(
  rollout: WatchedRollout,
  service: Service,
  isStale: boolean,
  context: AwsContext,
): Promise<RolloutState> {
  const found = await findServiceDeployment(rollout, service, context);
  if (found !== undefined) return stateOf(found);
  return stateByDeployments(rollout, service, isStale);
}

async function findServiceDeployment(
  { serviceName, clusterName, deploymentId }: WatchedRollout,
  { currentServiceDeployment: current }: Service,
  { aws, cloud }: AwsContext,
): Promise<ServiceDeployment | undefined> {
  const number = deploymentId?.split("/").at(-1);
  if (number === undefined || withoutServiceDeployments.has(cloud)) return undefined;
  const describe = async (arn: string) => {
    const described = await aws.ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] });
    return described.serviceDeployments?.[0];
  };
  // A service revision's ARN ends in the number of the deployment that made it.
  const isOurs = (revision: string | undefined) => revision?.endsWith(`/${number}`) ?? false;
  try {
    // The service names the one that is under way, which mostly is ours; after a rollback it is another.
    const named = current === undefined ? undefined : await describe(current);
    if (isOurs(named?.targetServiceRevision?.arn)) return named;
    const listed = await aws.ecs.listServiceDeployments({ cluster: clusterName, service: serviceName });
    const ours = listed.serviceDeployments?.find((brief) => isOurs(brief.targetServiceRevisionArn));
    if (ours?.serviceDeploymentArn === undefined) return undefined;
    return await describe(ours.serviceDeploymentArn);
  } catch (error) {
    if (!isUnsupportedOperation(error)) throw error;
    withoutServiceDeployments.add(cloud);
    return undefined;
  }
}

function stateOf({
  status = "PENDING",
  statusReason,
  serviceDeploymentArn,
}: ServiceDeployment): RolloutState {
  const failed = ["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(status);
  return {
    status,
    ended: status === "SUCCESSFUL" ? "succeeded" : failed ? "failed" : undefined,
    reason: statusReason,
    serviceDeployment: serviceDeploymentArn,
  };
}

function stateByDeployments(
  { deploymentId }: WatchedRollout,
  service: Service,
  isStale: boolean,
): RolloutState {
  const state = (status: string, ended: RolloutState["ended"], reason?: string): RolloutState => ({
    status,
    ended,
    reason,
    serviceDeployment: undefined,
  });
  const ours = service.deployments?.find((deployment) => deployment.id === deploymentId);
  if (ours === undefined) {
    if (isStale) return state("PENDING", undefined);
    return state(
      "STOPPED",
      "failed",
      "the deployment was replaced: AWS rolled it back, or another deploy took its place",
    );
  }
  if (ours.rolloutState === "FAILED") return state("FAILED", "failed", ours.rolloutStateReason);
  if (ours.status !== "PRIMARY") return state("ROLLBACK_IN_PROGRESS", undefined, ours.rolloutStateReason);
  if (ours.rolloutState === "COMPLETED") return state("SUCCESSFUL", "succeeded");
  return state("IN_PROGRESS", undefined, ours.rolloutStateReason);
}

/**
 * Ends a rollout that cannot succeed: AWS goes back to the last revision that did. Without one (the
 * first deployment) there is nothing to go back to, and its tasks are AWS's breaker's to stop.
 *
 * @returns what became of it, for the error.
 */
export async function stopRollout({ serviceDeployment }: RolloutState, context: AwsContext): Promise<string> {
  if (serviceDeployment === undefined) return "left to AWS's deployment circuit breaker";
  try {
    await context.aws.ecs.stopServiceDeployment({
      serviceDeploymentArn: serviceDeployment,
      stopType: "ROLLBACK",
    });
  } catch (error) {
    return `it could not be stopped: ${(error as Error).message}`;
  }
  for (;;) {
    const described = await context.aws.ecs.describeServiceDeployments({
      serviceDeploymentArns: [serviceDeployment],
    });
    const state = described.serviceDeployments?.[0];
    if (state === undefined || stateOf(state).ended !== undefined) {
      return state?.status === "ROLLBACK_SUCCESSFUL"
        ? "rolled back to the version before"
        : (state?.status ?? "gone");
    }
    await context.clock.sleep(6_000, context.signal);
  }
}
/** A rollout is followed by the id of the deployment that our own call returned. */

export interface WatchedRollout extends RolloutSubject {
  readonly deploymentId?: string | undefined;
  /** What the update has changed. A new count, say, begins no rollout: it has come true when ECS shows it and runs it. */
  readonly asked?: Partial<Service> | undefined;
}
