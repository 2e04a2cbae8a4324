import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { ClusterSpec } from "../spec/deployment-spec.js";
import { onFargate, onInstances } from "./service-input.js";

/** Subnets and security groups of tasks with a network interface of their own. */
export interface TaskNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Whether the subnets lead to the internet themselves: only there do tasks take a public address. */
  readonly isPublic: boolean;
}

export type TaskLaunch = Pick<
  RunTaskCommandInput,
  "launchType" | "capacityProviderStrategy" | "networkConfiguration" | "placementStrategy"
>;

/** By launch type, which finds any instance; what is not asked for is not sent. */
function placedOnInstances(): TaskLaunch {
  const { launchType, placementStrategy } = onInstances();
  return { ...(launchType && { launchType }), ...(placementStrategy && { placementStrategy }) };
}

/** Where one-off tasks run: as a service's tasks do. */
export const taskLaunch = ({ capacity }: ClusterSpec, network: TaskNetwork | undefined): TaskLaunch =>
  capacity.type === "ec2" ? placedOnInstances() : (onFargate(capacity.spot, { network }) as TaskLaunch);
