import type { ServiceDeployment, ServiceRevisionSummary } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { arnOf } from "../../../core/arn.js";
import type { Rollout, Service, TaskDefinitionRecord } from "../state.js";
import { checkConnect } from "../connect/connect-validation.js";
import { connectRollout } from "../connect/connect-endpoints.js";
import { failureThreshold } from "./failure-threshold.js";
import { scheduleReconcile } from "./schedule-reconcile.js";
import { addEvent } from "./service-events.js";
import { registeredIn, takeBackTraffic } from "./load-balancer-traffic.js";
import { newShift } from "./traffic-shift.js";
import { appendBounded, RECORDED } from "../../../core/append-bounded.js";

/**
 * Begins a deployment of what the service's description now says.
 *
 * @param begun - `givesLoadBalancers`: true if an update named the load balancers
 */
export function startRollout(
  account: Account,
  service: Service,
  taskDefinition: TaskDefinitionRecord,
  begun: { readonly givesLoadBalancers: boolean },
): Rollout {
  const { description } = service;
  const now = new Date(account.clock.now());
  const number = `1${Array.from({ length: 18 }, () => Math.floor(account.random() * 10)).join("")}`;
  const path = `${service.clusterName}/${description.serviceName}`;
  const revisionArn = arnOf(account, "ecs", `service-revision/${path}/${number}`);
  supersede(account, service);
  const breaker = description.deploymentConfiguration?.deploymentCircuitBreaker;
  const loadBalancers = structuredClone(description.loadBalancers ?? []);
  const registered = registeredIn(
    account,
    loadBalancers,
    description.deploymentConfiguration,
    begun.givesLoadBalancers,
  );
  const shift = newShift(service);
  const serviceDeployment: ServiceDeployment = {
    serviceDeploymentArn: arnOf(account, "ecs", `service-deployment/${path}/${account.hex(21)}`),
    serviceArn: description.serviceArn,
    clusterArn: description.clusterArn,
    createdAt: now,
    updatedAt: now,
    status: "PENDING",
    sourceServiceRevisions: service.rollouts.map((each) => summary(each, shift && 100)),
    targetServiceRevision: {
      arn: revisionArn,
      requestedTaskCount: description.desiredCount ?? 0,
      runningTaskCount: 0,
      pendingTaskCount: 0,
      ...(shift && { requestedProductionTrafficWeight: 0, requestedTestTrafficWeight: 0 }),
    },
    ...(shift && { lifecycleStage: "SCALE_UP" }),
    deploymentConfiguration: description.deploymentConfiguration,
    deploymentCircuitBreaker: {
      status: breaker?.enable === true ? "MONITORING" : "DISABLED",
      failureCount: 0,
      threshold: failureThreshold(service),
    },
  };
  const checked = checkConnect(
    account,
    description.serviceArn ?? "",
    service.connect,
    taskDefinition.description,
  );
  const connect =
    checked === undefined || service.connect === undefined
      ? undefined
      : connectRollout(account, service, structuredClone(service.connect), checked);
  const rollout: Rollout = {
    serviceDeployment,
    revisionArn,
    taskDefinition,
    loadBalancers,
    registered,
    networkConfiguration: structuredClone(description.networkConfiguration),
    volumeConfigurations: service.volumeConfigurations,
    registries: structuredClone(description.serviceRegistries ?? []),
    connect,
    shift,
    failures: 0,
    failuresInARow: 0,
    retryAt: 0,
    deployment: {
      id: `ecs-svc/${number}`,
      status: "PRIMARY",
      taskDefinition: taskDefinition.description.taskDefinitionArn,
      desiredCount: description.desiredCount ?? 0,
      pendingCount: 0,
      runningCount: 0,
      failedTasks: 0,
      createdAt: now,
      updatedAt: now,
      ...(description.launchType === undefined ? {} : { launchType: description.launchType }),
      ...(description.platformVersion === undefined ? {} : { platformVersion: description.platformVersion }),
      ...(description.networkConfiguration === undefined
        ? {}
        : { networkConfiguration: structuredClone(description.networkConfiguration) }),
      ...(service.volumeConfigurations.length > 0 && {
        volumeConfigurations: structuredClone([...service.volumeConfigurations]),
      }),
      ...(service.connect !== undefined && {
        serviceConnectConfiguration: structuredClone(service.connect),
      }),
      ...(connect !== undefined &&
        connect.endpoints.length > 0 && {
          serviceConnectResources: connect.endpoints.map(({ discoveryName, serviceId }) => ({
            discoveryName,
            discoveryArn: account.serviceDiscovery.services.get(serviceId)?.arn ?? "",
          })),
        }),
      rolloutState: "IN_PROGRESS",
      rolloutStateReason: `ECS deployment ecs-svc/${number} in progress.`,
    },
  };
  service.revisions.set(revisionArn, {
    serviceRevisionArn: revisionArn,
    serviceArn: description.serviceArn,
    clusterArn: description.clusterArn,
    taskDefinition: taskDefinition.description.taskDefinitionArn,
    createdAt: now,
    containerImages: (taskDefinition.description.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
    })),
    loadBalancers: structuredClone(description.loadBalancers ?? []),
    ...(registered.length > 0 && {
      resolvedConfiguration: {
        loadBalancers: registered.map(({ targetGroupArn, advancedConfiguration }) => ({
          targetGroupArn,
          ...(advancedConfiguration?.productionListenerRule !== undefined && {
            productionListenerRule: advancedConfiguration.productionListenerRule,
          }),
        })),
      },
    }),
    ...(service.connect !== undefined && {
      serviceConnectConfiguration: structuredClone(service.connect),
    }),
  });
  appendBounded(service.serviceDeployments, serviceDeployment, RECORDED.serviceDeployments);
  makePrimary(service, rollout);
  scheduleReconcile(account, service);
  return rollout;
}

