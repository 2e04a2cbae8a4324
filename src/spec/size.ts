import { FARGATE_DEFAULT, FARGATE_SIZES, fargateSize, formatMemory } from "./fargate-sizes.js";
import { formatValue, oneOf } from "./parsing/format-value.js";
import type { OptionsReader } from "./parsing/options-reader.js";

interface Size {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly memoryReservation: number | undefined;
}

/** Docker's minimum. Source: ECS API reference, ContainerDefinition `memory`. */
const MEMORY = { min: 6 };
/** 192 vCPU. Source: ECS API reference, RegisterTaskDefinition `cpu`. */
const CPU = { min: 1, max: 196_608 };
const DEFAULT_RESERVATION = 256;

type SizeOptions = OptionsReader<Partial<Record<keyof Size, unknown>>>;

export const parseEc2Size = (options: SizeOptions): Size => parseContainerSize(options, DEFAULT_RESERVATION);

/** @param reservation - the default for a container without `memory` and `memoryReservation`; `undefined`: none */
export function parseContainerSize(options: SizeOptions, reservation: number | undefined): Size {
  const cpu = options.integer("cpu", CPU, " (1024 = 1 vCPU)");
  const memory = options.integer("memory", MEMORY, " (MiB)");
  const memoryReservation = options.integer("memoryReservation", MEMORY, " (MiB)");
  reportReservation(options, memory, memoryReservation);
  const needsDefault = memory === undefined && memoryReservation === undefined;
  return { cpu, memory, memoryReservation: needsDefault ? reservation : memoryReservation };
}

export function parseFargateSize(options: SizeOptions): Size {
  const cpu = options.raw("cpu");
  const memory = options.raw("memory");
  const memoryReservation = options.integer("memoryReservation", MEMORY, " (MiB)");

  const size = cpu === undefined ? sizeForMemory(memory) : fargateSize(cpu as number);
  if (size === undefined) {
    const sizes = oneOf(FARGATE_SIZES.map((each) => each.cpu));
    options.issue(
      "cpu",
      `must be a size that Fargate supports, ${sizes} (1024 = 1 vCPU); got ${formatValue(cpu)}`,
    );
    return { cpu: undefined, memory: undefined, memoryReservation };
  }
  const taskMemory = memory === undefined ? size.memory[0] : size.memory.find((each) => each === memory);
  if (taskMemory === undefined) {
    options.issue(
      "memory",
      `must be ${formatMemory(size)} (MiB) on Fargate with cpu ${size.cpu}; got ${formatValue(memory)}`,
    );
  }
  reportReservation(options, taskMemory, memoryReservation);
  return { cpu: size.cpu, memory: taskMemory, memoryReservation };
}

/** Returns the smallest size with the memory, or the default size, whose values the error message lists. */
const sizeForMemory = (memory: unknown) =>
  FARGATE_SIZES.find((size) => size.memory.includes(memory as number)) ?? fargateSize(FARGATE_DEFAULT.cpu);

function reportReservation(
  options: SizeOptions,
  memory: number | undefined,
  memoryReservation: number | undefined,
): void {
  if (memory === undefined || memoryReservation === undefined || memory > memoryReservation) return;
  options.issue("memoryReservation", `must be less than memory, ${memory} (MiB); got ${memoryReservation}`);
}
