import type { Account } from "../../../core/account.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { ServiceError } from "../../../core/service-error.js";
import { launchInstance, terminateInstance } from "../../ec2/launch-instance.js";
import type { Instance } from "../../ec2/state.js";
import { roleAllows } from "../../iam/role-allows.js";
import { reconcileServices } from "../services/schedule-reconcile.js";
import type { Cluster, ContainerInstance, ManagedInstancesRecord, TaskRecord } from "../state.js";
import { failToStart } from "../tasks/task-containers.js";
import { isWaiting } from "../tasks/waiting-task.js";
import { tasksOn } from "./container-instance-resources.js";
import { drainInstance } from "./managed-draining.js";
import { instancesFor } from "./managed-instance-types.js";

/*
 * ECS Managed Instances: ECS launches instances for the tasks that wait, terminates those without tasks, and drains
 * those that are two weeks old. Source: ECS Developer Guide, "Amazon ECS Managed Instances", "Patching".
 */

/** The tasks of a capacity provider wait: ECS launches instances for them. */
export function launchForWaiting(account: Account, cluster: Cluster): void {
  const names = new Set(
    [...cluster.tasks.values()].filter(isWaiting).map(({ description }) => description.capacityProviderName),
  );
  for (const name of names) {
    const provider = account.ecs.managedInstances.get(name ?? "");
    if (provider !== undefined) scheduleLaunch(account, cluster, provider, durations.managedInstanceLaunch);
  }
}

function scheduleLaunch(
  account: Account,
  cluster: Cluster,
  provider: ManagedInstancesRecord,
  delay: number,
): void {
  if (provider.isLaunching) return;
  provider.isLaunching = true;
  account.clock.schedule(delay, () => {
    provider.isLaunching = false;
    launch(account, cluster, provider);
  });
}

function launch(account: Account, cluster: Cluster, provider: ManagedInstancesRecord): void {
  const waiting = waitingFor(cluster, provider);
  // The tasks are placed on the instances that boot; what does not fit there waits for the next ones.
  if (provider.status !== "ACTIVE" || waiting.length === 0 || booting(account, cluster, provider)) return;
  const { launched, unplaced } = instancesFor(account, cluster, provider, waiting);
  for (const task of unplaced)
    fail(account, task, "no instance type meets the instance requirements of the capacity provider");
  try {
    for (const wanted of launched) start(account, cluster, provider, wanted);
    provider.failingSince = undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const now = account.clock.now();
    provider.failingSince ??= now;
    if (now - provider.failingSince >= durations.managedInstancePatience)
      for (const task of waitingFor(cluster, provider))
        fail(account, task, `${error.name}: ${error.message}`);
    scheduleLaunch(account, cluster, provider, durations.managedInstanceRetry);
  }
}

const waitingFor = (cluster: Cluster, { name }: ManagedInstancesRecord): TaskRecord[] =>
  [...cluster.tasks.values()].filter(
    (task) => isWaiting(task) && task.description.capacityProviderName === name,
  );

const instancesOf = (account: Account, { name }: ManagedInstancesRecord): Instance[] =>
  [...account.ec2.instances.values()].filter(
    ({ managedInstancesProvider, state }) => managedInstancesProvider === name && state !== "terminated",
  );

const booting = (account: Account, cluster: Cluster, provider: ManagedInstancesRecord): boolean =>
  instancesOf(account, provider).some(
    ({ id, state }) =>
      state !== "shutting-down" &&
      ![...cluster.containerInstances.values()].some(({ instanceId }) => instanceId === id),
  );

const fail = (account: Account, task: TaskRecord, reason: string): void =>
  failToStart(
    account,
    task,
    `ResourceInitializationError: Unable to launch instance(s) for capacity provider ${task.description.capacityProviderName}. ${reason}`,
  );

