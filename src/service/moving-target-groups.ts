import type { LoadBalancer } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { AwsContext } from "../aws/context.js";
import { OWNER_TAG } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange } from "../engine/kind.js";
import { waitUntilSettled } from "../aws/unsettled-changes.js";
import { elbTags } from "../load-balancer/elb-tags.js";
import { describeService } from "./describe-services.js";
import { registeredWhileMoving, revokeTemporaryRules } from "./moving-ports.js";
import { watchRollout } from "./rollout/rollout.js";
import type { ServiceDesired } from "./service-desired.js";
import type { ServiceState } from "./service-state.js";

/*
 * A service moves to another target group without losing a request: its tasks register in both, the rules
 * move, and only then do the tasks leave the old one. Each step is a rollout.
 */

/**
 * The description with the target groups that the service leaves later, and the changes that remain. A group
 * of another owner is left at once: none of its requests have to be moved.
 */
export async function joinTargetGroups(
  desired: ServiceDesired,
  changes: readonly FieldChange[],
  context: AwsContext,
): Promise<{ readonly desired: ServiceDesired; readonly changes: readonly FieldChange[] }> {
  if (desired.loadBalancers.length === 0 || !hasChanges(changes, "loadBalancers"))
    return { desired, changes };
  const service = await describeService(desired.cluster, desired.serviceName, context);
  const present = service?.loadBalancers ?? [];
  const others = present
    .flatMap(({ targetGroupArn: arn }) => arn ?? [])
    .filter((arn) => !isRegisteredIn(desired, arn));
  if (others.length === 0) return { desired, changes };

  const tags = await elbTags(others, context);
  const leaving = others.filter((arn) => tags.get(arn)?.[OWNER_TAG] === desired.tags[OWNER_TAG]);
  const kept = present.filter(({ targetGroupArn }) => leaving.includes(targetGroupArn ?? ""));
  const loadBalancers = [...desired.loadBalancers, ...(await registeredWhileMoving(kept, desired, context))];
  const isRegistered = sameSet(loadBalancers, present);
  return {
    desired: { ...desired, loadBalancers },
    changes: isRegistered ? changes.filter(({ path }) => !path.startsWith("loadBalancers")) : changes,
  };
}

/**
 * Removes a service from target groups that no rule forwards to, and waits until its tasks are deregistered.
 */
export async function leaveService(
  { clusterName, serviceName }: Pick<ServiceState, "clusterName" | "serviceName">,
  groups: readonly string[],
  context: AwsContext,
): Promise<void> {
  const describe = () => describeService(clusterName, serviceName, context);
  let found = await describe();
  const isIn = (service: typeof found) =>
    service?.loadBalancers?.some(({ targetGroupArn }) => groups.includes(targetGroupArn ?? ""));
  // A run that was interrupted a moment ago may have attached it, and ECS not show that yet.
  if (isIn(found) === false && !(await waitUntilSettled(context))) found = await describe();
  const before = found?.loadBalancers ?? [];
  const loadBalancers = before.filter(({ targetGroupArn }) => !groups.includes(targetGroupArn ?? ""));
  const hasLeft = loadBalancers.length === before.length || loadBalancers.length === 0;
  const request = { cluster: clusterName, service: serviceName, loadBalancers };
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
        targetGroupArns: loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
      },
      context,
    );
  await revokeTemporaryRules(serviceName, context);
}

const isRegisteredIn = ({ loadBalancers }: ServiceDesired, arn: string): boolean =>
  loadBalancers.some(({ targetGroupArn }) => targetGroupArn === arn);

const key = ({ targetGroupArn, containerName, containerPort }: LoadBalancer): string =>
  JSON.stringify([targetGroupArn, containerName, containerPort]);

const sameSet = (a: readonly LoadBalancer[], b: readonly LoadBalancer[]): boolean =>
  isDeepStrictEqual(a.map(key).sort(), b.map(key).sort());
