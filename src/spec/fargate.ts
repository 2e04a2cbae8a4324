import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The Fargate capacity of a cluster. */
export interface FargateOptions {
  /** True for Fargate Spot, which costs less but can be interrupted with two minutes' notice. @defaultValue `false` */
  readonly spot?: boolean | undefined;
}

export interface FargateCapacitySpec {
  readonly type: "fargate";
  readonly spot: boolean;
}

export function parseFargate(value: unknown, issues: Issues): FargateCapacitySpec {
  const options = new OptionsReader<FargateOptions>(value, "cluster.fargate", issues);
  const spot = options.boolean("spot") ?? false;
  options.close();
  return { type: "fargate", spot };
}
