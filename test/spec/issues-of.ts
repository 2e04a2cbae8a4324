import { Deployment, SpecError } from "../../src/index.js";

/** A chain as JavaScript's users see it: no compiler looks at what they say. */
export interface Untyped {
  readonly [method: string]: (...words: unknown[]) => Untyped;
}

export const untyped = (chain: object): Untyped => chain as Untyped;

/** Complete and right: what a test adds to it is what is wrong with it. */
export const talk = untyped(
  new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster"),
);

/** What is wrong with a description, a line each. */
export function issuesOf(chain: Untyped): readonly string[] {
  try {
    chain["toJSON"]!();
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** The one issue that each of the values is refused with. */
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

/** The values that are refused although they should not be. */
export function wronglyRefused<Value>(
  values: readonly Value[],
  describe: (value: Value) => Untyped,
): readonly string[] {
  return values.flatMap((value) => issuesOf(describe(value)));
}
