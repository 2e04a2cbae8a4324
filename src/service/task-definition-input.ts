import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { ContainerSpec, SecretSource, TaskSpec } from "../spec/deployment-spec.js";

export interface TaskDefinitionSurroundings {
  readonly region: string;
  /** Pulls the image, reads secrets and writes logs; required on Fargate. */
  readonly executionRoleArn?: string | undefined;
  /** What its processes may do in AWS. */
  readonly taskRoleArn?: string | undefined;
  /** Whether ECS Exec may start processes in it. @defaultValue `false` */
  readonly exec?: boolean;
  /** Of the image, on Fargate. @defaultValue `X86_64` */
  readonly architecture?: "X86_64" | "ARM64" | undefined;
  /** Pinned by its digest. @defaultValue as the chain has it */
  readonly image?: string | undefined;
}

/** The task definition that a deployment or a job describes. */
export function taskDefinitionInput(
  spec: TaskSpec,
  {
    region,
    executionRoleArn,
    taskRoleArn,
    exec = false,
    architecture = architectureOf(spec),
    image = spec.image.reference,
  }: TaskDefinitionSurroundings,
): RegisterTaskDefinitionCommandInput {
  const fargate = spec.cluster.capacity.type === "fargate";
  return {
    family: spec.name,
    containerDefinitions: [mainContainer(spec, { region, fargate, exec, image })],
    ...(executionRoleArn !== undefined && { executionRoleArn }),
    ...(taskRoleArn !== undefined && { taskRoleArn }),
    ...(fargate
      ? fargateTask(spec.container, architecture)
      : // No `requiresCompatibilities`, as in the tutorial: EC2 requires nothing that is not refused anyway.
        { networkMode: "bridge" }),
  };
}

/** On Fargate the size is the task's, as text, and every task has an address of its own. */
const fargateTask = (
  { cpu, memory }: ContainerSpec,
  cpuArchitecture: "X86_64" | "ARM64",
): Partial<RegisterTaskDefinitionCommandInput> => ({
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  ...(cpu !== undefined && { cpu: String(cpu) }),
  ...(memory !== undefined && { memory: String(memory) }),
  runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture },
});

/** Of an image that is built for one; Fargate runs both. */
const architectureOf = ({ image }: TaskSpec): "X86_64" | "ARM64" =>
  image.build?.platform === "linux/arm64" ? "ARM64" : "X86_64";

interface MainContainerSurroundings {
  readonly region: string;
  readonly fargate: boolean;
  readonly exec: boolean;
  readonly image: string;
}

function mainContainer(
  spec: TaskSpec,
  { region, fargate, exec, image: pinned }: MainContainerSurroundings,
): ContainerDefinition {
  const { container, image, logs } = spec;
  const { port, healthCheck, stopTimeout, user } = container;
  const environment = Object.entries(container.environment).map(([name, value]) => ({ name, value }));
  const secrets = Object.entries(container.secrets).map(([name, source]) => ({
    name,
    valueFrom: valueFrom(source),
  }));
  return {
    name: container.name,
    image: pinned,
    ...(image.credentials !== undefined && {
      repositoryCredentials: { credentialsParameter: image.credentials },
    }),
    ...(!fargate && sizeOnInstance(container)),
    ...(container.memoryReservation !== undefined && { memoryReservation: container.memoryReservation }),
    // Host port 0: one of the instance's ephemeral ports, so that an instance can hold several tasks.
    ...(port !== undefined && {
      portMappings: [{ containerPort: port, hostPort: fargate ? port : 0, protocol: "tcp" as const }],
    }),
    essential: true,
    ...words("entryPoint", container.entryPoint),
    ...words("command", container.command),
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
    ...(stopTimeout !== undefined && { stopTimeout }),
    ...(user !== undefined && { user }),
    // It adopts the processes that a session leaves behind.
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

const sizeOnInstance = ({ cpu, memory }: ContainerSpec): Partial<ContainerDefinition> => ({
  ...(cpu !== undefined && { cpu }),
  ...(memory !== undefined && { memory }),
});

/** An empty list would be one that replaces the image's own with nothing. */
const words = (
  field: "command" | "entryPoint",
  list: readonly string[] | undefined,
): Partial<ContainerDefinition> => (list === undefined || list.length === 0 ? {} : { [field]: [...list] });

/** ECS looks up a bare name among the parameters of the task's own region. */
const valueFrom = (source: SecretSource): string => (source.from === "arn" ? source.arn : source.parameter);

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
