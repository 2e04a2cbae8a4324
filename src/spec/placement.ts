import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** On which instances ECS places a service's tasks, and which it takes from when there are to be fewer. */
export interface PlacementOptions {
  /** What counts first stands first; at most 5. @defaultValue as with `"spread"` */
  readonly strategy?: readonly PlacementStrategyOption[] | undefined;
  /** What every instance must meet; at most 10. @defaultValue none */
  readonly constraints?: readonly PlacementConstraintOption[] | undefined;
}

/**
 * - `{ spread: "zone" }`, `{ spread: "instance" }`: evenly over the zones, over the instances
 * - `{ spread: "attribute:rack" }`: evenly over the values of an attribute of the instances
 * - `{ binpack: "memory" }`, `{ binpack: "cpu" }`: where the least of it is left
 * - `"random"`
 */
export type PlacementStrategyOption =
  "random" | { readonly spread: string } | { readonly binpack: "cpu" | "memory" };

/**
 * - `"distinctInstance"`: no two tasks of the service on one instance
 * - `{ memberOf: "attribute:ecs.instance-type =~ g4dn.*" }`: an expression of ECS's cluster query language
 */
export type PlacementConstraintOption = "distinctInstance" | { readonly memberOf: string };

/** On which instances tasks are placed, in ECS's words. */
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

/** What ECS calls them. */
const FIELDS: Readonly<Record<string, string>> = Object.freeze({
  zone: "attribute:ecs.availability-zone",
  instance: "instanceId",
});
/** A platform's or a user's attribute of an instance. Source: ECS API reference, Attribute `name`. */
const ATTRIBUTE = /^attribute:[A-Za-z0-9_.\\/-]{1,128}$/;
/** Source: ECS API reference, CreateService `placementStrategy` and `placementConstraints`. */
const MOST_STRATEGIES = 5;
const MOST_CONSTRAINTS = 10;

const spread = (field: string): PlacementStrategySpec => ({ type: "spread", field });

/** Over the zones, and there over the instances: one that is lost takes as few tasks along as possible. */
export const SPREAD: PlacementSpec = Object.freeze({
  strategy: [spread(FIELDS["zone"]!), spread(FIELDS["instance"]!)],
  constraints: [],
});

/** As few instances as possible. */
const BINPACK: PlacementSpec = Object.freeze<PlacementSpec>({
  strategy: [{ type: "binpack", field: "memory" }],
  constraints: [],
});

/** Where a service's tasks are placed; `undefined` on Fargate, which has no instances. */
export function parsePlacement(
  value: unknown,
  capacity: "ec2" | "fargate",
  issues: Issues,
): PlacementSpec | undefined {
  const path = "service.placement";
  if (capacity === "fargate") {
    if (value !== undefined)
      issues.add(
        path,
        "is for tasks on EC2 instances: on Fargate leave it out, AWS spreads tasks over zones",
      );
    return undefined;
  }
  if (value === undefined || value === "spread") return SPREAD;
  if (value === "binpack") return BINPACK;
  if (!isPlainObject(value)) {
    issues.add(path, `must be "spread", "binpack" or { strategy, constraints }; got ${formatValue(value)}`);
    return SPREAD;
  }
  const options = new OptionsReader<PlacementOptions>(value, path, issues);
  const strategy = listOf(options, "strategy", MOST_STRATEGIES, parseStrategy, issues);
  const constraints = listOf(options, "constraints", MOST_CONSTRAINTS, parseConstraint, issues);
  options.close();
  return { strategy: strategy ?? SPREAD.strategy, constraints: constraints ?? [] };
}

function listOf<Item>(
  options: OptionsReader<PlacementOptions>,
  key: keyof PlacementOptions,
  most: number,
  read: (item: unknown) => Item | string,
  issues: Issues,
): Item[] | undefined {
  const value = options.raw(key);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > most) {
    options.issue(key, `must be an array of at most ${most}; got ${formatValue(value)}`);
    return undefined;
  }
  return value.flatMap((each: unknown, index) => {
    const item = read(each);
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
    return { type, expression };
  }
  return '"distinctInstance" or { memberOf: "attribute:ecs.instance-type =~ g4dn.*" }';
}
