import type { Service as ServiceDescription, UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import type { Account } from "../../../core/account.js";
import { untilConsistent } from "../../../core/consistency.js";
import { checkRegistries } from "../registries/registry-validation.js";
import { checkConnect } from "../connect/connect-validation.js";
import { invalidParameter } from "../service-errors.js";
import type { Cluster, Service } from "../state.js";
import { startRollout } from "./rollouts.js";
import { scheduleReconcile } from "./schedule-reconcile.js";
import { withPublicIp } from "./service-create.js";
import { checkStrategy } from "./traffic-shift.js";
import { checkContainerPort, checkService, readTaskDefinition } from "./service-validation.js";

/**
 * Values that the call does not name stay. Some changes begin a deployment; others only affect the scheduler
 * from now on.
 */
export function updateService(
  account: Account,
  cluster: Cluster,
  service: Service,
  input: UpdateServiceCommandInput,
  before: ServiceDescription,
): void {
  const { description } = service;
  const current = service.rollouts[0]?.taskDefinition;
  const named =
    input.taskDefinition === undefined ? undefined : readNamed(account, service, input.taskDefinition);
  const definition = named ?? current;
  if (definition === undefined) throw invalidParameter("TaskDefinition can not be blank.");
  const next: ServiceDescription = {
    ...description,
    ...updatedFields(input),
    ...(input.deploymentConfiguration === undefined
      ? {}
      : {
          deploymentConfiguration: {
            ...withoutSteps(description.deploymentConfiguration, input.deploymentConfiguration),
            ...input.deploymentConfiguration,
          },
        }),
    ...(input.networkConfiguration === undefined
      ? {}
      : { networkConfiguration: withPublicIp(input.networkConfiguration) }),
  };
  if (input.capacityProviderStrategy !== undefined && input.capacityProviderStrategy.length > 0)
    delete next.launchType;
  // Without a strategy, the service returns to the launch type that it was created with, or to the default.
  if (input.capacityProviderStrategy?.length === 0 && next.launchType === undefined) {
    next.launchType = service.createdWith ?? "EC2";
  }
  // A target group that the service already uses is not validated again: it may have lost its rule in the
  // meantime.
  const checked = input.loadBalancers === undefined ? { ...next, loadBalancers: [] } : next;
  const grace =
    input.loadBalancers === undefined && next.loadBalancers?.length ? 0 : next.healthCheckGracePeriodSeconds;
  const volumeConfigurations = input.volumeConfigurations ?? [...service.volumeConfigurations];
  checkService(
    account,
    cluster,
    { ...checked, healthCheckGracePeriodSeconds: grace, volumeConfigurations },
    definition,
  );
  for (const loadBalancer of next.loadBalancers ?? [])
    checkContainerPort(definition.description, loadBalancer);

  if (input.serviceRegistries !== undefined || definition !== current)
    checkRegistries(account, next.serviceRegistries ?? [], definition.description);
  const connect = input.serviceConnectConfiguration ?? service.connect;
  const checkedConnect = checkConnect(account, description.serviceArn ?? "", connect, definition.description);
  checkStrategy(next.deploymentConfiguration, {
    loadBalancers: next.loadBalancers,
    hasEndpoints: (checkedConnect?.endpoints.length ?? 0) > 0,
  });

  const begins =
    input.forceNewDeployment === true ||
    definition !== current ||
    (input.platformVersion !== undefined && input.platformVersion !== description.platformVersion) ||
    !isDeepStrictEqual(volumeConfigurations, service.volumeConfigurations) ||
    !isDeepStrictEqual(connect, service.connect) ||
    !isDeepStrictEqual(next.networkConfiguration, description.networkConfiguration) ||
    !isDeepStrictEqual(next.loadBalancers, description.loadBalancers) ||
    !isDeepStrictEqual(next.serviceRegistries, description.serviceRegistries);
  Object.assign(description, structuredClone(next), {
    deployments: description.deployments,
    events: description.events,
  });
  service.volumeConfigurations = structuredClone(volumeConfigurations);
  service.connect = structuredClone(connect);
  if (next.launchType === undefined) delete description.launchType;
  // For a moment, DescribeServices still returns the previous state, with the old deployment as the only one.
  service.stale = {
    until: account.clock.now() + untilConsistent(account, "serviceVisible"),
    description: before,
  };
  service.isSteady = false;
  if (begins)
    startRollout(account, service, definition, { givesLoadBalancers: input.loadBalancers !== undefined });
  else scheduleReconcile(account, service);
}

/** Another strategy does not keep the steps of the one before. */
function withoutSteps(
  before: ServiceDescription["deploymentConfiguration"],
  { strategy }: NonNullable<UpdateServiceCommandInput["deploymentConfiguration"]>,
): ServiceDescription["deploymentConfiguration"] {
  if (before === undefined || strategy === undefined || strategy === before.strategy) return before;
  const { canaryConfiguration: _, linearConfiguration: __, ...others } = before;
  return others;
}

function readNamed(account: Account, service: Service, reference: string) {
  const current = service.rollouts[0]?.taskDefinition;
  // The revision in use may be named again, even if it was deregistered in the meantime.
  const { taskDefinitionArn = "" } = current?.description ?? {};
  if (reference === taskDefinitionArn || taskDefinitionArn.endsWith(`/${reference}`)) return current;
  return readTaskDefinition(account, reference);
}

const updatableFields = [
  "desiredCount",
  "capacityProviderStrategy",
  "availabilityZoneRebalancing",
  "placementConstraints",
  "placementStrategy",
  "platformVersion",
  "healthCheckGracePeriodSeconds",
  "enableExecuteCommand",
  "enableECSManagedTags",
  "loadBalancers",
  "propagateTags",
  "serviceRegistries",
] as const;

const updatedFields = (input: UpdateServiceCommandInput): ServiceDescription =>
  Object.fromEntries(
    updatableFields.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
