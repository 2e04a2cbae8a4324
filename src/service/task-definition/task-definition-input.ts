import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { TaskSpec } from "../../spec/deployment-spec.js";
import type { ContainerSpec } from "../../spec/container.js";
import { containerDefinition } from "./container-definition.js";
import { dependencyLinks, mainLinks } from "./container-links.js";

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
  /** Those of sidecars that are pinned, by their names. */
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
  }: TaskDefinitionSurroundings,
): RegisterTaskDefinitionCommandInput {
  const fargate = spec.cluster.capacity.type === "fargate";
  const around = { region, fargate, exec, logs: spec.logs };
  return {
    family: spec.name,
    containerDefinitions: [
      containerDefinition(
        { ...spec.container, image: { ...spec.image, reference: image }, essential: true },
        // On Fargate its size is the task's.
        { ...around, hasSize: !fargate, links: fargate ? [] : mainLinks(spec) },
      ),
      ...spec.sidecars.map((sidecar) => {
        const reference = sidecarImages[sidecar.name] ?? sidecar.image.reference;
        return containerDefinition(
          { ...sidecar, image: { ...sidecar.image, reference } },
          { ...around, hasSize: true, links: fargate ? [] : dependencyLinks(sidecar) },
        );
      }),
    ],
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
