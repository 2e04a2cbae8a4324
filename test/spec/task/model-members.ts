import { RegisterTaskDefinitionRequest$ } from "@aws-sdk/client-ecs";
import { UNSUPPORTED } from "../../../src/spec/from-task-definition/unsupported.js";

/** The members of ECS's model that have a word in the chain. */
export const wordedMembers = (): string[] =>
  membersOf(RegisterTaskDefinitionRequest$).filter(
    (path) => !Object.keys(UNSUPPORTED).some((each) => path === each || path.startsWith(`${each}.`)),
  );

/** The paths of all members of ECS's model, lists without their indices; maps have keys of the user's. */
function membersOf(schema: unknown, path = ""): string[] {
  const resolved = resolve(schema);
  if (!Array.isArray(resolved)) return [path];
  const [kind, , , , first, second] = resolved as [number, unknown, unknown, unknown, unknown, unknown];
  if (kind === 1) return membersOf(first, path);
  // A structure, or a union of some.
  if (kind !== 3 && kind !== 4) return [path];
  return (first as string[]).flatMap((name, index) =>
    membersOf((second as unknown[])[index], path === "" ? name : `${path}.${name}`),
  );
}

function resolve(schema: unknown): unknown {
  if (typeof schema === "function") return resolve(schema());
  // A member with traits of its own.
  return Array.isArray(schema) && typeof schema[0] !== "number" ? resolve(schema[0]) : schema;
}

/** The paths that a task definition has. */
export function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => typeof item === "object")
      ? value.flatMap((item) => pathsOf(item, path))
      : [path];
  if (typeof value !== "object" || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, member]) =>
    pathsOf(member, path === "" ? key : `${path}.${key}`),
  );
  return [path, ...inside];
}
