import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { SidecarSpec } from "../../spec/sidecars.js";
import type { LogsSpec } from "../../spec/logs.js";
import type { ContainerSpec } from "../../spec/container.js";
import type { SecretSource } from "../../spec/environment.js";

export interface ContainerContext {
  readonly region: string;
  readonly fargate: boolean;
  readonly exec: boolean;
  readonly logs: LogsSpec;
  /** True if CPU and memory limit are set on the container, not on the task. */
  readonly hasSize: boolean;
  /** The containers that it can reach by name. */
  readonly links: readonly string[];
}

/** One container of a task definition: the main one or a sidecar. */
export function containerDefinition(
  container: SidecarSpec,
  { region, fargate, exec, logs, hasSize, links }: ContainerContext,
): ContainerDefinition {
  const { image, port, healthCheck, stopTimeout, user } = container;
  const environment = Object.entries(container.environment).map(([name, value]) => ({ name, value }));
  const secrets = Object.entries(container.secrets).map(([name, source]) => ({
    name,
    valueFrom: valueFrom(source),
  }));
  const dependsOn = Object.entries(container.dependsOn).map(([containerName, condition]) => ({
    containerName,
    condition,
  }));
  return {
    name: container.name,
    image: image.reference,
    ...(image.credentials !== undefined && {
      repositoryCredentials: { credentialsParameter: image.credentials },
    }),
    ...(hasSize && sizeOf(container)),
    ...(container.memoryReservation !== undefined && { memoryReservation: container.memoryReservation }),
    // Host port 0: one of the instance's ephemeral ports, so that an instance can run several tasks.
    ...(port !== undefined && {
      portMappings: [{ containerPort: port, hostPort: fargate ? port : 0, protocol: "tcp" as const }],
    }),
    essential: container.essential,
    ...wordList("entryPoint", container.entryPoint),
    ...wordList("command", container.command),
    ...(environment.length > 0 && { environment: environment.sort(byName) }),
    ...(secrets.length > 0 && { secrets: secrets.sort(byName) }),
    ...(healthCheck !== undefined && {
      healthCheck: {
        command: [...healthCheck.command],
        interval: healthCheck.interval,
        timeout: healthCheck.timeout,
        retries: healthCheck.retries,
        ...(healthCheck.startPeriod !== undefined && { startPeriod: healthCheck.startPeriod }),
      },
    }),
    ...(dependsOn.length > 0 && { dependsOn: dependsOn.sort(byContainer) }),
    ...(links.length > 0 && { links: [...links] }),
    ...(stopTimeout !== undefined && { stopTimeout }),
    ...(user !== undefined && { user }),
    // An init process reaps the processes that a session leaves behind.
    ...(exec && { linuxParameters: { initProcessEnabled: true } }),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logs.group,
        "awslogs-region": region,
        "awslogs-stream-prefix": logs.streamPrefix,
      },
    },
  };
}

const sizeOf = ({ cpu, memory }: ContainerSpec): Partial<ContainerDefinition> => ({
  ...(cpu !== undefined && { cpu }),
  ...(memory !== undefined && { memory }),
});

/** An empty list is left out: it would replace the image's own words with nothing. */
const wordList = (
  field: "command" | "entryPoint",
  list: readonly string[] | undefined,
): Partial<ContainerDefinition> => (list === undefined || list.length === 0 ? {} : { [field]: [...list] });

/** ECS looks up a bare name among the parameters of the task's own region. */
const valueFrom = (source: SecretSource): string => (source.from === "arn" ? source.arn : source.parameter);

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

const byContainer = (a: { readonly containerName: string }, b: { readonly containerName: string }): number =>
  byName({ name: a.containerName }, { name: b.containerName });
