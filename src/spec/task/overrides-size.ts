import type { Issues } from "../parsing/issues.js";

/** Source: ECS API reference, RunTask: "A total of 8192 characters are allowed for overrides", with the JSON's own. */
const MAX_CHARACTERS = 8192;

interface ContainerOverride {
  readonly command?: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Reports a command and variables of single tasks that ECS would refuse for their size.
 *
 * @param container - the name of the container
 */
export function reportOverridesSize(
  { command, environment }: ContainerOverride,
  container: string,
  path: string,
  issues: Issues,
): void {
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const override = {
    name: container,
    ...(command !== undefined && { command }),
    ...(variables.length > 0 && { environment: variables }),
  };
  const size = JSON.stringify({ containerOverrides: [override] }).length;
  if (size <= MAX_CHARACTERS) return;
  const isCommand = JSON.stringify(command ?? []).length > JSON.stringify(variables).length;
  issues.add(
    `${path}.${isCommand ? "command" : "environment"}`,
    `makes the task's overrides too large: ECS allows ${MAX_CHARACTERS} characters of JSON for command and environment together, which cannot be raised, and they have ${size}: pass large values in S3 or a database, and their key in a variable`,
  );
}
