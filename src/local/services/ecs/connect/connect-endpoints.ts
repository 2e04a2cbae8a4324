import type { ServiceConnectConfiguration } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { durations } from "../../../core/durations.js";
import { deregister, register } from "../../service-discovery/instances.js";
import { servicesIn } from "../../service-discovery/lookups.js";
import { addService } from "../../service-discovery/services.js";
import type { ConnectAlias, ConnectedRollout, ConnectEndpoint, Service, TaskRecord } from "../state.js";
import { knownAliases } from "./connect-names.js";
import type { CheckedConnect } from "./connect-validation.js";
import { addressOf, taskId } from "./task-address.js";

/** Creates the Cloud Map services of a deployment that begins, and notes the names that its tasks know from now on. */
export function connectRollout(
  account: Account,
  service: Service,
  configuration: ServiceConnectConfiguration,
  { namespace, endpoints: described }: CheckedConnect,
): ConnectedRollout {
  const serviceArn = service.description.serviceArn ?? "";
  const endpoints = described.map((endpoint): ConnectEndpoint => {
    const present = servicesIn(account, namespace.id).find(({ name }) => name === endpoint.discoveryName);
    const { id } =
      present ??
      addService(account, {
        name: endpoint.discoveryName,
        namespaceId: namespace.id,
        tags: new Map([["AmazonECSManaged", "true"]]),
        ecsService: serviceArn,
      });
    return { ...endpoint, serviceId: id };
  });
  const own = endpoints.map(({ alias, serviceId, appProtocol }): ConnectAlias => ({
    ...alias,
    serviceId,
    appProtocol,
  }));
  const others = knownAliases(account, namespace.id, serviceArn);
  return { configuration, namespaceId: namespace.id, endpoints, known: [...others, ...own] };
}

/** A task that runs is registered with its endpoints: others find it from now on. */
export function joinEndpoints(account: Account, task: TaskRecord): void {
  for (const { serviceId, containerPort } of task.rollout?.connect?.endpoints ?? []) {
    const service = account.serviceDiscovery.services.get(serviceId);
    if (service === undefined) continue;
    const attributes = {
      AWS_INSTANCE_IPV4: addressOf(account, task) ?? "127.0.0.1",
      AWS_INSTANCE_PORT: String(containerPort),
      AvailabilityZone: task.description.availabilityZone ?? "",
      DEPLOYMENT_ID: task.rollout?.deployment.id ?? "",
      ECS_CLUSTER_NAME: task.clusterName,
      ECS_SERVICE_NAME: task.serviceName ?? "",
    };
    register(account, service, taskId(task), attributes, "HEALTHY");
  }
}

/** A task that stops is no longer found. */
export function leaveEndpoints(account: Account, task: TaskRecord): void {
  for (const { serviceId } of task.rollout?.connect?.endpoints ?? []) {
    const service = account.serviceDiscovery.services.get(serviceId);
    if (service !== undefined) deregister(account, service, taskId(task));
  }
}

/** Deletes the Cloud Map services that no deployment of the service has any more, some seconds later. */
export function releaseEndpoints(account: Account, service: Service): void {
  const { serviceArn } = service.description;
  const used = new Set(
    service.rollouts.flatMap(({ connect }) => connect?.endpoints.map(({ serviceId }) => serviceId) ?? []),
  );
  for (const each of account.serviceDiscovery.services.values()) {
    if (each.ecsService !== serviceArn || used.has(each.id) || each.isReleased === true) continue;
    each.isReleased = true;
    account.clock.schedule(durations.connectCleanup, () => account.serviceDiscovery.services.delete(each.id));
  }
}
