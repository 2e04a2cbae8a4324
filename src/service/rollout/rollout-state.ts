import type { Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { isUnsupportedOperation } from "../../aws/error-code.js";
import type { RolloutSubject } from "./rollout-evidence.js";

/** The state of a rollout, as AWS reports it for this very deployment. */
export interface RolloutState {
  /** AWS's status: `IN_PROGRESS`, `SUCCESSFUL`, `ROLLBACK_IN_PROGRESS`, … */
  readonly status: string;
  readonly ended: "succeeded" | "failed" | undefined;
  readonly reason: string | undefined;
  /** ARN of the service deployment, if the endpoint supports service deployments. */
  readonly serviceDeployment: string | undefined;
}

/** Endpoints without the service deployment operations: one call each finds this out. */
const withoutServiceDeployments = new WeakSet<object>();

/**
 * The state from ListServiceDeployments and DescribeServiceDeployments, or from the service's `deployments[]`
 * if the endpoint lacks these operations.
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
  // A service revision's ARN ends in the number of the deployment that created it.
  const isOfRollout = (revision: string | undefined) => revision?.endsWith(`/${number}`) ?? false;
  try {
    // The service names its current deployment, usually this one; after a rollback it is another.
    const named = current === undefined ? undefined : await describe(current);
    if (isOfRollout(named?.targetServiceRevision?.arn)) return named;
    const listed = await aws.ecs.listServiceDeployments({ cluster: clusterName, service: serviceName });
    const own = listed.serviceDeployments?.find((brief) => isOfRollout(brief.targetServiceRevisionArn));
    if (own?.serviceDeploymentArn === undefined) return undefined;
    return await describe(own.serviceDeploymentArn);
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
  const own = service.deployments?.find((deployment) => deployment.id === deploymentId);
  if (own === undefined) {
    if (isStale) return state("PENDING", undefined);
    return state(
      "STOPPED",
      "failed",
      "the deployment was replaced: AWS rolled it back, or another deploy took its place",
    );
  }
  if (own.rolloutState === "FAILED") return state("FAILED", "failed", own.rolloutStateReason);
  if (own.status !== "PRIMARY") return state("ROLLBACK_IN_PROGRESS", undefined, own.rolloutStateReason);
  if (own.rolloutState === "COMPLETED") return state("SUCCESSFUL", "succeeded");
  return state("IN_PROGRESS", undefined, own.rolloutStateReason);
}

/**
 * Stops a rollout that cannot succeed: AWS rolls back to the last successful revision. The first deployment
 * has none, and AWS's deployment circuit breaker stops its tasks. The run's timeout bounds the wait.
 *
 * @returns the result, for the error.
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
        ? "rolled back to the previous version"
        : (state?.status ?? "deleted");
    }
    await context.clock.sleep(6_000, context.signal);
  }
}

/** A rollout, identified by the deployment that quayside's own call returned. */
export interface WatchedRollout extends RolloutSubject {
  readonly deploymentId?: string | undefined;
  /**
   * The fields that the update changed. A new count, for example, begins no rollout: it is done once ECS
   * returns it and runs as many tasks.
   */
  readonly changedFields?: Partial<Service> | undefined;
}
