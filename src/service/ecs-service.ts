import type { Service } from "@aws-sdk/client-ecs";
import { clusterName, serviceNames } from "../aws/arn.js";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, messageIncludes } from "../aws/error-code.js";
import { isNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { ownerOf } from "../aws/owner.js";
import { fromTags, HASH_TAG, toEcsTags } from "../aws/tags.js";
import { UNKNOWN, type Found, type Kind, type Tags } from "../engine/kind.js";
import { NETWORK_PARTS } from "../aws/network-parts.js";
import { poll } from "../engine/poll.js";
import { stableHash } from "../engine/stable-hash.js";
import { QuaysideError, TimeoutError } from "../errors.js";
import { anotherRun } from "./another-run.js";
import { capacityOf } from "./capacity-fields.js";
import { currentService } from "./current-service.js";
import { askBeforeDeletion, deleteService } from "./delete-service.js";
import { describeService, describeServices } from "./describe-services.js";
import { isAutoscaledByOthers } from "./is-autoscaled-by-others.js";
import { afterMove, createdService, joinTargetGroups } from "./moving-target-groups.js";
import { predecessorOf, waitForDraining } from "./predecessor.js";
import { currentRegistration, taskDefinitionArn } from "./reported-fields.js";
import { watchRollout } from "./rollout/rollout.js";
import { isAboutToRollBack } from "./rollout/rollout-state.js";
import { STOPPED_TAG } from "./rollout/stop-rollout.js";
import type { ServiceDesired } from "./service-desired.js";
import { FIRST_COUNT, serviceFields } from "./service-fields.js";
import { overriddenService, serviceCreateInput } from "./service-input.js";
import type { ServiceState } from "./service-state.js";
import { serviceUpdate } from "./service-update.js";
import { groupsOfService, rolesPropagated } from "./shifted-groups.js";

export type { ServiceDesired } from "./service-desired.js";

export const serviceKind: Kind<ServiceDesired, ServiceState, AwsContext> = {
  kind: "service",
  unknown: {
    arn: UNKNOWN,
    serviceName: UNKNOWN,
    clusterName: UNKNOWN,
    taskDefinition: UNKNOWN,
    deploymentId: UNKNOWN,
    startedAt: undefined,
    targetGroupArns: [],
    desiredCount: undefined,
  },
  changesOnUpdate: ["taskDefinition", "deploymentId"],

  async read(desired, context) {
    const service = await describeService(desired.cluster, desired.serviceName, context);
    // A draining service cannot be changed: a new one replaces it.
    if (service?.status !== "ACTIVE") return undefined;
    return {
      state: stateOf(service, runningRollout(service)),
      current: {
        ...currentService(service, desired, overriddenService(desired, context)),
        ...(await currentCount(service, desired, context)),
        capacity: capacityOf(service),
        ...(desired.networkInterface !== undefined && {
          networkInterface: currentInterface(service, desired),
        }),
        ...(desired.registration !== undefined && { registration: currentRegistration(service, desired) }),
        // A failed rollout that was not rolled back: there was no earlier version, or the circuit breaker is
        // off.
        rollout: (await isBroken(service, desired, context)) ? "failed" : "unbroken",
      },
      tags: fromTags(service.tags),
    };
  },

  async create(desired, context) {
    const created = await createdService(desired, context);
    const input = serviceCreateInput(created.desired);
    await rolesPropagated(input.loadBalancers, context);
    let startedAt = context.clock.now();
    const create = async (predecessor: number | undefined) => {
      startedAt = context.clock.now();
      const request = {
        ...input,
        // The same for the same request, so that a retry creates no second service; another one after a
        // deletion, because ECS would answer with the deleted service.
        clientToken: `quayside-${stableHash([input, predecessor])}`,
      };
      const answer = await context.aws.ecs.createService(request).catch(async (error: unknown) => {
        if (isTaken(error)) await assertNotCreatedMeanwhile(desired, context, error);
        throw error;
      });
      return answer.service;
    };
    let service = await create(await predecessorOf(desired, context));
    // Another run has created and deleted it since this one looked.
    if (service?.status === "DRAINING" || service?.status === "INACTIVE")
      service = await create(await waitForDraining(desired, context));
    return {
      ...stateOf(service ?? {}, { id: primaryOf(service ?? {})?.id, startedAt }),
      ...afterMove(created, desired, context),
    };
  },

  async update(desired, observed, changes, context) {
    const { state } = observed;
    const { [HASH_TAG]: hash, ...tags } = changedTags(desired, changes) ?? {};
    const setTags = async (set: Tags): Promise<unknown> =>
      Object.keys(set).length > 0 &&
      context.aws.ecs.tagResource({ resourceArn: state.arn, tags: toEcsTags(set) });
    // New tasks get the service's tags. The hash says that everything is as described: it comes last.
    const hashTag: Tags = hash === undefined ? {} : { [HASH_TAG]: hash };
    await setTags(tags);
    const moving = await joinTargetGroups(desired, changes, context);
    const update = serviceUpdate(overriddenService(moving.desired, context), moving.changes);
    const after = afterMove(moving, desired, context);
    if (update === undefined) {
      await setTags(hashTag);
      return { ...state, ...after };
    }
    await rolesPropagated(desired.loadBalancers, context);
    const wasStopped = STOPPED_TAG in observed.tags;
    // Stopped after its first rollout had failed: it starts with as many tasks as a new one.
    const { desiredCount = FIRST_COUNT } = serviceCreateInput(desired);
    const input = wasStopped ? { desiredCount, ...update } : update;
    const startedAt = context.clock.now();
    const { service } = await context.aws.ecs.updateService(input).catch((error: unknown) => {
      throw isNotFound(error) ? deletedMeanwhile(desired.serviceName, error) : error;
    });
    await setTags(hashTag);
    if (wasStopped) await context.aws.ecs.untagResource({ resourceArn: state.arn, tagKeys: [STOPPED_TAG] });
    // The answer has the rollout that the update began; a later read may still return the one before.
    const changedFields = Object.fromEntries(
      Object.entries(service ?? {}).filter(([field]) => field in input && field !== "taskDefinition"),
    );
    return {
      ...stateOf(service ?? {}, { id: primaryOf(service ?? {})?.id, startedAt }),
      ...after,
      changedFields,
    };
  },

  async ready(state, { deploymentConfiguration: { strategy } }, context) {
    const isRollingOut = state.deploymentId !== undefined || state.startedAt !== undefined;
    if (isRollingOut)
      await watchRollout(
        { ...state, isShifted: strategy !== undefined && state.afterMove === undefined },
        context,
      );
    return state;
  },

  delete: deleteService,
  askBeforeDeletion,

  immutable: ["cluster", "serviceName", "launchType", "capacity", "networkInterface"],
  dependsOn: [
    ...NETWORK_PARTS,
    "listener-rule",
    "listener",
    "target-group",
    "task-definition",
    "auto-scaling-group",
    "cluster-capacity-provider",
    "cluster",
    "namespace",
    "discovery-service",
    "iam-role",
    "log-group",
    "security-group",
    // Its tasks answer until they have drained.
    "security-group-rule",
  ],

  hashed: (desired) =>
    Object.fromEntries(
      serviceFields.map(([field, { hashed }]) => [field, hashed?.(desired[field] as never)]),
    ),

  alreadyExists: isTaken,

  async findOwned(owner, context) {
    const byCluster = new Map<string, string[]>();
    for (const { arn } of await ownedArns(context, owner, "ecs", "service/")) {
      const { cluster, service } = serviceNames(arn);
      byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), service]);
    }
    const services = await Promise.all(
      [...byCluster].map(([cluster, names]) => describeServices(cluster, names, context)),
    );
    return services.flat().flatMap((service): Found<ServiceState>[] => {
      if (service.status === "INACTIVE") return [];
      const state = stateOf(service, runningRollout(service));
      const { serviceName: name, clusterName: scope } = state;
      return [{ name, scope, state, tags: fromTags(service.tags) }];
    });
  },

  parentOwners: ({ state }) => [ownerOf.cluster(state.clusterName)],
};

