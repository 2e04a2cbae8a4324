const steps = (from: number, to: number, step: number): readonly number[] =>
  Object.freeze(Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step));

export interface FargateSize {
  /** CPU units: 1024 is 1 vCPU. */
  readonly cpu: number;
  /** The supported values in MiB, smallest first. */
  readonly memory: readonly number[];
}

/** The task sizes that Fargate supports. Source: Amazon ECS Developer Guide, "Task size" (Linux, platform 1.4.0). */
export const FARGATE_SIZES: readonly FargateSize[] = Object.freeze(
  [
    { cpu: 256, memory: Object.freeze([512, 1024, 2048]) },
    { cpu: 512, memory: steps(1024, 4096, 1024) },
    { cpu: 1024, memory: steps(2048, 8192, 1024) },
    { cpu: 2048, memory: steps(4096, 16_384, 1024) },
    { cpu: 4096, memory: steps(8192, 30_720, 1024) },
    { cpu: 8192, memory: steps(16_384, 61_440, 4096) },
    { cpu: 16_384, memory: steps(32_768, 122_880, 8192) },
  ].map((size) => Object.freeze(size)),
);

export const FARGATE_DEFAULT = Object.freeze({ cpu: 256, memory: 512 });

export function fargateSize(cpu: number): FargateSize | undefined {
  return FARGATE_SIZES.find((size) => size.cpu === cpu);
}

/** Formats the memory values of a size: `512, 1024 or 2048`, `4096 to 16384 in steps of 1024`. */
export function formatMemory(size: FargateSize): string {
  const [first, second] = size.memory as readonly [number, number];
  const last = size.memory.at(-1)!;
  return size.cpu === 256 ? "512, 1024 or 2048" : `${first} to ${last} in steps of ${second - first}`;
}
