import type { CreateServiceCommandInput, Service as ServiceDescription } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { Account } from "../../../core/account.js";
import { arnOf } from "../../../core/arn.js";
import { untilConsistent } from "../../../core/consistency.js";
import { serviceLinkedRoleIsUsable } from "../../iam/service-linked-role.js";
import { checkRegistries } from "../registries/registry-validation.js";
import { checkConnect } from "../connect/connect-validation.js";
import { isOnFargate } from "../clusters/capacity-providers.js";
import { findCluster } from "../clusters/clusters.js";
import { clusterNotFound, invalidParameter } from "../service-errors.js";
import type { Cluster, Service, TaskDefinitionRecord } from "../state.js";
import { readTags } from "../tags.js";
import { startRollout } from "./rollouts.js";
import { checkStrategy } from "./traffic-shift.js";
import { checkService, readTaskDefinition } from "./service-validation.js";

export function createService(
  account: Account,
  input: CreateServiceCommandInput,
): { cluster: Cluster; service: Service } {
  const name = input.serviceName ?? "";
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw invalidParameter("Service name must have 1 to 255 letters, digits, underscores and hyphens.");
  }
  const cluster = findCluster(account, input.cluster);
  if (account.clock.now() < cluster.visibleAt) throw clusterNotFound();
  if (input.clientToken !== undefined && !/^[\x21-\x7e]{1,36}$/.test(input.clientToken)) {
    throw invalidParameter("clientToken must have at most 36 ASCII characters.");
  }
  if (input.schedulingStrategy !== undefined && input.schedulingStrategy !== "REPLICA") {
    throw invalidParameter("The local cloud supports only the scheduling strategy REPLICA.");
  }
  if (input.deploymentController?.type !== undefined && input.deploymentController.type !== "ECS") {
    throw invalidParameter("The local cloud supports only the deployment controller ECS.");
  }
  if (input.desiredCount === undefined) throw invalidParameter("desiredCount can not be blank.");
  if (input.launchType !== undefined && (input.capacityProviderStrategy?.length ?? 0) > 0) {
    throw invalidParameter(
      "A capacity provider strategy cannot be specified when a launch type is specified.",
    );
  }
  const tags = readTags(input.tags);
  const existing = cluster.services.get(name);
  // The same request is answered with its service, also once that was deleted.
  const isRepeated = input.clientToken !== undefined && isDeepStrictEqual(existing?.input, input);
  if (existing !== undefined && isRepeated) return { cluster, service: existing };
  if (existing?.description.status === "ACTIVE") {
    throw invalidParameter("Creation of service was not idempotent.");
  }
  if (existing?.description.status === "DRAINING") {
    throw invalidParameter("Unable to Start a service that is still Draining.");
  }
  if (!serviceLinkedRoleIsUsable(account, "ecs.amazonaws.com")) {
    throw invalidParameter(
      "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
    );
  }
  const strategy = strategyOf(cluster, input);
  const definition = readTaskDefinition(account, input.taskDefinition);
  checkService(account, cluster, { ...input, capacityProviderStrategy: strategy }, definition);

  checkRegistries(account, input.serviceRegistries ?? [], definition.description);

  const serviceArn = arnOf(account, "ecs", `service/${cluster.name}/${name}`);
  const connect = checkConnect(
    account,
    serviceArn,
    input.serviceConnectConfiguration,
    definition.description,
  );
  checkStrategy(input.deploymentConfiguration, {
    loadBalancers: input.loadBalancers,
    hasEndpoints: (connect?.endpoints.length ?? 0) > 0,
  });

  const description = describe(account, cluster, input, strategy, definition);
  const service: Service = {
    clusterName: cluster.name,
    input: structuredClone(input),
    description,
    rollouts: [],
    lastCompleted: undefined,
    revisions: new Map(),
    serviceDeployments: [],
    tags,
    visibleAt: account.clock.now() + untilConsistent(account, "serviceVisible"),
    createdWith: description.launchType,
    stale: undefined,
    isSteady: false,
    connect: structuredClone(input.serviceConnectConfiguration),
    volumeConfigurations: structuredClone(input.volumeConfigurations ?? []),
  };
  cluster.services.set(name, service);
  startRollout(account, service, definition, { givesLoadBalancers: false });
  return { cluster, service };
}

/** Without a launch type and without its own strategy, a service uses the cluster's default strategy. */
const strategyOf = (cluster: Cluster, input: CreateServiceCommandInput) =>
  input.capacityProviderStrategy ?? (input.launchType === undefined ? cluster.defaultStrategy : []);

function describe(
  account: Account,
  cluster: Cluster,
  input: CreateServiceCommandInput,
  strategy: NonNullable<CreateServiceCommandInput["capacityProviderStrategy"]>,
  definition: TaskDefinitionRecord,
): ServiceDescription {
  const onFargate = input.launchType === "FARGATE" || isOnFargate(strategy);
  const {
    maximumPercent = 200,
    minimumHealthyPercent = 100,
    ...deployment
  } = input.deploymentConfiguration ?? {};
  const root = `arn:${account.partition}:iam::${account.accountId}`;
  return structuredClone({
    serviceArn: arnOf(account, "ecs", `service/${cluster.name}/${input.serviceName}`),
    serviceName: input.serviceName,
    clusterArn: cluster.arn,
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
    status: "ACTIVE",
    desiredCount: input.desiredCount ?? 0,
    runningCount: 0,
    pendingCount: 0,
    ...(strategy.length > 0
      ? { capacityProviderStrategy: strategy }
      : { launchType: input.launchType ?? "EC2" }),
    ...(onFargate ? { platformVersion: input.platformVersion ?? "LATEST", platformFamily: "Linux" } : {}),
    taskDefinition: definition.description.taskDefinitionArn ?? "",
    deploymentConfiguration: {
      ...deployment,
      deploymentCircuitBreaker: deployment.deploymentCircuitBreaker ?? { enable: false, rollback: false },
      maximumPercent,
      minimumHealthyPercent,
      strategy: deployment.strategy ?? "ROLLING",
      bakeTimeInMinutes: deployment.bakeTimeInMinutes ?? 0,
    },
    deployments: [],
    ...(input.loadBalancers?.length || input.serviceRegistries?.length || input.networkConfiguration
      ? { roleArn: `${root}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS` }
      : {}),
    events: [],
    createdAt: new Date(account.clock.now()),
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: (input.placementStrategy ?? []).map(({ type, field }) => ({
      ...(type === undefined ? {} : { type }),
      ...(field === undefined ? {} : { field: field === "host" ? "instanceId" : field }),
    })),
    ...(input.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: withPublicIp(input.networkConfiguration) }),
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    schedulingStrategy: "REPLICA",
    deploymentController: { type: "ECS" },
    createdBy: `${root}:root`,
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    propagateTags: input.propagateTags ?? "NONE",
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    // Rebalancing needs capacity for one more task: AWS only turns it on by default where maximumPercent allows
    // that.
    availabilityZoneRebalancing:
      input.availabilityZoneRebalancing ?? (maximumPercent > 100 ? "ENABLED" : "DISABLED"),
  } satisfies ServiceDescription);
}

export const withPublicIp = (
  configuration: NonNullable<CreateServiceCommandInput["networkConfiguration"]>,
): NonNullable<CreateServiceCommandInput["networkConfiguration"]> => {
  const { awsvpcConfiguration } = configuration;
  if (awsvpcConfiguration === undefined) return configuration;
  return { awsvpcConfiguration: { securityGroups: [], assignPublicIp: "DISABLED", ...awsvpcConfiguration } };
};
