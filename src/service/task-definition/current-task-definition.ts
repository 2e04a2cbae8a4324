import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import { taskDefinitionNormalForm } from "./task-definition-normal-form.js";

type Plain = { readonly [key: string]: unknown };

/**
 * The registered task definition, written as the description writes it: equal to the description where AWS
 * has what was sent (the description, overridden), in normal form elsewhere. A comparison then finds real
 * differences only.
 *
 * @param wasSent - true if the revision was registered with exactly this input: AWS has filled in what it has
 * in addition
 */
export function currentTaskDefinition(
  described: RegisterTaskDefinitionCommandInput,
  sent: RegisterTaskDefinitionCommandInput,
  registered: TaskDefinition,
  wasSent = false,
): unknown {
  const wanted = taskDefinitionNormalForm(sent);
  const actual = taskDefinitionNormalForm(registered);
  if (wasSent ? includes(actual, wanted) : isDeepStrictEqual(wanted, actual)) return described;
  const current = likeDescribed(described, wanted, actual) as RegisterTaskDefinitionCommandInput;
  const looksDescribed = isDeepStrictEqual(
    taskDefinitionNormalForm(current),
    taskDefinitionNormalForm(described),
  );
  // The difference is in the override, which is new or has changed.
  return looksDescribed ? { ...current, override: "not applied" } : current;
}

/** True if `actual` has everything that `wanted` has; objects may have more members. */
function includes(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted) && Array.isArray(actual))
    return (
      wanted.length === actual.length &&
      wanted.every((item) => actual.some((candidate) => includes(candidate, item)))
    );
  if (!isPlain(wanted) || !isPlain(actual)) return isDeepStrictEqual(actual, wanted);
  return Object.entries(wanted).every(([key, member]) => includes(actual[key], member));
}

function likeDescribed(described: unknown, wanted: unknown, registered: unknown): unknown {
  if (isDeepStrictEqual(wanted, registered)) return described;
  if (Array.isArray(described) && Array.isArray(wanted) && Array.isArray(registered)) {
    return namedItems(described, wanted, registered);
  }
  if (!isPlain(described) || !isPlain(wanted) || !isPlain(registered)) return registered;
  const keys = new Set([...Object.keys(described), ...Object.keys(wanted), ...Object.keys(registered)]);
  return Object.fromEntries(
    [...keys]
      .map((key) => [key, likeDescribed(described[key], wanted[key], registered[key])] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** Named items (containers, variables, secrets) in the order of the description, others at the end. */
function namedItems(
  described: readonly unknown[],
  wanted: readonly unknown[],
  registered: readonly unknown[],
): unknown {
  if (![...described, ...registered].every((item) => nameOf(item) !== undefined)) return registered;
  const named = (list: readonly unknown[], name: string | undefined) =>
    list.find((item) => nameOf(item) === name);
  return [
    // What the registered one does not have is left out.
    ...described
      .map((item) => likeDescribed(item, named(wanted, nameOf(item)), named(registered, nameOf(item))))
      .filter((item) => item !== undefined),
    ...registered.filter((item) => named(described, nameOf(item)) === undefined),
  ];
}

const nameOf = (item: unknown): string | undefined =>
  isPlain(item) && typeof item.name === "string" ? item.name : undefined;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);
