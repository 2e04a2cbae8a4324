import type { World } from "../../../core/account.js";
import { durations } from "../../../core/durations.js";
import type { Instance } from "../../ec2/state.js";
import { ecsArn } from "../arn.js";
import { wakeServices } from "../services/schedule-reconcile.js";
import type { Cluster, ContainerInstance } from "../state.js";
import { stopTask } from "../tasks/task-stop.js";
import { capacityOf } from "./container-instance-capacity.js";

/** The ECS agent of each instance: it registers with the cluster that the user data names. */
export function startAgents(world: World): void {
  world.hooks.instanceRunning.push((instance) => {
    if (clusterNameOf(instance) !== undefined) boot(world, instance);
  });
  world.hooks.instanceShuttingDown.push((instance) => {
    for (const cluster of world.ecs.clusters.values()) {
      const registered = [...cluster.containerInstances.values()].find(
        ({ instanceId }) => instanceId === instance.id,
      );
      if (registered !== undefined)
        leave(world, cluster, registered, `Host EC2 (instance ${instance.id}) terminated.`);
    }
  });
}

/** An agent does not make its cluster: those that have found none yet try again once there is one. */
export function registerWaitingAgents(world: World, cluster: Cluster): void {
  for (const instance of world.ec2.instances.values()) {
    if (instance.state === "running" && clusterNameOf(instance) === cluster.name) boot(world, instance);
  }
}

function boot(world: World, instance: Instance): void {
  world.clock.schedule(durations.agentRegistration, () => {
    const cluster = world.ecs.clusters.get(clusterNameOf(instance) ?? "");
    if (instance.state !== "running" || cluster?.status !== "ACTIVE" || !mayRegister(world, instance)) return;
    register(world, cluster, {
      instanceId: instance.id,
      instanceType: instance.instanceType,
      zone: instance.zone,
      capacityProvider: providerOf(world, cluster, instance),
      ...capacityOf(instance.instanceType),
    });
  });
}

/** An instance that registers before its group is a capacity provider of the cluster never becomes one of it. */
const providerOf = (world: World, cluster: Cluster, instance: Instance): string | undefined =>
  cluster.capacityProviders.find(
    (name) => world.ecs.capacityProviders.get(name)?.groupName === instance.autoScalingGroup,
  );

/** Without the policy on its role an agent is refused, for ever. */
function mayRegister(world: World, instance: Instance): boolean {
  const profile = world.iam.instanceProfiles.get(instance.profileName?.toLowerCase() ?? "");
  const role = world.iam.roles.get(profile?.roleName?.toLowerCase() ?? "");
  return [...(role?.attached ?? [])].some((arn) => arn.endsWith("/AmazonEC2ContainerServiceforEC2Role"));
}

type Registration = Pick<
  ContainerInstance,
  "instanceId" | "instanceType" | "zone" | "cpu" | "memory" | "capacityProvider"
>;

export function register(world: World, cluster: Cluster, registration: Registration): ContainerInstance {
  const existing = [...cluster.containerInstances.values()].find(
    ({ instanceId }) => instanceId === registration.instanceId,
  );
  if (existing !== undefined) return existing;
  const containerInstance: ContainerInstance = {
    ...registration,
    arn: ecsArn(world, `container-instance/${cluster.name}/${world.hex(32)}`),
    registeredAt: new Date(world.clock.now()),
    status: "ACTIVE",
    agentConnected: true,
  };
  cluster.containerInstances.set(containerInstance.arn, containerInstance);
  for (const hear of world.hooks.changed) hear();
  wakeServices(world, cluster);
  return containerInstance;
}

/** Its tasks end with it, at once: nothing drains. */
export function leave(
  world: World,
  cluster: Cluster,
  containerInstance: ContainerInstance,
  reason: string,
): void {
  containerInstance.agentConnected = false;
  for (const task of cluster.tasks.values()) {
    if (task.description.containerInstanceArn !== containerInstance.arn) continue;
    stopTask(world, task, { stopCode: "TerminationNotice", reason, drain: false });
  }
  world.clock.schedule(durations.agentDisconnect, () => {
    containerInstance.status = "INACTIVE";
    cluster.containerInstances.delete(containerInstance.arn);
    for (const hear of world.hooks.changed) hear();
    wakeServices(world, cluster);
  });
}

function clusterNameOf(instance: Instance): string | undefined {
  return /ECS_CLUSTER=["']?([\w-]+)/.exec(instance.userData)?.[1];
}