/** A deployment that is still in progress ends when another one begins. */
function supersede(account: Account, service: Service): void {
  const current = service.serviceDeployments.at(-1);
  if (current === undefined || isFinished(current)) return;
  const [rollout] = service.rollouts;
  // RECONCILE_SERVICE: the revision that has been deployed before has all of the traffic again.
  if (rollout?.shift !== undefined && rollout.shift.stage !== "done" && service.lastCompleted !== undefined)
    takeBack(account, service, rollout);
  end(account, current, "STOPPED", "Service deployment stopped because a new deployment was started.");
}

function makePrimary(service: Service, rollout: Rollout): void {
  const { description, rollouts } = service;
  for (const other of rollouts) other.deployment.status = "ACTIVE";
  rollout.deployment.status = "PRIMARY";
  const others = rollouts.filter((other) => other !== rollout);
  rollouts.splice(0, rollouts.length, rollout, ...others);
  description.deployments = rollouts.map(({ deployment }) => deployment);
  description.taskDefinition = rollout.taskDefinition.description.taskDefinitionArn;
  description.loadBalancers = structuredClone([...rollout.loadBalancers]);
  description.serviceRegistries = structuredClone([...rollout.registries]);
  if (rollout.networkConfiguration !== undefined) {
    description.networkConfiguration = structuredClone(rollout.networkConfiguration);
  }
  // A rollback returns to the names that its tasks have.
  service.connect = structuredClone(rollout.deployment.serviceConnectConfiguration);
  service.isSteady = false;
}

/** Completes a deployment: every task is new and healthy, and the old ones have ended. */
export function completeRollout(account: Account, service: Service, rollout: Rollout): void {
  const { deployment } = rollout;
  if (deployment.rolloutState !== "IN_PROGRESS") return;
  deployment.rolloutState = "COMPLETED";
  deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
  deployment.updatedAt = new Date(account.clock.now());
  service.lastCompleted = rollout;
  addEvent(account, service, `(deployment ${deployment.id}) deployment completed.`);
  const current = service.serviceDeployments.at(-1);
  if (current === undefined || isFinished(current)) return;
  end(
    account,
    current,
    current.rollback === undefined ? "SUCCESSFUL" : "ROLLBACK_SUCCESSFUL",
    current.statusReason,
  );
}

