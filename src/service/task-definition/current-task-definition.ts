import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import { taskDefinitionNormalForm } from "./task-definition-normal-form.js";

type Plain = { readonly [key: string]: unknown };

/**
 * What AWS has registered, written as the description writes it: equal to it where it is what was sent
 * (the description, overridden), in normal form where it is not. So a comparison finds what differs, and
 * nothing else.
 */
export function currentTaskDefinition(
  described: RegisterTaskDefinitionCommandInput,
  sent: RegisterTaskDefinitionCommandInput,
  registered: TaskDefinition,
): unknown {
  const wanted = taskDefinitionNormalForm(sent);
  const actual = taskDefinitionNormalForm(registered);
  if (isDeepStrictEqual(wanted, actual)) return described;
  const current = asDescribed(described, wanted, actual) as RegisterTaskDefinitionCommandInput;
  const looksDescribed = isDeepStrictEqual(
    taskDefinitionNormalForm(current),
    taskDefinitionNormalForm(described),
  );
  // What differs is not in the description but in the override, which is new or another one.
  return looksDescribed ? { ...current, override: "not applied" } : current;
}

function asDescribed(described: unknown, wanted: unknown, registered: unknown): unknown {
  if (isDeepStrictEqual(wanted, registered)) return described;
  if (Array.isArray(described) && Array.isArray(wanted) && Array.isArray(registered)) {
    return items(described, wanted, registered);
  }
  if (!isPlain(described) || !isPlain(wanted) || !isPlain(registered)) return registered;
  const keys = new Set([...Object.keys(described), ...Object.keys(wanted), ...Object.keys(registered)]);
  return Object.fromEntries(
    [...keys]
      .map((key) => [key, asDescribed(described[key], wanted[key], registered[key])] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** Named items (containers, variables, secrets) at the places that the description gives them; new ones at the end. */
function items(
  described: readonly unknown[],
  wanted: readonly unknown[],
  registered: readonly unknown[],
): unknown {
  if (![...described, ...registered].every((item) => nameOf(item) !== undefined)) return registered;
  const named = (list: readonly unknown[], name: string | undefined) =>
    list.find((item) => nameOf(item) === name);
  return [
    ...described.map((item) =>
      asDescribed(item, named(wanted, nameOf(item)), named(registered, nameOf(item))),
    ),
    ...registered.filter((item) => named(described, nameOf(item)) === undefined),
  ];
}

const nameOf = (item: unknown): string | undefined =>
  isPlain(item) && typeof item.name === "string" ? item.name : undefined;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);
