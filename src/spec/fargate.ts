import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The Fargate capacity of a cluster. */
export interface FargateOptions {
  /**
   * True for Fargate Spot, which costs less but can be interrupted with two minutes' notice; or how many tasks run
   * on demand: `{ base: 1, weight: 3 }` starts one task on demand, and then three of four on Spot.
   * @defaultValue `false`
   */
  readonly spot?: boolean | FargateSpotOptions | undefined;
}

/** The share of Fargate Spot. Source: Amazon ECS API reference, CapacityProviderStrategyItem. */
export interface FargateSpotOptions {
  /** The number of tasks that run on demand before any runs on Spot, 0 to 100000. @defaultValue 0 */
  readonly base?: number | undefined;
  /** The tasks on Spot for each further one on demand, 1 to 1000. @defaultValue 1 */
  readonly weight?: number | undefined;
}

export interface FargateCapacitySpec {
  readonly type: "fargate";
  readonly spot: boolean | { readonly base: number; readonly weight: number };
}

/** Source: Amazon ECS API reference, CapacityProviderStrategyItem. */
const BASE = { min: 0, max: 100_000 };
const WEIGHT = { min: 1, max: 1_000 };

export function parseFargate(value: unknown, issues: Issues): FargateCapacitySpec {
  const options = new OptionsReader<FargateOptions>(value, "cluster.fargate", issues);
  const given = options.raw("spot");
  const spot = isPlainObject(given) ? parseSpot(given, options.pathOf("spot"), issues) : readSpot(options);
  options.close();
  return { type: "fargate", spot };
}

function readSpot(options: OptionsReader<FargateOptions>): boolean {
  const given = options.raw("spot") ?? false;
  if (typeof given === "boolean") return given;
  options.issue("spot", `must be true, false or { base, weight }; got ${formatValue(given)}`);
  return false;
}

function parseSpot(given: unknown, path: string, issues: Issues): FargateCapacitySpec["spot"] {
  const options = new OptionsReader<FargateSpotOptions>(given, path, issues);
  const base = options.integer("base", BASE) ?? 0;
  const weight = options.integer("weight", WEIGHT) ?? 1;
  options.close();
  return { base, weight };
}
