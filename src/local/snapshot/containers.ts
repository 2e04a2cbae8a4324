import type { Account } from "../core/account.js";
import { nameOf } from "../core/arn.js";
import { countTasks } from "../services/ecs/services/services.js";
import type { Cluster, Service } from "../services/ecs/state.js";

export function containersSnapshot({ ecs }: Account) {
  const clusters = [...ecs.clusters.values()].filter(({ status }) => status === "ACTIVE");
  return {
    clusters: Object.fromEntries(clusters.map((cluster) => [cluster.name, clusterSnapshot(cluster)])),
    services: Object.fromEntries(
      clusters.flatMap((cluster) =>
        [...cluster.services]
          .filter(([, { description }]) => description.status !== "INACTIVE")
          .map(([name, service]) => [`${cluster.name}/${name}`, serviceSnapshot(cluster, service)]),
      ),
    ),
    tasks: clusters.flatMap((cluster) =>
      [...cluster.tasks.values()]
        .filter(({ description }) => description.lastStatus !== "STOPPED")
        .map(({ description, serviceName }) => ({
          cluster: cluster.name,
          service: serviceName,
          taskDefinition: nameIn(description.taskDefinitionArn),
          lastStatus: description.lastStatus,
          desiredStatus: description.desiredStatus,
          launchType: description.launchType,
        })),
    ),
    taskDefinitions: Object.fromEntries(
      [...ecs.families.values()].flatMap(({ revisions }) =>
        revisions
          .filter(({ description }) => description.status !== "DELETE_IN_PROGRESS")
          .map(({ description, input, tags }) => [
            `${description.family}:${description.revision}`,
            {
              status: description.status,
              input: { ...input, tags: undefined },
              tags: Object.fromEntries(tags),
            },
          ]),
      ),
    ),
  };
}

const clusterSnapshot = (cluster: Cluster) => ({
  capacityProviders: [...cluster.capacityProviders].sort(),
  defaultStrategy: cluster.defaultStrategy,
  settings: cluster.settings,
  configuration: cluster.configuration,
  containerInstances: [...cluster.containerInstances.values()]
    .filter(({ status }) => status !== "INACTIVE")
    .map(({ status, agentConnected }) => `${status}${agentConnected ? "" : ", agent not connected"}`)
    .sort(),
  tags: Object.fromEntries(cluster.tags),
});

const serviceSnapshot = (cluster: Cluster, service: Service) => {
  countTasks(cluster, service);
  const { description, tags } = service;
  return {
    status: description.status,
    taskDefinition: nameIn(description.taskDefinition),
    desiredCount: description.desiredCount,
    runningCount: description.runningCount,
    pendingCount: description.pendingCount,
    launchType: description.launchType,
    capacityProviderStrategy: description.capacityProviderStrategy,
    loadBalancers: description.loadBalancers,
    networkConfiguration: description.networkConfiguration,
    deploymentConfiguration: description.deploymentConfiguration,
    healthCheckGracePeriodSeconds: description.healthCheckGracePeriodSeconds,
    placementStrategy: description.placementStrategy,
    enableExecuteCommand: description.enableExecuteCommand,
    ...(service.rollouts[0]?.connect !== undefined && {
      connectNames: service.rollouts[0].connect.known.map(({ dnsName, port }) => `${dnsName}:${port}`).sort(),
    }),
    deployments: description.deployments?.map(({ status, rolloutState }) => ({ status, rolloutState })),
    tags: Object.fromEntries(tags),
  };
};

const nameIn = (arn: string | undefined): string | undefined => arn && nameOf(arn);
