import type { LoadBalancer } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { AwsContext } from "../aws/context.js";
import { OWNER_TAG } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange } from "../engine/kind.js";
import { elbTags } from "../load-balancer/elb-tags.js";
import { describeService } from "./describe-services.js";
import { watchRollout } from "./rollout/rollout.js";
import type { ServiceDesired } from "./service-desired.js";
import type { ServiceState } from "./service-state.js";

/*
 * How a service moves to another target group without losing a request: its tasks register in both, the
 * rules move, and only then do they leave the old one. Each step is a rollout.
 */

/**
 * The description with the target groups that the service is to leave later, and what of the changes is
 * left to do: a group that is not of the same owner is nobody's whose requests would have to be moved.
 */
export async function joinTargetGroups(
  desired: ServiceDesired,
  changes: readonly FieldChange[],
  context: AwsContext,
): Promise<{ readonly desired: ServiceDesired; readonly changes: readonly FieldChange[] }> {
  const [own] = desired.loadBalancers;
  if (own === undefined || !hasChanges(changes, "loadBalancers")) return { desired, changes };
  const service = await describeService(desired.cluster, desired.serviceName, context);
  const present = service?.loadBalancers ?? [];
  const others = present.flatMap(({ targetGroupArn: arn }) => arn ?? []).filter((arn) => !isIn(desired, arn));
  if (others.length === 0) return { desired, changes };

  const tags = await elbTags(others, context);
  const leaving = others.filter((arn) => tags.get(arn)?.[OWNER_TAG] === desired.tags[OWNER_TAG]);
  // New tasks register in the old group, too: with the container and the port that they have.
  const loadBalancers = [
    ...desired.loadBalancers,
    ...leaving.map((targetGroupArn) => ({ ...own, targetGroupArn })),
  ];
  const isThere = sameSet(loadBalancers, present);
  return {
    desired: { ...desired, loadBalancers },
    changes: isThere ? changes.filter(({ path }) => !path.startsWith("loadBalancers")) : changes,
  };
}

/** Takes a service out of target groups that no rule forwards to any more, and waits until its tasks are out. */
export async function leaveService(
  { clusterName, serviceName }: Pick<ServiceState, "clusterName" | "serviceName">,
  groups: readonly string[],
  context: AwsContext,
): Promise<void> {
  const found = await describeService(clusterName, serviceName, context);
  const before = found?.loadBalancers ?? [];
  const loadBalancers = before.filter(({ targetGroupArn }) => !groups.includes(targetGroupArn ?? ""));
  const isLeft = loadBalancers.length === before.length || loadBalancers.length === 0;
  const request = { cluster: clusterName, service: serviceName, loadBalancers };
  const service = isLeft ? found : (await context.aws.ecs.updateService(request)).service;
  const rollout = service?.deployments?.find(({ status }) => status === "PRIMARY");
  // It may have been asked to leave by a run that was cut short.
  if (service === undefined || (isLeft && rollout?.rolloutState === "COMPLETED")) return;
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
}

const isIn = ({ loadBalancers }: ServiceDesired, arn: string): boolean =>
  loadBalancers.some(({ targetGroupArn }) => targetGroupArn === arn);

const key = ({ targetGroupArn, containerName, containerPort }: LoadBalancer): string =>
  JSON.stringify([targetGroupArn, containerName, containerPort]);

const sameSet = (a: readonly LoadBalancer[], b: readonly LoadBalancer[]): boolean =>
  isDeepStrictEqual(a.map(key).sort(), b.map(key).sort());
