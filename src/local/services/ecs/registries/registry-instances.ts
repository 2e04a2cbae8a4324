import type { ServiceRegistry } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { changed, deregister, register } from "../../service-discovery/instances.js";
import type { DiscoveryService } from "../../service-discovery/state.js";
import { addressOf, portAt, taskId } from "../connect/task-address.js";
import type { TaskRecord } from "../state.js";
import { healthOf } from "../tasks/container-health.js";

/*
 * Plain service discovery: ECS registers each task that runs with the Cloud Map service of its deployment, under the
 * task's ID, and deregisters it as soon as it begins to stop it.
 * Source: ECS Developer Guide, "Use service discovery to connect Amazon ECS services with DNS names".
 */

/** A task that runs is registered; until its health checks have passed, as unhealthy. */
export function joinRegistries(account: Account, task: TaskRecord): void {
  const health = (healthOf(task) ?? "HEALTHY") === "HEALTHY" ? "HEALTHY" : "UNHEALTHY";
  for (const { service, registry } of registriesOf(account, task)) {
    const present = service.instances.get(taskId(task));
    if (present?.health === health || present?.isLeaving === true) continue;
    register(account, service, taskId(task), attributesOf(account, task, registry), health);
  }
}

/** A task that stops is no longer found at once; Cloud Map counts it a while longer. */
export function leaveRegistries(account: Account, task: TaskRecord): void {
  for (const { service } of registriesOf(account, task)) {
    const instance = service.instances.get(taskId(task));
    if (instance === undefined) continue;
    instance.isLeaving = true;
    changed(account, service);
    account.clock.schedule(durations.instanceDeregistration, () => deregister(account, service, instance.id));
  }
}

function* registriesOf(
  { serviceDiscovery }: Account,
  task: TaskRecord,
): Iterable<{ readonly service: DiscoveryService; readonly registry: ServiceRegistry }> {
  for (const registry of task.rollout?.registries ?? []) {
    const service = serviceDiscovery.services.get(nameOf(registry.registryArn ?? ""));
    if (service !== undefined) yield { service, registry };
  }
}

function attributesOf(
  account: Account,
  task: TaskRecord,
  { containerName, containerPort, port }: ServiceRegistry,
): Record<string, string> {
  const known =
    containerName === undefined || containerPort === undefined
      ? port
      : portAt(task, { containerName, containerPort });
  return {
    AWS_INIT_HEALTH_STATUS: healthOf(task) === undefined ? "HEALTHY" : "UNHEALTHY",
    AWS_INSTANCE_IPV4: addressOf(account, task) ?? "127.0.0.1",
    ...(known !== undefined && { AWS_INSTANCE_PORT: String(known) }),
    AVAILABILITY_ZONE: task.description.availabilityZone ?? "",
    REGION: account.region,
    ECS_CLUSTER_NAME: task.clusterName,
    ECS_SERVICE_NAME: task.serviceName ?? "",
    ECS_TASK_DEFINITION_FAMILY: task.taskDefinition.description.family ?? "",
    ...(task.description.containerInstanceArn !== undefined && {
      EC2_INSTANCE_ID:
        account.ecs.clusters
          .get(task.clusterName)
          ?.containerInstances.get(task.description.containerInstanceArn)?.instanceId ?? "",
    }),
  };
}
