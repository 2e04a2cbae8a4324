import type { Account } from "../../../core/account.js";
import { ServiceError } from "../../../core/service-error.js";
import type { Target } from "../../elb/state.js";
import { deregisterTarget, deregistrationDelay, registerTarget } from "../../elb/target-health.js";
import { deniedText } from "../services/load-balancer-traffic.js";
import { addEvent } from "../services/service-events.js";
import { serviceOf } from "../services/service-of.js";
import type { TaskRecord } from "../state.js";

/** Registers a task in the target groups of its service: by instance and host port, or by its own address. */
export function joinTargetGroups(account: Account, task: TaskRecord, changed: () => void): void {
  const service = serviceOf(account, task);
  for (const each of task.rollout?.registered ?? []) {
    const { targetGroupArn, containerName, containerPort, advancedConfiguration } = each;
    if (targetGroupArn === undefined) continue;
    const target = addressOf(account, task, containerName, containerPort);
    if (target === undefined) continue;
    task.targets.push({ groupArn: targetGroupArn, ...target });
    const denied =
      advancedConfiguration &&
      deniedText(
        account,
        advancedConfiguration.roleArn ?? "",
        "elasticloadbalancing:RegisterTargets",
        targetGroupArn,
        "ecs-service-scheduler",
      );
    if (denied !== undefined) {
      const why = `failed to register targets in target-group ${targetGroupArn.split("/")[1]} with (error ${denied})`;
      if (service) addEvent(account, service, why, "once");
      continue;
    }
    try {
      registerTarget(account, targetGroupArn, { ...target, changed });
      if (service) addEvent(account, service, `registered 1 targets in (target-group ${targetGroupArn})`);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // AWS allows deleting the target group of a service, whose deployment then never completes.
      const why = `failed to register targets in (target-group ${targetGroupArn}) with (error ${error.message})`;
      if (service) addEvent(account, service, why, "once");
    }
  }
}

/** Deregisters a task; returns how long it drains, in milliseconds. */
export function leaveTargetGroups(account: Account, task: TaskRecord): number {
  const service = serviceOf(account, task);
  let delay = 0;
  for (const { groupArn, id, port } of task.targets) {
    const group = account.elb.targetGroups.get(groupArn);
    const target = group?.targets.get(`${id}:${port}`);
    if (group === undefined || target === undefined) continue;
    if (target.state !== "unused") delay = Math.max(delay, deregistrationDelay(group));
    deregisterTarget(account, groupArn, { id, port });
    if (service) addEvent(account, service, `deregistered 1 targets in (target-group ${groupArn})`);
  }
  if (delay > 0 && service) addEvent(account, service, "has begun draining connections on 1 tasks.");
  return delay;
}

/** The targets of a task as the load balancers see them; `undefined` for an unknown one. */
export const targetsOf = (account: Account, task: TaskRecord): (Target | undefined)[] =>
  task.targets.map(({ groupArn, id, port }) =>
    account.elb.targetGroups.get(groupArn)?.targets.get(`${id}:${port}`),
  );

function addressOf(
  account: Account,
  task: TaskRecord,
  containerName: string | undefined,
  containerPort: number | undefined,
) {
  const { description, clusterName } = task;
  const container = description.containers?.find(({ name }) => name === containerName);
  const address = container?.networkInterfaces?.[0]?.privateIpv4Address;
  if (address !== undefined && containerPort !== undefined) return { id: address, port: containerPort };
  const instances = account.ecs.clusters.get(clusterName)?.containerInstances;
  const id = instances?.get(description.containerInstanceArn ?? "")?.instanceId;
  const port = container?.networkBindings?.find(
    (binding) => binding.containerPort === containerPort,
  )?.hostPort;
  return id === undefined || port === undefined ? undefined : { id, port };
}
