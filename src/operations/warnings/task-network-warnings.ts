import type { AwsContext } from "../../aws/context.js";
import type { Observation } from "../../engine/observe.js";
import type { NetworkState } from "../../network/network-state.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import { countOf, type InstanceGroup, type TaskNeeds } from "./task-needs.js";

type Observed = Observation<AwsContext>;

/**
 * The service whose host port is taken on all instances that its cluster can have, while its rollout may stop none
 * of its tasks first: ECS then places no new task.
 */
export function hostPortWarning(
  service: Observed,
  { hostPorts }: TaskNeeds,
  { groupName, max }: InstanceGroup,
  targets: readonly Observed[],
): string[] {
  const { minimumHealthyPercent } = (service.desired as ServiceDesired).deploymentConfiguration;
  const count = countOf(service, targets);
  // ECS rounds the tasks up that it keeps.
  const kept = Math.ceil((count * minimumHealthyPercent) / 100);
  if (hostPorts.length === 0 || count > max || max - count + (count - kept) > 0) return [];
  const ports = `host ${hostPorts.length === 1 ? "port" : "ports"} ${hostPorts.join(", ")}`;
  return [
    `a rollout of ${service.node.name} will not be able to place a task: its ${ports} will be taken on all ${max} instances that ` +
      `${groupName} can have, and its minimum healthy percent of ${minimumHealthyPercent} keeps all ${count} tasks. ` +
      "Increase the cluster's maximum, decrease rolling.minHealthyPercent, or remove hostPort",
  ];
}

/**
 * The services whose tasks on instances are in public subnets, with a network interface of their own: ECS gives it
 * no public address, and an internet gateway serves no other. Source: ECS Developer Guide, "Allocate a network
 * interface for an Amazon ECS task".
 */
export function noPublicAddressWarnings(all: readonly Observed[]): string[] {
  return all.flatMap(({ node, desired }) => {
    if (node.kind.kind !== "service" || (desired as ServiceDesired).networkInterface !== "own") return [];
    const id = node.needs.find(([key]) => key === "network")?.[1].ref.id;
    const state = all.find((each) => each.node.id === id)?.observed?.state as NetworkState | undefined;
    const other = (desired as ServiceDesired).capacity === "MANAGED_INSTANCES" ? "host" : "bridge";
    return state?.isPublic === true
      ? [
          `the tasks of ${node.name} have no route to the internet: their subnets are public, and ECS assigns no public addresses in the network mode awsvpc on instances. ` +
            `Use subnets with a route to a NAT gateway, .network({ subnets }), or the network mode ${other}`,
        ]
      : [];
  });
}
