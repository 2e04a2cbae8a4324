import { QuaysideError } from "../errors.js";
import type { AwsApi, ServiceName } from "./api.js";

type WriteOf<Port> = {
  readonly [
    K in keyof Port as K extends
      | `describe${string}`
      | `list${string}`
      | `get${string}`
      | `batchGet${string}`
      | `filter${string}`
      | `tagResource`
      | `untagResource`
      ? never
      : K
  ]?: Port[K] extends (input: infer Input, ...rest: never[]) => unknown ? (input: Input) => Input : never;
};

/** Operations that two services share by name, so that an override would be ambiguous. */
type Ambiguous = "putScalingPolicy" | "deleteScheduledAction";

/** Operations of AWS Cloud Map with the names of ECS's: an override of that name is of ECS's. */
type OfEcs = "createService" | "updateService" | "deleteService";
const OF_ECS: readonly string[] = ["createService", "updateService", "deleteService"] satisfies OfEcs[];

/** The overrides for the requests to a service. */
export const overridesFor = (service: ServiceName, method: string, overrides: Overrides): Overrides =>
  service === "serviceDiscovery" && OF_ECS.includes(method) ? {} : overrides;

/**
 * The user's overrides of requests that change something, by operation: each gets quayside's input, and
 * returns what is sent.
 */
export type Overrides = WriteOf<AwsApi["ecs"]> &
  WriteOf<AwsApi["ec2"]> &
  WriteOf<AwsApi["ecr"]> &
  WriteOf<AwsApi["elb"]> &
  WriteOf<Omit<AwsApi["autoScaling"], Ambiguous>> &
  WriteOf<Omit<AwsApi["applicationAutoScaling"], Ambiguous>> &
  WriteOf<AwsApi["cloudWatch"]> &
  WriteOf<AwsApi["iam"]> &
  WriteOf<AwsApi["logs"]> &
  WriteOf<AwsApi["scheduler"]> &
  WriteOf<AwsApi["acm"]> &
  WriteOf<AwsApi["route53"]> &
  WriteOf<Omit<AwsApi["serviceDiscovery"], OfEcs>> &
  WriteOf<AwsApi["waf"]>;

/** Returns the request with the user's override applied: what is sent, and what plans compare. */
export function applyOverride<Input>(overrides: Overrides, operation: string, input: Input): Input {
  const override = (overrides as Readonly<Record<string, ((input: Input) => Input) | undefined>>)[operation];
  if (override === undefined) return input;
  const overridden = override(input);
  if (typeof overridden !== "object" || overridden === null) {
    throw new QuaysideError(
      "invalid-override",
      `override.${operation} is not valid: it returned ${String(overridden)}`,
      {
        fix: `Return the request: .override({ ${operation}: (input) => ({ ...input }) }).`,
      },
    );
  }
  return overridden;
}

type Override = (input: unknown) => unknown;

/** Applies all overrides of an operation in order, each function once. */
export function composeOverrides(all: readonly Overrides[]): Overrides {
  const functions = new Map<string, Set<Override>>();
  for (const overrides of all) {
    for (const [operation, override] of Object.entries(overrides)) {
      const set = functions.get(operation) ?? new Set();
      functions.set(operation, set.add(override as Override));
    }
  }
  const entries = [...functions].map(([operation, set]): [string, Override] => [
    operation,
    (input) => [...set].reduce((value, override) => override(value), input),
  ]);
  return Object.fromEntries(entries);
}
