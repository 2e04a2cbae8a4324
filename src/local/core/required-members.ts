import type { ServiceError } from "./service-error.js";

/** Refuses an input that lacks a member which the API's model requires. An empty string counts as missing in the query protocols, and so here. */
export function requireMembers<Input extends object>(
  input: Input,
  names: readonly (keyof Input & string)[],
  refuse: (name: string) => ServiceError,
): void {
  for (const name of names) {
    const value = input[name];
    if (value === undefined || value === null || value === "") throw refuse(name);
  }
}

/** The same in the words of most services: `refuse` gives them their code. */
export const membersRequired =
  (refuse: (message: string) => ServiceError) =>
  <Input extends object>(input: Input, names: readonly (keyof Input & string)[]): void =>
    requireMembers(input, names, (name) =>
      refuse(
        `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
      ),
    );
