import { unmanagedAttribute, unmanagedAttributeProblem } from "./unmanaged-attribute.js";
import type { CapacityType } from "./capacity-type.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The instances on which ECS places a service's tasks, and from which it removes tasks first. */
export interface PlacementOptions {
  /** Placement strategies in order of precedence, at most 5. @defaultValue the strategies of `"spread"` */
  readonly strategy?: readonly PlacementStrategyOption[] | undefined;
  /** Placement constraints, which every instance must meet; at most 10. @defaultValue none */
  readonly constraints?: readonly PlacementConstraintOption[] | undefined;
}

/**
 * A placement strategy:
 * - `{ spread: "zone" }`, `{ spread: "instance" }`: evenly across Availability Zones, or across instances
 * - `{ spread: "attribute:rack" }`: evenly across the values of an instance attribute
 * - `{ binpack: "memory" }`, `{ binpack: "cpu" }`: on the instance with the least remaining memory or CPU
 * - `"random"`: on a random instance
 */
export type PlacementStrategyOption =
  "random" | { readonly spread: string } | { readonly binpack: "cpu" | "memory" };

/**
 * A placement constraint:
 * - `"distinctInstance"`: at most one task of the service on each instance
 * - `{ memberOf: "attribute:ecs.instance-type =~ g4dn.*" }`: instances that match a cluster query expression
 */
export type PlacementConstraintOption = "distinctInstance" | { readonly memberOf: string };

/** Placement strategies and constraints in ECS's terms. */
export interface PlacementSpec {
  readonly strategy: readonly PlacementStrategySpec[];
  readonly constraints: readonly PlacementConstraintSpec[];
}

export interface PlacementStrategySpec {
  readonly type: "random" | "spread" | "binpack";
  readonly field?: string;
}

export interface PlacementConstraintSpec {
  readonly type: "distinctInstance" | "memberOf";
  readonly expression?: string;
}

/** ECS's names of the fields. */
const FIELDS: Readonly<Record<string, string>> = Object.freeze({
  zone: "attribute:ecs.availability-zone",
  instance: "instanceId",
});
/** A built-in or custom attribute of an instance. Source: ECS API reference, Attribute `name`. */
const ATTRIBUTE = /^attribute:[A-Za-z0-9_.\\/-]{1,128}$/;
/** Source: ECS API reference, CreateService `placementStrategy` and `placementConstraints`. */
const MAX_STRATEGIES = 5;
const MAX_CONSTRAINTS = 10;

const spread = (field: string): PlacementStrategySpec => ({ type: "spread", field });

/** Across zones, then instances, so that the loss of one stops as few tasks as possible. */
export const SPREAD: PlacementSpec = Object.freeze({
  strategy: [spread(FIELDS["zone"]!), spread(FIELDS["instance"]!)],
  constraints: [],
});

/** None: as ECS places tasks by itself. */
export const NO_PLACEMENT: PlacementSpec = Object.freeze({ strategy: [], constraints: [] });

/** On as few instances as possible. */
const BINPACK: PlacementSpec = Object.freeze<PlacementSpec>({
  strategy: [{ type: "binpack", field: "memory" }],
  constraints: [],
});

/** Parses a service's placement. Returns `undefined` on Fargate, which has no instances. */
export function parsePlacement(
  value: unknown,
  capacity: CapacityType,
  issues: Issues,
): PlacementSpec | undefined {
  const path = "service.placement";
  if (capacity === "fargate") {
    if (value !== undefined)
      issues.add(
        path,
        "is not supported on Fargate, where AWS spreads tasks across Availability Zones: remove it",
      );
    return undefined;
  }
  if (capacity === "managed-instances") return parseManaged(value, path, issues);
  if (value === undefined || value === "spread") return SPREAD;
  if (value === "binpack") return BINPACK;
  if (!isPlainObject(value)) {
    issues.add(path, `must be "spread", "binpack" or { strategy, constraints }; got ${formatValue(value)}`);
    return SPREAD;
  }
  const options = new OptionsReader<PlacementOptions>(value, path, issues);
  const strategy = listOf(options, "strategy", MAX_STRATEGIES, parseStrategy, issues);
  const constraints = listOf(options, "constraints", MAX_CONSTRAINTS, parseConstraint, issues);
  options.close();
  return { strategy: strategy ?? SPREAD.strategy, constraints: constraints ?? [] };
}

/** ECS spreads tasks on Managed Instances by itself, and takes constraints only. */
function parseManaged(value: unknown, path: string, issues: Issues): PlacementSpec {
  if (value === undefined) return NO_PLACEMENT;
  if (!isPlainObject(value) || value["strategy"] !== undefined) {
    issues.add(
      path,
      "must have no strategy on Managed Instances, where ECS spreads tasks across Availability Zones: use { constraints }, or remove it",
    );
    return NO_PLACEMENT;
  }
  const options = new OptionsReader<PlacementOptions>(value, path, issues);
  const constraints = listOf(options, "constraints", MAX_CONSTRAINTS, parseConstraint, issues) ?? [];
  options.close();
  const other = constraints
    .map(({ expression }) => unmanagedAttribute(expression))
    .find((attribute) => attribute !== undefined);
  if (other !== undefined) issues.add(options.pathOf("constraints"), unmanagedAttributeProblem(other));
  return { strategy: [], constraints };
}

function listOf<Item>(
  options: OptionsReader<PlacementOptions>,
  key: keyof PlacementOptions,
  max: number,
  parse: (item: unknown) => Item | string,
  issues: Issues,
): Item[] | undefined {
  const value = options.raw(key);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > max) {
    options.issue(key, `must be an array of at most ${max} items; got ${formatValue(value)}`);
    return undefined;
  }
  return value.flatMap((each: unknown, index) => {
    const item = parse(each);
    if (typeof item !== "string") return [item];
    issues.add(`${options.pathOf(key)}.${index}`, `must be ${item}; got ${formatValue(each)}`);
    return [];
  });
}

function parseStrategy(item: unknown): PlacementStrategySpec | string {
  if (item === "random") return { type: "random" };
  const [[type, field] = [], ...others] = isPlainObject(item) ? Object.entries(item) : [];
  if (others.length === 0 && type === "binpack" && (field === "cpu" || field === "memory"))
    return { type, field };
  if (others.length === 0 && type === "spread" && typeof field === "string") {
    const known = Object.hasOwn(FIELDS, field) ? FIELDS[field] : field;
    if (known === "instanceId" || ATTRIBUTE.test(known!)) return { type, field: known! };
  }
  return '"random", { spread: "zone" }, { spread: "instance" }, { spread: "attribute:…" }, { binpack: "cpu" } or { binpack: "memory" }';
}

function parseConstraint(item: unknown): PlacementConstraintSpec | string {
  if (item === "distinctInstance") return { type: "distinctInstance" };
  const [[type, expression] = [], ...others] = isPlainObject(item) ? Object.entries(item) : [];
  if (
    others.length === 0 &&
    type === "memberOf" &&
    typeof expression === "string" &&
    expression.trim() !== ""
  ) {
    // A quantifier with nothing before it is no regular expression in any dialect; ECS's is Java's.
    return !/(?:=~|\bmatches)\s*[*+?]/.test(expression)
      ? { type, expression }
      : 'a cluster query expression with a regular expression after =~, such as "attribute:ecs.instance-type =~ g4dn.*" (any text is .*)';
  }
  return '"distinctInstance" or { memberOf: "attribute:ecs.instance-type =~ g4dn.*" }';
}
