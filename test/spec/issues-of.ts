import { Deployment, SpecError } from "../../src/index.js";

/** A chain without types, as in JavaScript. */
export interface Untyped {
  readonly [method: string]: (...args: unknown[]) => Untyped;
}

export const untyped = (chain: object): Untyped => chain as Untyped;

/** A complete and valid deployment: every issue comes from what a test adds. */
export const talk = untyped(
  new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster"),
);

/** Returns the issues of a description, one line each. */
export function issuesOf(chain: Untyped): readonly string[] {
  try {
    chain["toJSON"]!();
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** Returns the only issue with which each value is rejected. */
export function refusals<Value>(
  values: readonly Value[],
  describe: (value: Value) => Untyped,
): readonly string[] {
  return values.map((value) => {
    const issues = issuesOf(describe(value));
    if (issues.length !== 1)
      throw new Error(`expected one issue of ${JSON.stringify(value)}, got ${JSON.stringify(issues)}`);
    return issues[0]!;
  });
}

/** Returns the issues of values that should be accepted. */
export function wronglyRefused<Value>(
  values: readonly Value[],
  describe: (value: Value) => Untyped,
): readonly string[] {
  return values.flatMap((value) => issuesOf(describe(value)));
}
