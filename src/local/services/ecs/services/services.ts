import type * as Ecs from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { page } from "../../../core/page.js";
import { ServiceError } from "../../../core/service-error.js";
import { allServices } from "../connect/connect-names.js";
import { findCluster } from "../clusters/clusters.js";
import { badToken, clusterNotFound, invalidParameter, serviceNotFound } from "../service-errors.js";
import type { Cluster, Service } from "../state.js";
import { listTags } from "../tags.js";
import { scheduleReconcile } from "./schedule-reconcile.js";
import { tasksOf } from "./scheduler.js";
import { createService } from "./service-create.js";
import { updateService } from "./service-update.js";

type Handlers = Pick<
  EcsApi,
  | "createService"
  | "describeServices"
  | "listServices"
  | "listServicesByNamespace"
  | "updateService"
  | "deleteService"
>;

export const createServiceHandlers = (account: Account): Handlers => ({
  async createService(input) {
    const { cluster, service } = createService(account, input);
    return { service: describeService(cluster, service, ["TAGS"]) };
  },

  async describeServices(input) {
    const cluster = findCluster(account, input.cluster);
    const names = input.services ?? [];
    if (names.length === 0) throw invalidParameter("Services cannot be empty.");
    if (names.length > 10) throw invalidParameter("Services cannot have more than 10 elements");
    const services: Ecs.Service[] = [];
    const failures: Ecs.Failure[] = [];
    for (const name of names.map(nameOf)) {
      const service = cluster.services.get(name);
      if (service === undefined || account.clock.now() < service.visibleAt) {
        failures.push({ arn: arnOf(account, "ecs", `service/${cluster.name}/${name}`), reason: "MISSING" });
      } else if (service.stale !== undefined && account.clock.now() < service.stale.until) {
        services.push(structuredClone(service.stale.description));
      } else {
        services.push(describeService(cluster, service, input.include ?? []));
      }
    }
    return { services, failures };
  },

  async listServices(input) {
    const cluster = findCluster(account, input.cluster);
    const active = [...cluster.services.values()].filter(
      ({ description, visibleAt }) =>
        description.status === "ACTIVE" &&
        account.clock.now() >= visibleAt &&
        (input.launchType === undefined || description.launchType === input.launchType),
    );
    const size = input.maxResults ?? 10;
    if (size < 1 || size > 100) throw invalidParameter("maxResults must be between 1 and 100.");
    const { items, nextToken } = page(active, input.nextToken, size, badToken);
    return {
      serviceArns: items.map(({ description }) => description.serviceArn ?? ""),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  },

  async listServicesByNamespace({ namespace = "", nextToken: token, maxResults = 10 }) {
    const found = [...account.serviceDiscovery.namespaces.values()].find(
      ({ arn, name, isPending }) => !isPending && (arn === namespace || name === namespace),
    );
    if (found === undefined)
      throw new ServiceError("NamespaceNotFoundException", "The specified namespace wasn't found.");
    if (maxResults < 1 || maxResults > 100) throw invalidParameter("maxResults must be between 1 and 100.");
    const all = allServices(account).filter(({ rollouts }) =>
      rollouts.some(({ connect }) => connect?.namespaceId === found.id),
    );
    const { items, nextToken } = page(all, token, maxResults, badToken);
    return {
      serviceArns: items.map(({ description }) => description.serviceArn ?? ""),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  },

  async updateService(input) {
    const cluster = findCluster(account, input.cluster);
    const service = findService(cluster, input.service);
    if (service.description.status !== "ACTIVE") {
      throw new ServiceError("ServiceNotActiveException", "Service was not ACTIVE.");
    }
    const before = describeService(cluster, service, ["TAGS"]);
    updateService(account, cluster, service, input, before);
    return { service: describeService(cluster, service, ["TAGS"]) };
  },

  async deleteService(input) {
    const cluster = account.ecs.clusters.get(nameOf(input.cluster ?? "default"));
    if (cluster?.status !== "ACTIVE") throw clusterNotFound();
    const service = findService(cluster, input.service);
    const { description } = service;
    if (description.status === "INACTIVE") throw serviceNotFound();
    if (description.status === "ACTIVE") {
      if (input.force !== true && (description.desiredCount ?? 0) > 0) {
        throw invalidParameter("The service cannot be stopped while it is scaled above 0.");
      }
      if (input.force !== true && service.rollouts.length > 1) {
        throw invalidParameter("The service cannot be stopped while deployments are active.");
      }
      description.status = "DRAINING";
      description.desiredCount = 0;
      scheduleReconcile(account, service);
    }
    return { service: describeService(cluster, service, ["TAGS"]) };
  },
});

export function findService(cluster: Cluster, nameOrArn: string | undefined): Service {
  const service = cluster.services.get(nameOf(nameOrArn ?? ""));
  if (service === undefined) throw serviceNotFound();
  return service;
}

/** Computes the counts of a service's tasks anew, as they are each time that it is described. */
export function countTasks(cluster: Cluster, service: Service): void {
  const { description } = service;
  const tasks = tasksOf(cluster, service);
  const count = (statuses: readonly string[], deployment?: Ecs.Deployment) =>
    tasks.filter(
      (task) =>
        statuses.includes(task.description.lastStatus ?? "") &&
        (deployment === undefined || task.description.startedBy === deployment.id),
    ).length;
  description.runningCount = count(running);
  description.pendingCount = count(pending);
  for (const deployment of description.deployments ?? []) {
    deployment.runningCount = count(running, deployment);
    deployment.pendingCount = count(pending, deployment);
    const isPrimary = deployment.status === "PRIMARY";
    deployment.desiredCount = isPrimary
      ? (description.desiredCount ?? 0)
      : deployment.runningCount + deployment.pendingCount;
  }
  const current = service.serviceDeployments.at(-1)?.targetServiceRevision;
  const target = service.rollouts.find(({ revisionArn }) => revisionArn === current?.arn)?.deployment;
  if (current !== undefined && target !== undefined) {
    current.runningTaskCount = target.runningCount ?? 0;
    current.pendingTaskCount = target.pendingCount ?? 0;
  }
}

/** A copy of its description, with the counts of its tasks. */
function describeService(
  cluster: Cluster,
  service: Service,
  include: readonly Ecs.ServiceField[],
): Ecs.Service {
  countTasks(cluster, service);
  const { description } = service;
  const currentServiceDeployment = service.serviceDeployments.at(-1)?.serviceDeploymentArn;
  return {
    ...structuredClone(description),
    ...(currentServiceDeployment === undefined ? {} : { currentServiceDeployment }),
    ...(include.includes("TAGS") ? { tags: listTags(service.tags) } : {}),
  };
}

const running = ["RUNNING"];
const pending = ["PROVISIONING", "PENDING", "ACTIVATING"];
