import type { LoadBalancer } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { AwsContext } from "../aws/context.js";
import { OWNER_TAG } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange } from "../engine/kind.js";
import { waitUntilSettled } from "../aws/unsettled-changes.js";
import { elbTags } from "../load-balancer/elb-tags.js";
import { describeService } from "./describe-services.js";
import { rollingConfiguration } from "./ecs-blue-green.js";
import { registeredWhileMoving, revokeTemporaryRules } from "./moving-ports.js";
import { watchRollout } from "./rollout/rollout.js";
import type { ServiceDesired } from "./service-desired.js";
import type { ServiceState } from "./service-state.js";
import { overriddenService } from "./service-input.js";
import { groupsOfLoadBalancer, rolesPropagated, served, servingGroups } from "./shifted-groups.js";

/*
 * A service moves to another target group without losing a request: its tasks register in both, the rules
 * move, and only then do the tasks leave the old one. Each step is a rollout.
 */

export interface MovingService {
  readonly desired: ServiceDesired;
  readonly changes: readonly FieldChange[];
  /** True if the service becomes what is described only when it leaves its old target groups. */
  readonly isMoving?: boolean;
}

/**
 * The description with the target groups that the service leaves later, and the changes that remain. A group
 * of another owner is left at once: none of its requests have to be moved.
 */
export async function joinTargetGroups(
  desired: ServiceDesired,
  changes: readonly FieldChange[],
  context: AwsContext,
): Promise<MovingService> {
  if (desired.loadBalancers.length === 0 || !hasChanges(changes, "loadBalancers"))
    return { desired, changes };
  const service = await describeService(desired.cluster, desired.serviceName, context);
  const present = service?.loadBalancers ?? [];
  const leaving = await leavingGroups(present, desired, context);
  if (leaving.length === 0) {
    const { byOthers, servingFirst } = await served(desired.loadBalancers, context);
    if (!byOthers) return { desired: { ...desired, loadBalancers: servingFirst }, changes };
  }
  const kept = present.flatMap((each) =>
    groupsOfLoadBalancer(each)
      .filter((arn) => leaving.includes(arn))
      .map((targetGroupArn) => ({ ...each, targetGroupArn })),
  );
  const loadBalancers = [
    ...desired.loadBalancers,
    ...(await registeredWhileMoving(kept, desired, context)),
  ].map(asRolling);
  const moved = { ...desired, loadBalancers };
  const isRegistered = sameSet(loadBalancers, present);
  const remaining = isRegistered ? changes.filter(({ path }) => !path.startsWith("loadBalancers")) : changes;
  if (desired.deploymentConfiguration.strategy === undefined) return { desired: moved, changes: remaining };
  const path = "deploymentConfiguration";
  const { strategy: before = "ROLLING" } = service?.deploymentConfiguration ?? {};
  const others = remaining.filter((change) => change.path.split(".")[0] !== path);
  return {
    desired: asRollingService(moved),
    changes: before === "ROLLING" ? others : [...others, { path, before, after: "ROLLING" }],
    isMoving: true,
  };
}

/**
 * The description with which a service is created: while the listener sends to the target groups of the service that it
 * replaces, it has rolling updates.
 */
export async function createdService(
  desired: ServiceDesired,
  context: AwsContext,
): Promise<Pick<MovingService, "desired" | "isMoving">> {
  const { byOthers: isMoving } = await served(desired.loadBalancers, context);
  return { desired: isMoving ? asRollingService(desired) : desired, isMoving };
}

/** What the service becomes once the traffic has moved. */
export function afterMove(
  { isMoving }: Pick<MovingService, "isMoving">,
  desired: ServiceDesired,
  context: AwsContext,
): Pick<ServiceState, "afterMove"> {
  const { loadBalancers, deploymentConfiguration } = overriddenService(desired, context);
  return isMoving === true ? { afterMove: { loadBalancers, deploymentConfiguration } } : {};
}