/**
 * Whether its tasks have network interfaces of their own. A service without a load balancer can get them; one with a
 * load balancer would need target groups of two types at once, which ECS refuses.
 */
function currentInterface({ networkConfiguration }: Service, desired: ServiceDesired): "own" | "none" {
  if (networkConfiguration?.awsvpcConfiguration !== undefined) return "own";
  return desired.loadBalancers.length === 0 ? (desired.networkInterface ?? "none") : "none";
}

/** `desiredCount` is compared only if the chain sets it and no autoscaling of others changes it. */
async function currentCount(
  { desiredCount }: Service,
  desired: ServiceDesired,
  context: AwsContext,
): Promise<{ readonly desiredCount?: number | undefined }> {
  if (desired.desiredCount === undefined) return {};
  if (desired.desiredCount === desiredCount) return { desiredCount };
  if (desired.countIsMeant !== undefined) {
    const isEnough = desired.countIsMeant === "at-least" && (desiredCount ?? 0) > desired.desiredCount;
    return { desiredCount: isEnough ? desired.desiredCount : desiredCount };
  }
  return {
    desiredCount: (await isAutoscaledByOthers(desired, context)) ? desired.desiredCount : desiredCount,
  };
}

/** True if nothing will be left of the last rollout: another one has to begin. */
const isBroken = async (
  service: Service,
  { deploymentConfiguration: { strategy } }: ServiceDesired,
  context: AwsContext,
): Promise<boolean> =>
  hasFailed(service) || (strategy !== undefined && (await isAboutToRollBack(service, context)));