function start(
  account: Account,
  cluster: Cluster,
  provider: ManagedInstancesRecord,
  { type, subnetId, imageId }: ReturnType<typeof instancesFor>["launched"][number],
): void {
  const { infrastructureRoleArn, instanceLaunchTemplate: template, propagateTags } = provider.configuration;
  const profile = [...account.iam.instanceProfiles.values()].find(
    ({ arn }) => arn === template?.ec2InstanceProfileArn,
  );
  const role = account.iam.roles.get(profile?.roleName?.toLowerCase() ?? "");
  for (const [action, resource] of [
    ["ec2:RunInstances", "*"],
    ["ec2:CreateFleet", "*"],
    ["iam:PassRole", role?.arn ?? "*"],
  ] as const)
    if (
      !roleAllows(account, infrastructureRoleArn, action, resource, {
        "iam:PassedToService": "ec2.amazonaws.com",
      })
    )
      throw new ServiceError(
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. ${infrastructureRoleArn} is not authorized to perform: ${action} on resource: ${resource}`,
      );
  const instance = launchInstance(account, {
    data: {
      ImageId: imageId,
      InstanceType: type as "m5.large",
      IamInstanceProfile: { Arn: template?.ec2InstanceProfileArn ?? "" },
      SecurityGroupIds: [...(template?.networkConfiguration?.securityGroups ?? [])],
      Monitoring: { Enabled: template?.monitoring === "DETAILED" },
      ...(template?.capacityOptionType === "SPOT" && { InstanceMarketOptions: { MarketType: "spot" } }),
    },
    subnetId,
    managedInstancesProvider: provider.name,
    tags: new Map([
      ["AmazonECSManaged", "true"],
      ...(propagateTags === "CAPACITY_PROVIDER" ? provider.tags : []),
    ]),
  });
  account.clock.schedule(durations.managedInstanceRegistration, () => {
    const isRegistered = [...cluster.containerInstances.values()].some(
      ({ instanceId }) => instanceId === instance.id,
    );
    if (isRegistered || instance.state !== "running") return;
    terminateInstance(account, instance.id, () => finishRemoval(account, provider));
    launchForWaiting(account, cluster);
  });
}

/** An instance has registered: ECS terminates it when it has no tasks, and drains it after two weeks. */
export function superviseManagedInstance(
  account: Account,
  cluster: Cluster,
  instance: ContainerInstance,
): void {
  noteIdle(account, cluster, instance);
  account.clock.schedule(durations.managedInstanceDrain, () => retire(account, cluster, instance));
  account.clock.schedule(durations.managedInstanceMaximum, () => terminate(account, instance));
}

const idleSince = new WeakMap<ContainerInstance, number>();

/** An instance may have no tasks any more: it is terminated if it gets none for a while. */
export function noteIdle(account: Account, cluster: Cluster, instance: ContainerInstance): void {
  const provider = account.ecs.managedInstances.get(instance.capacityProvider ?? "");
  const seconds = provider?.configuration.infrastructureOptimization?.scaleInAfter;
  if (provider === undefined || instance.isManaged !== true || seconds === -1) return;
  if (tasksOn(cluster, instance).length > 0) return;
  const since = account.clock.now();
  idleSince.set(instance, since);
  const delay = seconds === undefined ? durations.managedInstanceIdle : seconds * 1000;
  account.clock.schedule(delay, () => {
    const isIdle = tasksOn(cluster, instance).length === 0 && idleSince.get(instance) === since;
    if (isIdle && instance.status === "ACTIVE") retire(account, cluster, instance);
  });
}

/** Drains an instance, and terminates it once its last task has ended. */
function retire(account: Account, cluster: Cluster, instance: ContainerInstance): void {
  if (instance.status !== "ACTIVE") return;
  drainInstance(account, cluster, instance, () => terminate(account, instance));
}

function terminate(account: Account, { instanceId, capacityProvider }: ContainerInstance): void {
  const provider = account.ecs.managedInstances.get(capacityProvider ?? "");
  terminateInstance(account, instanceId, () => provider && finishRemoval(account, provider));
}

/** The capacity provider is being deleted: its instances are drained and terminated. */
export function removeManagedInstances(account: Account, provider: ManagedInstancesRecord): void {
  const cluster = account.ecs.clusters.get(provider.cluster);
  for (const { id } of instancesOf(account, provider)) {
    const registered = [...(cluster?.containerInstances.values() ?? [])].find(
      ({ instanceId }) => instanceId === id,
    );
    if (cluster !== undefined && registered !== undefined) retire(account, cluster, registered);
    else terminateInstance(account, id, () => finishRemoval(account, provider));
  }
  account.clock.schedule(durations.capacityProviderDeletion, () => finishRemoval(account, provider));
}

function finishRemoval(account: Account, provider: ManagedInstancesRecord): void {
  if (provider.status !== "DEPROVISIONING" || instancesOf(account, provider).length > 0) return;
  provider.status = "INACTIVE";
  provider.updateStatus = "DELETE_COMPLETE";
  account.ecs.managedInstances.delete(provider.name);
  const cluster = account.ecs.clusters.get(provider.cluster);
  if (cluster !== undefined) {
    cluster.capacityProviders = cluster.capacityProviders.filter((name) => name !== provider.name);
    reconcileServices(account, cluster);
  }
  notifyChanged(account);
}
