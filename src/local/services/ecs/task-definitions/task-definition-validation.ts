import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { clientException, invalidParameter } from "../service-errors.js";
import { checkContainer } from "./container-definition-validation.js";
import {
  checkContainerOrder,
  checkLinks,
  checkSharedPorts,
  checkVolumesFrom,
} from "./container-order-validation.js";
import { checkFargateLimits } from "./fargate-limits-validation.js";
import { checkManagedInstancesLimits } from "./managed-instances-limits-validation.js";
import { checkFirelens } from "./firelens-validation.js";
import { checkVolumes } from "./volume-validation.js";
import { isFargateSize } from "./fargate-sizes.js";
import { cpuUnits, memoryMib } from "./task-size.js";

const networkModes = ["bridge", "host", "awsvpc", "none"];
const compatibilities = ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];
const maxContainers = 10;
const maxBytes = 64 * 1024;

export function checkTaskDefinition(input: RegisterTaskDefinitionCommandInput): void {
  const {
    family = "",
    containerDefinitions: containers = [],
    networkMode,
    requiresCompatibilities = [],
  } = input;
  if (family === "") throw clientException("Family can not be blank.");
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) throw clientException("Family contains invalid characters.");
  if (containers.length === 0) throw clientException("Container list cannot be empty.");
  if (containers.some(({ image = "" }) => image.length > 255))
    throw clientException("Container.image should be 255 characters or less");
  if (containers.length > maxContainers) {
    throw clientException(`A task definition can have up to ${maxContainers} containers.`);
  }
  if (networkMode !== undefined && !networkModes.includes(networkMode)) {
    throw invalidParameter(
      `Invalid network mode '${String(networkMode)}': use one of ${networkModes.join(", ")}.`,
    );
  }
  for (const value of requiresCompatibilities) {
    if (!compatibilities.includes(value)) throw invalidParameter(`Invalid compatibility '${String(value)}'.`);
  }
  for (const role of [input.taskRoleArn, input.executionRoleArn]) {
    if (role !== undefined && role.startsWith("arn:") && !/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(role)) {
      throw clientException("Role is not valid");
    }
  }

  const forFargate = requiresCompatibilities.includes("FARGATE");
  const cpu = input.cpu === undefined ? undefined : cpuUnits(input.cpu);
  const memory = input.memory === undefined ? undefined : memoryMib(input.memory);
  checkTaskSize(input, cpu, memory, forFargate);

  checkVolumes(input);
  if (forFargate) checkFargateLimits(input);
  if (requiresCompatibilities.includes("MANAGED_INSTANCES")) checkManagedInstancesLimits(input);
  checkEphemeralStorage(input, forFargate);
  if ((input.placementConstraints ?? []).length > 10)
    throw clientException("A task definition can have up to 10 placement constraints.");
  if (input.inferenceAccelerators?.length)
    throw clientException("Amazon Elastic Inference is no longer available.");
  const task = {
    networkMode,
    forFargate,
    executionRoleArn: input.executionRoleArn,
    memory,
    ipcMode: input.ipcMode,
    volumes: (input.volumes ?? []).map(({ name = "" }) => name),
  };
  for (const container of containers) checkContainer(container, task);
  const names = containers.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined)
    throw clientException(`Container names must be unique within a task definition: '${duplicate}'.`);
  if (containers.every(({ essential }) => essential === false)) {
    throw clientException("Invalid setting for containers. At least one container must be essential.");
  }
  checkContainerOrder(containers);
  checkLinks(containers, networkMode);
  checkVolumesFrom(containers);
  checkFirelens(containers);
  if (networkMode === "awsvpc" || networkMode === "host") checkSharedPorts(containers, networkMode);
  const total = containers.reduce((sum, container) => sum + (container.cpu ?? 0), 0);
  if (cpu !== undefined && total > cpu) {
    throw clientException("The sum of the containers' 'cpu' must not be greater than the 'cpu' of the task.");
  }
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > maxBytes) {
    throw clientException(`Actual length: '${bytes}'. Max allowed length is '${maxBytes}' bytes.`);
  }
}

function checkEphemeralStorage(
  { ephemeralStorage }: RegisterTaskDefinitionCommandInput,
  forFargate: boolean,
): void {
  if (ephemeralStorage === undefined) return;
  if (!forFargate) throw clientException("Ephemeral storage is only supported for tasks hosted on Fargate.");
  const { sizeInGiB = 0 } = ephemeralStorage;
  if (sizeInGiB < 21 || sizeInGiB > 200)
    throw clientException("Invalid setting for ephemeral storage. Size must be between 21 GiB and 200 GiB.");
}

type Size = number | undefined;

function checkTaskSize(
  input: RegisterTaskDefinitionCommandInput,
  cpu: Size,
  memory: Size,
  forFargate: boolean,
): void {
  if (cpu !== undefined && Number.isNaN(cpu))
    throw clientException(`Invalid 'cpu' setting for task: '${input.cpu}'.`);
  if (memory !== undefined && Number.isNaN(memory)) {
    throw clientException(`Invalid 'memory' setting for task: '${input.memory}'.`);
  }
  if (!forFargate) {
    if (cpu !== undefined && (cpu < 128 || cpu > 196608)) {
      throw clientException("Invalid 'cpu' setting for task: it must be between 128 and 196608 CPU units.");
    }
    return;
  }
  if (input.networkMode !== "awsvpc") throw clientException("Fargate only supports network mode 'awsvpc'.");
  if (cpu === undefined) throw clientException("Fargate requires that 'cpu' be defined at the task level.");
  if (memory === undefined)
    throw clientException("Fargate requires that 'memory' be defined at the task level.");
  if (!isFargateSize(cpu, memory)) {
    throw clientException(`No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`);
  }
  const fromEcr = input.containerDefinitions?.some(({ image = "" }) => /\.dkr\.ecr\./.test(image));
  if (fromEcr === true && input.executionRoleArn === undefined) {
    throw clientException(
      "Fargate requires task definition to have execution role ARN to support ECR images.",
    );
  }
}