/** True if the last rollout failed, and ECS did not roll it back, or its tasks were stopped. */
const hasFailed = (service: Service): boolean =>
  primaryOf(service)?.rolloutState === "FAILED" || STOPPED_TAG in fromTags(service.tags);

const primaryOf = ({ deployments }: Service) => deployments?.find(({ status }) => status === "PRIMARY");

/** The rollout that has not completed: one that another run began, or that failed. */
function runningRollout(service: Service): Rollout {
  const primary = primaryOf(service);
  if (primary === undefined || primary.rolloutState === "COMPLETED")
    return { id: undefined, startedAt: undefined };
  return { id: primary.id, startedAt: primary.createdAt?.getTime() };
}

interface Rollout {
  readonly id: string | undefined;
  readonly startedAt: number | undefined;
}

function stateOf(service: Service, { id, startedAt }: Rollout): ServiceState {
  return {
    arn: service.serviceArn ?? "",
    serviceName: service.serviceName ?? "",
    clusterName: clusterName(service.clusterArn),
    taskDefinition: taskDefinitionArn(service),
    deploymentId: id,
    startedAt,
    desiredCount: service.desiredCount,
    targetGroupArns: groupsOfService(service),
  };
}

const deletedMeanwhile = (serviceName: string, cause: unknown): QuaysideError =>
  new QuaysideError(
    "service-gone",
    `Service ${serviceName} was not updated: it was deleted during the deployment`,
    { cause, fix: "Deploy again: the service is then created." },
  );

/** True if ECS has a service of that name from another request. */
function isTaken(error: unknown): boolean {
  return hasErrorCode(error, "InvalidParameterException") && messageIncludes(error, "not idempotent");
}

/**
 * Waits until ECS describes the service that another request has created: that of an earlier run is continued.
 *
 * @throws QuaysideError `another-run` if it was created since this run began
 */
async function assertNotCreatedMeanwhile(
  { cluster: clusterName, serviceName }: ServiceDesired,
  context: AwsContext,
  cause: unknown,
): Promise<void> {
  const what = `service ${serviceName} to be visible`;
  const service = await poll({ every: 2_000, timeout: 60_000, context, what }, () =>
    describeService(clusterName, serviceName, context),
  ).catch((error: unknown) => {
    if (error instanceof TimeoutError) return undefined;
    throw error;
  });
  if (context.isOfThisRun(service?.createdAt))
    throw await anotherRun({ clusterName, serviceName }, context, cause);
}
