import type { World } from "../../../core/account.js";
import { Refusal } from "../../../core/service-error.js";
import type { Target } from "../../elb/state.js";
import { deregisterTarget, deregistrationDelay, registerTarget } from "../../elb/target-health.js";
import { addEvent } from "../services/service-events.js";
import { serviceOf } from "../services/service-of.js";
import type { TaskRecord } from "../state.js";

/** A task joins the target groups of its service: by instance and host port, or by its own address. */
export function joinTargetGroups(world: World, task: TaskRecord, changed: () => void): void {
  const service = serviceOf(world, task);
  for (const { targetGroupArn, containerName, containerPort } of task.rollout?.loadBalancers ?? []) {
    if (targetGroupArn === undefined) continue;
    const target = addressOf(world, task, containerName, containerPort);
    if (target === undefined) continue;
    task.targets.push({ groupArn: targetGroupArn, ...target });
    try {
      registerTarget(world, targetGroupArn, { ...target, changed });
      if (service) addEvent(world, service, `registered 1 targets in (target-group ${targetGroupArn})`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // AWS lets such a group be deleted under a service, whose deployment then never ends.
      const why = `failed to register targets in (target-group ${targetGroupArn}) with (error ${error.message})`;
      if (service) addEvent(world, service, why, "once");
    }
  }
}

/** Deregisters it; returns for how long it drains, in milliseconds. */
export function leaveTargetGroups(world: World, task: TaskRecord): number {
  const service = serviceOf(world, task);
  let delay = 0;
  for (const { groupArn, id, port } of task.targets) {
    const group = world.elb.targetGroups.get(groupArn);
    const target = group?.targets.get(`${id}:${port}`);
    if (group === undefined || target === undefined) continue;
    if (target.state !== "unused") delay = Math.max(delay, deregistrationDelay(group));
    deregisterTarget(world, groupArn, { id, port });
    if (service) addEvent(world, service, `deregistered 1 targets in (target-group ${groupArn})`);
  }
  if (delay > 0 && service) addEvent(world, service, "has begun draining connections on 1 tasks.");
  return delay;
}

/** Its targets as the load balancers see them; `undefined` for one that they do not know. */
export const targetsOf = (world: World, task: TaskRecord): (Target | undefined)[] =>
  task.targets.map(({ groupArn, id, port }) =>
    world.elb.targetGroups.get(groupArn)?.targets.get(`${id}:${port}`),
  );

function addressOf(
  world: World,
  task: TaskRecord,
  containerName: string | undefined,
  containerPort: number | undefined,
) {
  const { description, clusterName } = task;
  const container = description.containers?.find(({ name }) => name === containerName);
  const address = container?.networkInterfaces?.[0]?.privateIpv4Address;
  if (address !== undefined && containerPort !== undefined) return { id: address, port: containerPort };
  const instances = world.ecs.clusters.get(clusterName)?.containerInstances;
  const id = instances?.get(description.containerInstanceArn ?? "")?.instanceId;
  const port = container?.networkBindings?.find(
    (binding) => binding.containerPort === containerPort,
  )?.hostPort;
  return id === undefined || port === undefined ? undefined : { id, port };
}
