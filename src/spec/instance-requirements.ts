import { formatValue, oneOf } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/**
 * What instance types must have, in EC2's own words (attribute-based instance type selection).
 * Source: Amazon ECS API reference, InstanceRequirementsRequest.
 */
export interface InstanceRequirements {
  /** The number of vCPUs. @defaultValue `{ min: 1 }` */
  readonly vCpuCount?: RequirementRange | undefined;
  /** The memory in MiB. @defaultValue `{ min: 1 }` */
  readonly memoryMiB?: RequirementRange | undefined;
  /** The memory for each vCPU in GiB. */
  readonly memoryGiBPerVCpu?: Partial<RequirementRange> | undefined;
  /** @defaultValue every manufacturer */
  readonly cpuManufacturers?: readonly ("intel" | "amd" | "amazon-web-services" | "apple")[] | undefined;
  /** @defaultValue current and previous generations */
  readonly instanceGenerations?: readonly ("current" | "previous")[] | undefined;
  /**
   * Burstable types (t3, t4g …).
   * @defaultValue `"included"` if `instanceTypes` names one, else `"excluded"`, as EC2 has it
   */
  readonly burstablePerformance?: RequirementInclusion | undefined;
  /** @defaultValue `"included"` if `instanceTypes` names one, else `"excluded"`, as EC2 has it */
  readonly bareMetal?: RequirementInclusion | undefined;
  /** Types with instance store volumes. @defaultValue `"included"` */
  readonly localStorage?: RequirementInclusion | undefined;
  /** @defaultValue every kind */
  readonly localStorageTypes?: readonly ("hdd" | "ssd")[] | undefined;
  readonly totalLocalStorageGB?: Partial<RequirementRange> | undefined;
  readonly networkInterfaceCount?: Partial<RequirementRange> | undefined;
  readonly networkBandwidthGbps?: Partial<RequirementRange> | undefined;
  readonly baselineEbsBandwidthMbps?: Partial<RequirementRange> | undefined;
  readonly acceleratorTypes?: readonly ("gpu" | "fpga" | "inference")[] | undefined;
  readonly acceleratorCount?: Partial<RequirementRange> | undefined;
  readonly acceleratorManufacturers?:
    readonly ("amazon-web-services" | "amd" | "nvidia" | "xilinx" | "habana")[] | undefined;
  /** Such as `a100`, `t4`. */
  readonly acceleratorNames?: readonly string[] | undefined;
  readonly acceleratorTotalMemoryMiB?: Partial<RequirementRange> | undefined;
  /** Types, or patterns, that ECS does not choose, at most 400. Not with `instanceTypes`. */
  readonly excludedInstanceTypes?: readonly string[] | undefined;
  /** Types, or patterns; the same as `instanceTypes`. */
  readonly allowedInstanceTypes?: readonly string[] | undefined;
  /** Percent over the cheapest type's price, 0 to 100000. */
  readonly onDemandMaxPricePercentageOverLowestPrice?: number | undefined;
  /** Percent over the cheapest type's price, 0 to 100000; only with `spot`. */
  readonly spotMaxPricePercentageOverLowestPrice?: number | undefined;
}

/** From, and up to. */
export interface RequirementRange {
  readonly min: number;
  readonly max?: number | undefined;
}

/** Whether types with a property are chosen, too, are chosen only, or are not chosen. */
export type RequirementInclusion = "included" | "required" | "excluded";

const RANGES = [
  "vCpuCount",
  "memoryMiB",
  "memoryGiBPerVCpu",
  "totalLocalStorageGB",
  "networkInterfaceCount",
  "networkBandwidthGbps",
  "baselineEbsBandwidthMbps",
  "acceleratorCount",
  "acceleratorTotalMemoryMiB",
] as const;

