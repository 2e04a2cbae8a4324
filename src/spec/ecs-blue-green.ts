import type { DeploymentInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/*
 * Names in a Service Connect namespace are unique, and a listener of a Network Load Balancer has no rules: two services, as
 * colors are, cannot share either. Such a deployment is released by ECS itself, with one service whose revisions share the
 * name, or have a target group each behind the listener.
 * Source: ECS Developer Guide, "Service Connect resources for Amazon ECS blue/green deployments", and "Network Load Balancer
 * resources for Amazon ECS blue/green, linear and canary deployments".
 */

/** A blue/green deployment that ECS makes by itself. */
export interface EcsBlueGreenSpec {
  readonly strategy: "BLUE_GREEN" | "LINEAR" | "CANARY";
  /** Per cent of the traffic: the first step of a canary, or each step of a linear shift. */
  readonly percent: number | undefined;
  /** Minutes between two steps, and after the last one. */
  readonly bake: number;
  /** The names of CloudWatch alarms: if one of them is in ALARM, ECS shifts the traffic back. */
  readonly alarms: readonly string[];
  /** The traffic that ECS shifts: that of a Network Load Balancer's listeners, or of a name in Service Connect alone. */
  readonly of: "listeners" | "name";
}

interface Options {
  readonly shift?: unknown;
  readonly every?: unknown;
  readonly alarms?: unknown;
  readonly verify?: unknown;
  readonly verifyTimeout?: unknown;
  readonly keepOld?: unknown;
  readonly preview?: unknown;
}

/** Source: ECS API reference, DeploymentConfiguration. */
const EVERY = { min: 0, max: 86_400 };
const DEFAULT_EVERY = 60;
const MIN_LINEAR = 3;

/** What ECS shifts the traffic of, in messages. */
const SUBJECTS = { name: "a name in Service Connect", listeners: "a Network Load Balancer" } as const;

const unsupported = (subject: string) =>
  ({
    verify: `is not supported with ${subject}, whose traffic ECS shifts by itself: use alarms`,
    verifyTimeout: `is not supported with ${subject}, whose traffic ECS shifts by itself`,
    keepOld: `is not supported with ${subject}: ECS stops the old version after \`every\`, for which it can return at once`,
  }) as const;

const PREVIEWS = {
  name: "is not supported with a name in Service Connect: clients reach the new version with the header x-amzn-ecs-blue-green-test",
  listeners:
    "is not supported with a Network Load Balancer, which has no rules: use `shift`, so that a few connections go to the new version first",
} as const;

/**
 * Parses the options of `.blueGreen()` for a deployment without an Application Load Balancer: behind Network Load
 * Balancers, or reached by a name only.
 */
export function parseEcsBlueGreen(
  input: NonNullable<DeploymentInput["blueGreen"]>,
  of: EcsBlueGreenSpec["of"],
  issues: Issues,
): EcsBlueGreenSpec {
  const options = new OptionsReader<Options>(input.options, "blueGreen", issues);
  const reasons = { ...unsupported(SUBJECTS[of]), preview: PREVIEWS[of] };
  for (const [key, why] of Object.entries(reasons) as [keyof typeof reasons, string][])
    if (options.raw(key) !== undefined) options.issue(key, why);
  const every = options.duration("every", EVERY) ?? DEFAULT_EVERY;
  const alarms = options.strings("alarms") ?? [];
  const shift = parseShift(options, SUBJECTS[of]);
  options.close();
  return { ...shift, bake: Math.ceil(every / 60), alarms, of };
}

/** ECS knows three ways: all at once, one smaller step before the rest, and equal steps. */
function parseShift(
  options: OptionsReader<Options>,
  subject: string,
): Pick<EcsBlueGreenSpec, "strategy" | "percent"> {
  const value = options.raw("shift");
  if (value === undefined) return { strategy: "BLUE_GREEN", percent: undefined };
  const steps = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const [first] = steps;
  const isEqual = steps.every((step, index) => step === (first as number) * (index + 1) || step === 100);
  if (steps.length === 1 && first === 100) return { strategy: "BLUE_GREEN", percent: undefined };
  if (Number.isInteger(first) && (first as number) > 0 && steps.at(-1) === 100) {
    const percent = first as number;
    if (steps.length === 2 && percent < 100) return { strategy: "CANARY", percent };
    if (isEqual && steps.length === Math.ceil(100 / percent) && percent >= MIN_LINEAR)
      return { strategy: "LINEAR", percent };
  }
  options.issue(
    "shift",
    `must be [100], two steps such as [10, 100], or equal steps such as [25, 50, 75, 100], which ECS shifts by itself for ${subject}; got ${formatValue(value)}`,
  );
  return { strategy: "BLUE_GREEN", percent: undefined };
}

/**
 * Seconds until a Network Load Balancer routes new connections by changed weights: ECS waits as long after each change.
 * Source: see above.
 */
export const NETWORK_SHIFT = 600;

/** The longest time that the steps take, in seconds, and the way back from the last one. */
export function ecsBlueGreenSeconds({ strategy, percent, bake, of }: EcsBlueGreenSpec): number {
  const steps = strategy === "BLUE_GREEN" ? 1 : strategy === "CANARY" ? 2 : Math.ceil(100 / (percent ?? 100));
  return steps * bake * 60 + (of === "listeners" ? (steps + 1) * NETWORK_SHIFT : 0);
}
