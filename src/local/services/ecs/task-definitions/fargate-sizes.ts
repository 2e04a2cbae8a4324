/**
 * CPU units -> memory in MiB: minimum, maximum and step. Source: "Task CPU and memory", Amazon ECS Developer
 * Guide.
 */
const sizes: ReadonlyMap<number, readonly [min: number, max: number, step: number]> = new Map([
  [256, [512, 2048, 512]],
  [512, [1024, 4096, 1024]],
  [1024, [2048, 8192, 1024]],
  [2048, [4096, 16384, 1024]],
  [4096, [8192, 30720, 1024]],
  [8192, [16384, 61440, 4096]],
  [16384, [32768, 122880, 8192]],
]);

export function isFargateSize(cpu: number, memory: number): boolean {
  const range = sizes.get(cpu);
  if (range === undefined) return false;
  const [min, max, step] = range;
  // 256 units allow 512, 1024 and 2048 MiB, but not 1536.
  if (cpu === 256 && memory === 1536) return false;
  return memory >= min && memory <= max && (memory - min) % step === 0;
}
