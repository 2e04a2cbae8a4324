import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { machineImage } from "../../ec2/machine-images.js";
import type { Instance } from "../../ec2/state.js";
import { reachesServices } from "../../ec2/egress.js";
import { recordRoleUse } from "../../iam/role-use.js";
import { reconcileServices } from "../services/schedule-reconcile.js";
import type { Cluster, ContainerInstance } from "../state.js";
import { stopTask } from "../tasks/task-stop.js";
import { capacityOf } from "./container-instance-capacity.js";
import { superviseManagedInstance } from "./managed-instances.js";

/** Starts the ECS agent of each instance: it registers with the cluster that the user data names. */
export function startAgents(account: Account): void {
  account.events.instanceRunning.push((instance) => {
    if (clusterNameOf(account, instance) !== undefined) scheduleRegistration(account, instance);
  });
  account.events.instanceShuttingDown.push((instance) => {
    const found = registrationOf(account, instance);
    if (found !== undefined)
      removeContainerInstance(account, ...found, `Host EC2 (instance ${instance.id}) terminated.`);
  });
  account.events.instanceStopping.push((instance) => {
    const found = registrationOf(account, instance);
    if (found === undefined) return;
    disconnect(account, ...found, `Host EC2 (instance ${instance.id}) stopped.`);
    notifyChanged(account);
    reconcileServices(account, found[0]);
  });
}

function registrationOf(account: Account, { id }: Instance): [Cluster, ContainerInstance] | undefined {
  for (const cluster of account.ecs.clusters.values()) {
    const found = [...cluster.containerInstances.values()].find(({ instanceId }) => instanceId === id);
    if (found !== undefined) return [cluster, found];
  }
  return undefined;
}

/** EC2 announces that it takes a Spot Instance back: the agent drains its instance, if it is configured to. */
export function drainInterruptedInstances(account: Account): void {
  account.events.instanceInterrupted.push((instance) => {
    if (!drainsWhenInterrupted(instance)) return;
    const [cluster, found] = registrationOf(account, instance) ?? [];
    if (cluster === undefined || found === undefined) return;
    found.status = "DRAINING";
    reconcileServices(account, cluster);
  });
}

/** An agent does not create its cluster: agents whose cluster did not exist yet register once it does. */
export function registerWaitingAgents(account: Account, cluster: Cluster): void {
  for (const instance of account.ec2.instances.values()) {
    if (instance.state === "running" && clusterNameOf(account, instance) === cluster.name)
      scheduleRegistration(account, instance);
  }
}

function scheduleRegistration(account: Account, instance: Instance): void {
  account.clock.schedule(durations.agentRegistration, () => {
    const cluster = account.ecs.clusters.get(clusterNameOf(account, instance) ?? "");
    if (instance.state !== "running" || cluster?.status !== "ACTIVE" || !mayRegister(account, instance))
      return;
    register(account, cluster, {
      instanceId: instance.id,
      instanceType: instance.instanceType,
      zone: instance.zone,
      capacityProvider: instance.managedInstancesProvider ?? providerOf(account, cluster, instance),
      ...(instance.managedInstancesProvider !== undefined && { isManaged: true }),
      ...capacityOf(instance.instanceType),
    });
  });
}

/**
 * An instance that registers before its group is a capacity provider of the cluster never becomes part of the
 * provider.
 */
const providerOf = (account: Account, cluster: Cluster, instance: Instance): string | undefined =>
  cluster.capacityProviders.find(
    (name) => account.ecs.capacityProviders.get(name)?.groupName === instance.autoScalingGroup,
  );

