import type { Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../../aws/error-code.js";
import { isNotFound } from "../../aws/not-found.js";
import type { RolloutSubject } from "./rollout-evidence.js";

/** The state of a rollout, as AWS reports it for this very deployment. */
export interface RolloutState {
  /** AWS's status: `IN_PROGRESS`, `SUCCESSFUL`, `ROLLBACK_IN_PROGRESS`, … */
  readonly status: string;
  readonly ended: "succeeded" | "failed" | undefined;
  readonly reason: string | undefined;
  /** ARN of the service deployment, if the endpoint supports service deployments. */
  readonly serviceDeployment: string | undefined;
  /** True if the service ran nothing before: there is nothing to roll back to. */
  readonly isFirst: boolean;
  /** True if ECS shifts the traffic, which takes its time in both directions. */
  readonly isShifted: boolean;
  /** AWS's stage of such a deployment: `SCALE_UP`, `PRODUCTION_TRAFFIC_SHIFT`, `BAKE_TIME`, `CLEAN_UP`, … */
  readonly stage: string | undefined;
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
  const found = await findServiceDeployment(rollout, service, isStale, context);
  if (found !== undefined) return stateOf(found);
  return stateByDeployments(rollout, service, isStale);
}

async function findServiceDeployment(
  { serviceName, clusterName, deploymentId }: WatchedRollout,
  { currentServiceDeployment: current }: Service,
  isStale: boolean,
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
    // A new service may be known to DescribeServices first. AWS has no such deployments of services whose
    // deployments another controller makes.
    if ((isStale && isNotFound(error)) || hasErrorCode(error, "UnsupportedFeatureException"))
      return undefined;
    if (!isUnsupportedOperation(error)) throw error;
    withoutServiceDeployments.add(cloud);
    return undefined;
  }
}

/**
 * True if ECS is about to roll back the release that the service describes: its traffic returns, and nothing of it will be
 * left. Only releases whose traffic ECS shifts are stopped by an earlier run that was ended.
 */
export async function isAboutToRollBack(
  { deploymentConfiguration, deployments = [], currentServiceDeployment: current }: Service,
  { aws }: AwsContext,
): Promise<boolean> {
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  const isShifted = (deploymentConfiguration?.strategy ?? "ROLLING") !== "ROLLING";
  if (!isShifted || primary?.rolloutState !== "IN_PROGRESS" || current === undefined) return false;
  const request = aws.ecs.describeServiceDeployments({ serviceDeploymentArns: [current] });
  const answer = await request.catch((error: unknown) => {
    if (isUnsupportedOperation(error)) return undefined;
    throw error;
  });
  return ["ROLLBACK_REQUESTED", "STOP_REQUESTED"].includes(answer?.serviceDeployments?.[0]?.status ?? "");
}

export function stateOf({
  status = "PENDING",
  statusReason,
  serviceDeploymentArn,
  sourceServiceRevisions = [],
  deploymentConfiguration,
  lifecycleStage,
}: ServiceDeployment): RolloutState {
  const failed = ["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(status);
  return {
    status,
    ended: status === "SUCCESSFUL" ? "succeeded" : failed ? "failed" : undefined,
    reason: statusReason,
    serviceDeployment: serviceDeploymentArn,
    isFirst: sourceServiceRevisions.length === 0,
    isShifted: (deploymentConfiguration?.strategy ?? "ROLLING") !== "ROLLING",
    stage: lifecycleStage,
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
    isFirst: false,
    isShifted: false,
    stage: undefined,
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

/** A rollout, identified by the deployment that quayside's own call returned. */
export interface WatchedRollout extends RolloutSubject {
  readonly deploymentId?: string | undefined;
  /** True if ECS shifts the traffic: the rollout is rolled back if the run ends before it. */
  readonly isShifted?: boolean | undefined;
  /**
   * The fields that the update changed. A new count, for example, begins no rollout: it is done once ECS
   * returns it and runs as many tasks.
   */
  readonly changedFields?: Partial<Service> | undefined;
}