const LISTS: Readonly<Partial<Record<keyof InstanceRequirements, readonly string[]>>> = Object.freeze({
  cpuManufacturers: ["intel", "amd", "amazon-web-services", "apple"],
  instanceGenerations: ["current", "previous"],
  localStorageTypes: ["hdd", "ssd"],
  acceleratorTypes: ["gpu", "fpga", "inference"],
  acceleratorManufacturers: ["amazon-web-services", "amd", "nvidia", "xilinx", "habana"],
});

const INCLUSIONS = ["burstablePerformance", "bareMetal", "localStorage"] as const;
const NAMES = ["acceleratorNames", "excludedInstanceTypes", "allowedInstanceTypes"] as const;
const PERCENTAGES = [
  "onDemandMaxPricePercentageOverLowestPrice",
  "spotMaxPricePercentageOverLowestPrice",
] as const;

/**
 * Parses the requirements, as ECS takes them: with the number of vCPUs and the memory, which it requires.
 * `undefined` if neither requirements nor types are given: ECS then chooses by the tasks alone.
 */
export function parseRequirements(
  value: unknown,
  path: string,
  instanceTypes: readonly string[] | undefined,
  issues: Issues,
): InstanceRequirements | undefined {
  if (value === undefined && instanceTypes === undefined) return undefined;
  const options = new OptionsReader<InstanceRequirements>(value, path, issues);
  const parsed: Record<string, unknown> = {};
  for (const key of RANGES) parsed[key] = parseRange(options.raw(key), options.pathOf(key), issues);
  for (const [key, known] of Object.entries(LISTS) as [keyof InstanceRequirements, readonly string[]][]) {
    const given = options.strings(key);
    const unknown = given?.find((each) => !known.includes(each));
    if (unknown !== undefined)
      options.issue(key, `must be some of ${oneOf(known)}; got ${formatValue(unknown)}`);
    parsed[key] = given;
  }
  for (const key of INCLUSIONS) parsed[key] = options.oneOf(key, ["included", "required", "excluded"]);
  for (const key of NAMES) parsed[key] = options.strings(key);
  for (const key of PERCENTAGES) parsed[key] = options.integer(key, { min: 0, max: 100_000 }, " percent");
  options.close();
  if (instanceTypes !== undefined && parsed["allowedInstanceTypes"] !== undefined)
    options.issue(
      "allowedInstanceTypes",
      "is not supported with instanceTypes, which is the same: remove it",
    );
  const allowed = instanceTypes ?? (parsed["allowedInstanceTypes"] as readonly string[] | undefined);
  if (allowed !== undefined && parsed["excludedInstanceTypes"] !== undefined)
    options.issue("excludedInstanceTypes", "is not supported with instanceTypes: remove one of the two");
  return withoutUndefined({
    ...parsed,
    vCpuCount: { min: 1, ...(parsed["vCpuCount"] as Partial<RequirementRange> | undefined) },
    memoryMiB: { min: 1, ...(parsed["memoryMiB"] as Partial<RequirementRange> | undefined) },
    allowedInstanceTypes: allowed,
    // EC2 excludes them, also where they are named.
    burstablePerformance:
      (parsed["burstablePerformance"] as RequirementInclusion | undefined) ?? includedIf(allowed, /^t\d/),
    bareMetal: (parsed["bareMetal"] as RequirementInclusion | undefined) ?? includedIf(allowed, /\.metal/),
  });
}

const includedIf = (types: readonly string[] | undefined, pattern: RegExp): "included" | undefined =>
  types?.some((type) => pattern.test(type)) === true ? "included" : undefined;

const withoutUndefined = (all: InstanceRequirements): InstanceRequirements =>
  Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined));

function parseRange(value: unknown, path: string, issues: Issues): Partial<RequirementRange> | undefined {
  if (value === undefined) return undefined;
  const options = new OptionsReader<Partial<RequirementRange>>(value, path, issues);
  const min = options.number("min", { min: 0 });
  const max = options.number("max", { min: 0 });
  options.close();
  if (min !== undefined && max !== undefined && min > max)
    options.issue("max", `must be at least ${min}, which is min; got ${max}`);
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}