/** Without a way to ECS, or without the policy on its role, an agent never registers. */
function mayRegister(account: Account, instance: Instance): boolean {
  if (!reachesServices(account, instance.networkInterfaceId, ["ecs", "ecs-agent", "ecs-telemetry"]))
    return false;
  const profile = account.iam.instanceProfiles.get(instance.profileName?.toLowerCase() ?? "");
  const role = account.iam.roles.get(profile?.roleName?.toLowerCase() ?? "");
  recordRoleUse(account, role);
  const policy =
    instance.managedInstancesProvider === undefined
      ? "AmazonEC2ContainerServiceforEC2Role"
      : "AmazonECSInstanceRolePolicyForManagedInstances";
  return [...(role?.attached ?? [])].some((arn) => nameOf(arn) === policy);
}

type Registration = Pick<
  ContainerInstance,
  "instanceId" | "instanceType" | "zone" | "cpu" | "memory" | "capacityProvider" | "isManaged"
>;

export function register(account: Account, cluster: Cluster, registration: Registration): ContainerInstance {
  const existing = [...cluster.containerInstances.values()].find(
    ({ instanceId }) => instanceId === registration.instanceId,
  );
  if (existing !== undefined) {
    // The agent of an instance that was stopped connects again, as the same container instance.
    existing.agentConnected = true;
    notifyChanged(account);
    reconcileServices(account, cluster);
    return existing;
  }
  const containerInstance: ContainerInstance = {
    ...registration,
    arn: arnOf(account, "ecs", `container-instance/${cluster.name}/${account.hex(32)}`),
    registeredAt: new Date(account.clock.now()),
    status: "ACTIVE",
    agentConnected: true,
    customAttributes: new Map(),
  };
  cluster.containerInstances.set(containerInstance.arn, containerInstance);
  if (containerInstance.isManaged === true) superviseManagedInstance(account, cluster, containerInstance);
  notifyChanged(account);
  reconcileServices(account, cluster);
  return containerInstance;
}

/**
 * The agent of an instance that stops loses its connection, and its tasks end; the container instance stays ACTIVE.
 * Source: ECS Developer Guide, "Deregistering a container instance".
 */
function disconnect(
  account: Account,
  cluster: Cluster,
  containerInstance: ContainerInstance,
  reason: string,
): void {
  containerInstance.agentConnected = false;
  for (const task of cluster.tasks.values()) {
    if (task.description.containerInstanceArn !== containerInstance.arn) continue;
    stopTask(account, task, { stopCode: "TerminationNotice", reason, drain: false });
  }
}

/** Removes a container instance. Its tasks end at once, without draining. */
export function removeContainerInstance(
  account: Account,
  cluster: Cluster,
  containerInstance: ContainerInstance,
  reason: string,
): void {
  disconnect(account, cluster, containerInstance, reason);
  account.clock.schedule(durations.agentDisconnect, () => {
    containerInstance.status = "INACTIVE";
    cluster.containerInstances.delete(containerInstance.arn);
    notifyChanged(account);
    reconcileServices(account, cluster);
  });
}

/**
 * The cluster that the agent's configuration names. Bottlerocket's agent is configured by settings in TOML, and no
 * shell script is run; an image without an agent registers nowhere.
 */
function clusterNameOf(
  account: Account,
  { imageId, userData, managedInstancesProvider }: Instance,
): string | undefined {
  if (managedInstancesProvider !== undefined)
    return account.ecs.managedInstances.get(managedInstancesProvider)?.cluster;
  const image = machineImage(account, imageId);
  if (image?.runsEcsAgent === false) return undefined;
  if (image?.name.startsWith("bottlerocket-") === true)
    return /^\[settings\.ecs\]\s[^[]*?^\s*cluster\s*=\s*"([\w-]+)"/m.exec(userData)?.[1];
  if (!userData.startsWith("#!")) return undefined;
  return /ECS_CLUSTER=["']?([\w-]+)/.exec(userData)?.[1];
}

/** True if the agent drains its instance when EC2 is about to take it back. Off by default. */
const drainsWhenInterrupted = ({ userData, managedInstancesProvider }: Instance): boolean =>
  managedInstancesProvider !== undefined ||
  /ECS_ENABLE_SPOT_INSTANCE_DRAINING=["']?true|enable-spot-instance-draining\s*=\s*true/.test(userData);
