import type { ImageInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";

/** The conditions that other containers must meet, by container name. */
export type DependenciesOptions = Readonly<Record<string, "START" | "HEALTHY" | "COMPLETE" | "SUCCESS">>;

export type DependencySpec = "START" | "HEALTHY" | "COMPLETE" | "SUCCESS";

const CONDITIONS: readonly unknown[] = Object.freeze(["START", "HEALTHY", "COMPLETE", "SUCCESS"]);

export function parseDependencies(
  value: unknown,
  path: string,
  issues: Issues,
): Readonly<Record<string, DependencySpec>> {
  if (value === undefined) return {};
  if (!isPlainObject(value)) {
    issues.add(
      path,
      `must be an object of container names and conditions, such as { "db-proxy": "HEALTHY" }; got ${formatValue(value)}`,
    );
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, DependencySpec] => {
      const [name, condition] = entry;
      const isValid = CONDITIONS.includes(condition);
      if (!isValid)
        issues.add(
          `${path}.${name}`,
          `must be "START", "HEALTHY", "COMPLETE" or "SUCCESS"; got ${formatValue(condition)}`,
        );
      return isValid;
    }),
  );
}

/** The parts of a container that decide whether others can depend on it. */
interface Dependency {
  readonly name: string;
  readonly healthCheck: object | undefined;
  readonly dependsOn: Readonly<Record<string, DependencySpec>>;
}

interface Sidecar extends Dependency {
  readonly essential: boolean;
}

/** A container that may have the health check of its Dockerfile, which was not read: its image is not built. */
export const withUnknownHealthCheck = <Main extends Dependency>(
  main: Main,
  image: ImageInput | undefined,
): Main | (Main & { readonly healthCheck: object }) =>
  image?.dockerfile === "unknown" && main.healthCheck === undefined ? { ...main, healthCheck: {} } : main;

/** Reports dependencies that ECS rejects, or with which a container would never start. */
export function checkDependencies(main: Dependency, sidecars: readonly Sidecar[], issues: Issues): void {
  const containers = [
    { path: "container", essential: true, ...main },
    ...sidecars.map((sidecar) => ({ path: `sidecar.${sidecar.name}`, ...sidecar })),
  ];
  const byName = new Map(containers.map((each) => [each.name, each]));
  for (const { name, path, dependsOn } of containers) {
    for (const [other, condition] of Object.entries(dependsOn)) {
      const found = byName.get(other);
      const problem =
        found === undefined
          ? `the task has no container of this name; its containers are: ${[...byName.keys()].join(", ")}`
          : dependencyProblem(found, condition, name, byName);
      if (problem !== undefined) issues.add(`${path}.dependsOn.${other}`, problem);
    }
  }
}

/** Source: ECS API reference, ContainerDependency `condition`. */
function dependencyProblem(
  found: Sidecar,
  condition: DependencySpec,
  dependent: string,
  byName: ReadonlyMap<string, Dependency>,
): string | undefined {
  if (waitsFor(found.name, dependent, byName))
    return `is circular: ${found.name === dependent ? "a container cannot depend on itself" : `${found.name} depends on ${dependent}`}`;
  if (condition === "HEALTHY" && found.healthCheck === undefined)
    return `requires a healthCheck on ${found.name}, which decides whether it is HEALTHY`;
  if ((condition === "COMPLETE" || condition === "SUCCESS") && found.essential)
    return `requires { essential: false } on ${found.name}: a task stops when an essential container exits`;
  return undefined;
}

/** True if a container depends on another one, directly or through others. */
function waitsFor(
  from: string,
  to: string,
  byName: ReadonlyMap<string, Dependency>,
  seen: Set<string> = new Set(),
): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return Object.keys(byName.get(from)?.dependsOn ?? {}).some((next) => waitsFor(next, to, byName, seen));
}
