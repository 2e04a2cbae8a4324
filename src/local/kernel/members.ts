import type { Refusal } from "./refusal.js";

/** Refuses an input that lacks a member which the API's model requires. An empty string counts as missing in the query protocols, and so here. */
export function requireMembers<Input extends object>(
  input: Input,
  names: readonly (keyof Input & string)[],
  refuse: (name: string) => Refusal,
): void {
  for (const name of names) {
    const value = input[name];
    if (value === undefined || value === null || value === "") throw refuse(name);
  }
}
