import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { TaskSpec } from "../../spec/deployment-spec.js";
import type { ContainerSpec } from "../../spec/container.js";
import { containerDefinition } from "./container-definition.js";
import { dependencyLinks, mainLinks } from "./container-links.js";

export interface TaskDefinitionOptions {
  readonly region: string;
  /** Pulls the image, reads secrets and writes logs; required on Fargate. */
  readonly executionRoleArn?: string | undefined;
  /** The role of the task's own processes. */
  readonly taskRoleArn?: string | undefined;
  /** True if ECS Exec may start processes in it. @defaultValue `false` */
  readonly exec?: boolean;
  /** The image's architecture, on Fargate. @defaultValue `X86_64` */
  readonly architecture?: "X86_64" | "ARM64" | undefined;
  /** The image, pinned by its digest. @defaultValue the chain's reference */
  readonly image?: string | undefined;
  /** The pinned images of sidecars, by container name. */
  readonly sidecarImages?: Readonly<Record<string, string>>;
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
    sidecarImages = {},
  }: TaskDefinitionOptions,
): RegisterTaskDefinitionCommandInput {
  const fargate = spec.cluster.capacity.type === "fargate";
  const shared = { region, fargate, exec, logs: spec.logs };
  return {
    family: spec.name,
    containerDefinitions: [
      containerDefinition(
        { ...spec.container, image: { ...spec.image, reference: image }, essential: true },
        // On Fargate, its size is set on the task.
        { ...shared, hasSize: !fargate, links: fargate ? [] : mainLinks(spec) },
      ),
      ...spec.sidecars.map((sidecar) => {
        const reference = sidecarImages[sidecar.name] ?? sidecar.image.reference;
        return containerDefinition(
          { ...sidecar, image: { ...sidecar.image, reference } },
          { ...shared, hasSize: true, links: fargate ? [] : dependencyLinks(sidecar) },
        );
      }),
    ],
    ...(executionRoleArn !== undefined && { executionRoleArn }),
    ...(taskRoleArn !== undefined && { taskRoleArn }),
    ...(fargate
      ? fargateTask(spec.container, architecture)
      : // No `requiresCompatibilities`, as in the tutorial: for EC2 it adds no check.
        { networkMode: "bridge" }),
  };
}

/** On Fargate, the size is set on the task, as text, and every task has an IP address of its own. */
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

/** The architecture that the image is built for; Fargate runs both. */
const architectureOf = ({ image }: TaskSpec): "X86_64" | "ARM64" =>
  image.build?.platform === "linux/arm64" ? "ARM64" : "X86_64";
