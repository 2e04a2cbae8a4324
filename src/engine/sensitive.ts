import { escaped, mapTexts } from "../printable.js";
import type { FieldChange } from "./kind.js";
import type { Change } from "./plan.js";

/** Terraform's words for a value that is not shown. */
const HIDDEN = "(sensitive value)";
const HIDDEN_CHANGE = "(sensitive value, changed)";
const ENVIRONMENT = "environment";

/**
 * A change as users get it. Environment variables have their names in the paths, and no values: plans, and the logs
 * of CI that show them, have more readers than task definitions.
 *
 * @param desired - the desired state, which has the names of the variables
 */
export function shownChange<T extends Change>(change: T, desired: object, showSensitive: boolean): T {
  let { reason } = change;
  const fields = change.fields.map((field): FieldChange => {
    const named = withName(field, desired);
    if (named.path !== field.path) reason = reason.replace(field.path, named.path);
    const { path, before, after } = showSensitive ? named : withoutValues(named);
    return { path: escaped(path), before: mapTexts(before, escaped), after: mapTexts(after, escaped) };
  });
  return { ...change, reason: escaped(reason), fields };
}

/** `environment.2.value` as `environment.TOKEN`: ECS lists variables as `[{ name, value }]`. */
function withName({ path, before, after }: FieldChange, desired: object): FieldChange {
  const [, start, index, rest] = /^(.*\benvironment)\.(\d+)(?:\.(name|value))?$/.exec(path) ?? [];
  const variables = start === undefined ? undefined : valueAt(desired, start.split("."));
  if (!Array.isArray(variables) || rest === "name") return { path, before, after };
  const variable = [variables[Number(index)], after, before].find(isVariable);
  if (variable === undefined) return { path, before, after };
  const valueOf = (value: unknown): unknown => (isVariable(value) ? value.value : value);
  return { path: `${start}.${variable.name}`, before: valueOf(before), after: valueOf(after) };
}

function withoutValues({ path, before, after }: FieldChange): FieldChange {
  const below = path.split(".").indexOf(ENVIRONMENT);
  if (below === -1) return { path, before: hideBelow(before), after: hideBelow(after) };
  const old = hideVariables(before);
  const isChange = old === HIDDEN && after !== undefined;
  return { path, before: old, after: isChange ? HIDDEN_CHANGE : hideVariables(after) };
}

/** Hides the values of all variables in a larger value. */
function hideBelow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideBelow);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === ENVIRONMENT ? hideVariables(item) : hideBelow(item),
    ]),
  );
}

/** Variables are `[{ name, value }]` in ECS, and `{ NAME: value }` in chains. */
function hideVariables(value: unknown): unknown {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) {
    return value.map((each: unknown) =>
      isVariable(each) ? { name: each.name, value: HIDDEN } : hideVariables(each),
    );
  }
  if (!isObject(value)) return HIDDEN;
  return Object.fromEntries(Object.keys(value).map((name) => [name, HIDDEN]));
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((each, key) => (isObject(each) ? each[key] : undefined), value);

const isVariable = (value: unknown): value is { readonly name: string; readonly value: unknown } =>
  isObject(value) &&
  typeof value["name"] === "string" &&
  Object.keys(value).every((key) => /^(name|value)$/.test(key));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