export interface Failure {
  readonly rolloutReason: string;
  readonly reason: string;
  readonly rollback: boolean;
}

/**
 * Fails a deployment. It is rolled back to the last completed one, if rollback is on and there is one;
 * otherwise it stalls.
 */
export function failRollout(account: Account, service: Service, rollout: Rollout, failure: Failure): void {
  const current = rollback(service) ?? rollout.serviceDeployment;
  rollout.deployment.rolloutState = "FAILED";
  rollout.deployment.rolloutStateReason = failure.rolloutReason;
  rollout.deployment.updatedAt = new Date(account.clock.now());
  const candidate = service.lastCompleted;
  const isFirst = candidate === undefined || candidate === rollout;
  if (!isFirst) takeBack(account, service, rollout);
  else if (rollout.shift !== undefined) rollout.shift.stage = "taken-back";
  if (current.rollback !== undefined) return end(account, current, "ROLLBACK_FAILED", failure.reason);
  if (!failure.rollback)
    return end(
      account,
      current,
      "STOPPED",
      "Service deployment stopped because the circuit breaker threshold was exceeded.",
    );
  // A revision that was deregistered in the meantime cannot be deployed again.
  if (isFirst || candidate.taskDefinition.description.status !== "ACTIVE") {
    const none = "No rollback candidate was found to run the rollback.";
    const reason = rollout.shift === undefined ? none : `${failure.reason} ${none}`;
    return end(account, current, "ROLLBACK_FAILED", reason);
  }
  const now = new Date(account.clock.now());
  current.status = "ROLLBACK_IN_PROGRESS";
  current.statusReason = failure.reason;
  current.updatedAt = now;
  current.rollback = { reason: failure.reason, startedAt: now, serviceRevisionArn: candidate.revisionArn };
  Object.assign(candidate, { failures: 0, failuresInARow: 0, retryAt: 0 });
  candidate.deployment.failedTasks = 0;
  candidate.deployment.rolloutState = "IN_PROGRESS";
  candidate.deployment.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${candidate.deployment.id}`;
  candidate.deployment.updatedAt = now;
  addEvent(account, service, `rolling back to (deployment ${candidate.deployment.id}).`);
  makePrimary(service, candidate);
  scheduleReconcile(account, service);
}

/** The service deployment whose rollback is in progress. */
const rollback = (service: Service): ServiceDeployment | undefined => {
  const current = service.serviceDeployments.at(-1);
  return current?.status === "ROLLBACK_IN_PROGRESS" ? current : undefined;
};

export function end(
  account: Account,
  item: ServiceDeployment,
  status: NonNullable<ServiceDeployment["status"]>,
  reason: string | undefined,
): void {
  const now = new Date(account.clock.now());
  item.status = status;
  if (reason !== undefined) item.statusReason = reason;
  item.updatedAt = item.finishedAt = now;
  if (status === "STOPPED") item.stoppedAt = now;
  const breaker = item.deploymentCircuitBreaker;
  if (breaker?.status === "MONITORING") breaker.status = "MONITORING_COMPLETE";
}

const unfinished: readonly string[] = [
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
];

export const isFinished = ({ status }: ServiceDeployment): boolean => !unfinished.includes(status ?? "");

const summary = (
  { revisionArn, deployment }: Rollout,
  weight: number | undefined,
): ServiceRevisionSummary => ({
  arn: revisionArn,
  requestedTaskCount: deployment.desiredCount ?? 0,
  runningTaskCount: deployment.runningCount ?? 0,
  pendingTaskCount: deployment.pendingCount ?? 0,
  ...(weight !== undefined && { requestedProductionTrafficWeight: weight, requestedTestTrafficWeight: 0 }),
});

/** The traffic returns to the revision before; the tasks of this one are stopped after a while. */
function takeBack(account: Account, service: Service, rollout: Rollout): void {
  takeBackTraffic(account, rollout);
  const left = (rollout.shift?.heldUntil ?? 0) - account.clock.now();
  if (left > 0) account.clock.schedule(left, () => scheduleReconcile(account, service));
}
