import { isDeepStrictEqual } from "node:util";
import type { FieldChange } from "../engine/kind.js";
import type { AwsContext } from "./context.js";

type Plain = Readonly<Record<string, unknown>>;

/** What the user's override makes of a create request, beside what AWS has. */
export interface OverrideEffect<Input> {
  /** The fields that the override changed and AWS has as they were overridden. */
  readonly applied: ReadonlySet<string>;
  /** The fields that the override changed and AWS has otherwise: `override.PermissionsBoundary`. */
  readonly unapplied: readonly FieldChange[];
  /** Those fields as the override wants them. */
  readonly missing: Partial<Input>;
}

/** The first part of a plan's path to a field that an override changes. */
export const OVERRIDE = "override";
/** Tags are compared for themselves. */
const TAGS = new Set(["Tags", "tags"]);

/**
 * Compares a resource with its create request as the user's override makes it. A field that AWS does not report
 * (that is absent from `present`) counts as applied.
 *
 * @param present - what AWS has, under the names of the request's fields
 */
export function overrideEffect<Input extends object>(
  operation: string,
  input: Input,
  present: { readonly [K in keyof Input]?: unknown },
  context: Pick<AwsContext, "overridden">,
): OverrideEffect<Input> {
  const described = input as Plain;
  const sent = context.overridden(operation, input) as Plain;
  const now = present as Plain;
  const applied = new Set<string>();
  const missing: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(sent)) {
    if (TAGS.has(key) || value === undefined || isDeepStrictEqual(described[key], value)) continue;
    if (!(key in now) || includes(now[key], value)) applied.add(key);
    else missing[key] = value;
  }
  // A field that the override takes out is the service's own decision.
  for (const key of Object.keys(described)) if (sent[key] === undefined) applied.add(key);
  const unapplied = Object.entries(missing).map(([key, after]) => ({
    path: `${OVERRIDE}.${key}`,
    before: now[key],
    after,
  }));
  return { applied, unapplied, missing: missing as Partial<Input> };
}

/** True if the value has everything that was sent; AWS may add fields of its own. */
export function includes(value: unknown, sent: unknown): boolean {
  if (Array.isArray(sent))
    return (
      Array.isArray(value) &&
      value.length === sent.length &&
      sent.every((each, index) => includes(value[index], each))
    );
  if (typeof sent !== "object" || sent === null) return value === sent;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(sent).every(([key, each]) => includes((value as Plain)[key], each));
}

/** The change of a field of a request that the user's override asks for, if it is one of the changes. */
export const overriddenFields = (changes: readonly FieldChange[]): Plain =>
  Object.fromEntries(
    changes.flatMap(({ path, after }) =>
      path.startsWith(`${OVERRIDE}.`) ? [[path.slice(OVERRIDE.length + 1), after]] : [],
    ),
  );
