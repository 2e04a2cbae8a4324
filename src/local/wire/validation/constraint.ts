/**
 * What a value must satisfy: the length of a string or list, the value of a number, a pattern, an enumeration.
 */
export interface Constraint {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** The name of the SDK's enumeration, where it is not the member's own. */
  readonly enum?: string;
}

/**
 * Constraints by `Member`, or by `Operation.Member` and `Structure.Member` where one differs from the others.
 * `Member[]` is each item of a list, `Member{key}` and `Member{value}` are those of a map.
 */
export type Constraints = Readonly<Record<string, Constraint>>;