/**
 * The service with rolling updates. ECS shifts the traffic between two target groups, and takes no third one: until the
 * traffic has left the old one, the service has those.
 */
const asRollingService = (desired: ServiceDesired): ServiceDesired => ({
  ...desired,
  loadBalancers: desired.loadBalancers.map(asRolling),
  deploymentConfiguration: rollingConfiguration(desired.deploymentConfiguration),
});

/** The target groups of this owner that the service is in and that it leaves; without those of two that get nothing. */
async function leavingGroups(
  present: readonly LoadBalancer[],
  desired: ServiceDesired,
  context: AwsContext,
): Promise<readonly string[]> {
  const left = (each: LoadBalancer) =>
    groupsOfLoadBalancer(each).filter((arn) => !isRegisteredIn(desired, arn));
  const all = present.filter((each) => left(each).length > 0);
  if (all.length === 0) return [];
  const tags = await elbTags(all.flatMap(left), context);
  const groups = await Promise.all(
    all.map(async (each) => {
      if (each.advancedConfiguration === undefined) return left(each);
      const serving = await servingGroups(each, context);
      return left(each).filter((arn) => serving.length === 0 || serving.includes(arn));
    }),
  );
  return groups.flat().filter((arn) => tags.get(arn)?.[OWNER_TAG] === desired.tags[OWNER_TAG]);
}

/** As a rolling update has it. */
function asRolling({ advancedConfiguration: _, ...others }: LoadBalancer): LoadBalancer {
  return others;
}

/**
 * Removes a service from target groups that no rule forwards to, and waits until its tasks are deregistered.
 */
export async function leaveService(
  {
    clusterName,
    serviceName,
    afterMove: after,
  }: Pick<ServiceState, "clusterName" | "serviceName" | "afterMove">,
  groups: readonly string[],
  context: AwsContext,
): Promise<void> {
  const describe = () => describeService(clusterName, serviceName, context);
  let found = await describe();
  const isIn = (service: typeof found) =>
    service?.loadBalancers?.some((each) => groupsOfLoadBalancer(each).some((arn) => groups.includes(arn)));
  // A run that was interrupted a moment ago may have attached it, and ECS not show that yet.
  if (isIn(found) === false && !(await waitUntilSettled(context))) found = await describe();
  const before = found?.loadBalancers ?? [];
  const kept = before.filter(({ targetGroupArn }) => !groups.includes(targetGroupArn ?? ""));
  const loadBalancers =
    after === undefined ? kept : (await served(after.loadBalancers, context)).servingFirst;
  const hasLeft = after === undefined && (kept.length === before.length || kept.length === 0);
  const request = { cluster: clusterName, service: serviceName, ...after, loadBalancers };
  if (!hasLeft) await rolesPropagated(loadBalancers, context);
  const service = hasLeft ? found : (await context.aws.ecs.updateService(request)).service;
  const rollout = service?.deployments?.find(({ status }) => status === "PRIMARY");
  // An interrupted run may have started this already.
  if (service !== undefined && !(hasLeft && rollout?.rolloutState === "COMPLETED"))
    await watchRollout(
      {
        serviceName,
        clusterName,
        taskDefinition: service.taskDefinition ?? "",
        deploymentId: rollout?.id,
        isShifted: after !== undefined,
        targetGroupArns: loadBalancers.flatMap(groupsOfLoadBalancer),
      },
      context,
    );
  await revokeTemporaryRules(serviceName, context);
}

const isRegisteredIn = ({ loadBalancers }: ServiceDesired, arn: string): boolean =>
  loadBalancers.some((each) => groupsOfLoadBalancer(each).includes(arn));

const key = (each: LoadBalancer): string =>
  JSON.stringify([groupsOfLoadBalancer(each), each.containerName, each.containerPort]);

const sameSet = (a: readonly LoadBalancer[], b: readonly LoadBalancer[]): boolean =>
  isDeepStrictEqual(a.map(key).sort(), b.map(key).sort());
