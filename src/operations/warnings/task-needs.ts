import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import type { Observation } from "../../engine/observe.js";
import type { ScalableTargetDesired } from "../../scaling/scalable-target.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import { FIRST_COUNT } from "../../service/service-fields.js";

type Observed = Observation<AwsContext>;

/** What a task needs of an instance. */
export interface TaskNeeds {
  readonly cpu: number;
  readonly memory: number;
  readonly hasOwnInterface: boolean;
  /** The ports of the instance that it takes for itself. */
  readonly hostPorts: readonly number[];
}

/** An Auto Scaling group, and the most instances that it can have. */
export interface InstanceGroup {
  readonly groupName: string;
  readonly max: number;
}

/** The CPU units and memory of a task, at least 1 each: they are divisors. */
export function needsOf(service: Observed, definitions: readonly Observed[]): TaskNeeds | undefined {
  const name = service.node.needs.find(([key]) => key === "taskDefinition")?.[1].ref.id;
  const found = definitions.find(({ node }) => node.id === name)?.desired;
  const input = (found as { readonly input?: RegisterTaskDefinitionCommandInput } | undefined)?.input;
  const containers = input?.containerDefinitions;
  if (containers === undefined) return undefined;
  const sum = (value: (container: ContainerDefinition) => number) =>
    Math.max(
      1,
      containers.reduce((total, container) => total + value(container), 0),
    );
  return {
    cpu: input?.cpu === undefined ? sum(({ cpu = 0 }) => cpu) : Number(input.cpu),
    memory:
      input?.memory === undefined
        ? sum(({ memory = 0, memoryReservation }) => memoryReservation ?? memory)
        : Number(input.memory),
    hasOwnInterface: input?.networkMode === "awsvpc",
    hostPorts:
      input?.networkMode === "awsvpc"
        ? []
        : containers.flatMap(({ portMappings = [] }) =>
            portMappings.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [hostPort])),
          ),
  };
}

/** The minimum number of tasks, or the highest minimum that a schedule sets. */
export function countOf(service: Observed, targets: readonly Observed[]): number {
  const { cluster, serviceName, desiredCount, firstCount } = service.desired as ServiceDesired;
  const target = targets
    .map(({ desired }) => desired as ScalableTargetDesired)
    .find((one) => one.clusterName === cluster && one.serviceName === serviceName);
  if (target !== undefined) return Math.max(target.min, ...(target.scheduled?.min ?? []));
  return desiredCount ?? firstCount ?? FIRST_COUNT;
}
