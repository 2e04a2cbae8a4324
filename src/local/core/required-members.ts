import type { ServiceError } from "./service-error.js";

/**
 * Rejects an input that lacks a member which the API's model requires. In the query protocols, an empty string
 * counts as missing; it does here, too.
 */
export function requireMembers<Input extends object>(
  input: Input,
  names: readonly (keyof Input & string)[],
  createError: (name: string) => ServiceError,
): void {
  for (const name of names) {
    const value = input[name];
    if (value === undefined || value === null || value === "") throw createError(name);
  }
}

/** Like `requireMembers`, with the message of most services; `error` adds the service's code. */
export const membersRequired =
  (createError: (message: string) => ServiceError) =>
  <Input extends object>(input: Input, names: readonly (keyof Input & string)[]): void =>
    requireMembers(input, names, (name) =>
      createError(
        `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
      ),
    );
