import type { ContainerDefinition, KeyValuePair, LogConfiguration, PortMapping } from "@aws-sdk/client-ecs";
import type { LogsSpec } from "../../spec/logs.js";
import type { ContainerSpec } from "../../spec/container.js";
import type { SidecarSpec } from "../../spec/sidecars.js";
import type { SecretSource } from "../../spec/environment.js";
import { logDriverOf } from "../../spec/task/log-groups.js";
import type { PortSpec } from "../../spec/task/ports.js";
import type { NetworkMode } from "../../spec/task/task-options.js";
import { containerSettings } from "./container-settings.js";

export interface ContainerContext {
  readonly region: string;
  readonly networkMode: NetworkMode;
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
  { region, networkMode, exec, logs, hasSize, links }: ContainerContext,
): ContainerDefinition {
  const { image, healthCheck, stopTimeout, user } = container;
  const environment: KeyValuePair[] = Object.entries(container.environment).map(([name, value]) => ({
    name,
    value,
  }));
  const secrets = secretList(container.secrets);
  const dependsOn = Object.entries(container.dependsOn).map(([containerName, condition]) => ({
    containerName,
    condition,
  }));
  const portMappings = container.ports.map((port) => portMapping(port, networkMode));
  const logConfiguration = logConfigurationOf(container, logs, region);
  return {
    name: container.name,
    image: image.reference,
    ...(image.credentials !== undefined && {
      repositoryCredentials: { credentialsParameter: image.credentials },
    }),
    ...(hasSize && sizeOf(container)),
    ...(container.memoryReservation !== undefined && { memoryReservation: container.memoryReservation }),
    ...(portMappings.length > 0 && { portMappings }),
    essential: container.essential,
    ...wordList("entryPoint", container.entryPoint),
    ...wordList("command", container.command),
    ...(environment.length > 0 && { environment: environment.sort(byName) }),
    ...(secrets.length > 0 && { secrets }),
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
    ...containerSettings(container, exec),
    ...(logConfiguration !== undefined && { logConfiguration }),
  };
}

const sizeOf = ({ cpu, memory }: ContainerSpec): Partial<ContainerDefinition> => ({
  ...(cpu !== undefined && { cpu }),
  ...(memory !== undefined && { memory }),
});

function portMapping(
  { port, name, protocol, hostPort, appProtocol }: PortSpec,
  networkMode: NetworkMode,
): PortMapping {
  return {
    ...(typeof port === "number"
      ? {
          containerPort: port,
          // Host port 0: one of the instance's ephemeral ports, so that an instance can run several tasks.
          hostPort: networkMode === "bridge" ? (hostPort ?? 0) : port,
        }
      : { containerPortRange: port }),
    protocol,
    ...(name !== undefined && { name }),
    ...(appProtocol !== undefined && { appProtocol }),
  };
}

function logConfigurationOf(
  container: ContainerSpec,
  logs: LogsSpec,
  region: string,
): LogConfiguration | undefined {
  const described = logDriverOf(container, logs);
  if (described === undefined) return undefined;
  const { driver, options } = described;
  const secretOptions = secretList(described.secretOptions);
  const all =
    driver === "awslogs" && options["awslogs-group"] === undefined
      ? {
          "awslogs-group": logs.group,
          "awslogs-region": region,
          "awslogs-stream-prefix": logs.streamPrefix,
          ...options,
        }
      : { ...options };
  return {
    logDriver: driver,
    ...(Object.keys(all).length > 0 && { options: all }),
    ...(secretOptions.length > 0 && { secretOptions }),
  };
}

/** An empty list is left out: it would replace the image's own words with nothing. */
const wordList = (
  field: "command" | "entryPoint",
  list: readonly string[] | undefined,
): Partial<ContainerDefinition> => (list === undefined || list.length === 0 ? {} : { [field]: [...list] });

const secretList = (
  secrets: Readonly<Record<string, SecretSource>>,
): { readonly name: string; readonly valueFrom: string }[] =>
  Object.entries(secrets)
    .map(([name, source]) => ({ name, valueFrom: valueFrom(source) }))
    .sort(byName);

/** ECS looks up a bare name among the parameters of the task's own region. */
const valueFrom = (source: SecretSource): string => (source.from === "arn" ? source.arn : source.parameter);

const byName = (a: KeyValuePair, b: KeyValuePair): number =>
  a.name! < b.name! ? -1 : a.name! > b.name! ? 1 : 0;

const byContainer = (a: { readonly containerName: string }, b: { readonly containerName: string }): number =>
  byName({ name: a.containerName }, { name: b.containerName });
