import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";

/** Container name -> what it must have come to. */
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
      `must be containers and conditions, such as { "db-proxy": "HEALTHY" }; got ${formatValue(value)}`,
    );
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, DependencySpec] => {
      const [name, condition] = entry;
      const isOne = CONDITIONS.includes(condition);
      if (!isOne)
        issues.add(
          `${path}.${name}`,
          `must be "START", "HEALTHY", "COMPLETE" or "SUCCESS"; got ${formatValue(condition)}`,
        );
      return isOne;
    }),
  );
}

/** The parts of a container that decide what can depend on it. */
interface Dependency {
  readonly name: string;
  readonly healthCheck: object | undefined;
  readonly dependsOn: Readonly<Record<string, DependencySpec>>;
}

interface Sidecar extends Dependency {
  readonly essential: boolean;
}

/** What ECS refuses, and what would never start. */
export function checkDependencies(main: Dependency, sidecars: readonly Sidecar[], issues: Issues): void {
  const containers = [
    { path: "container", essential: true, ...main },
    ...sidecars.map((sidecar) => ({ path: `sidecar.${sidecar.name}`, ...sidecar })),
  ];
  const byName = new Map(containers.map((each) => [each.name, each]));
  for (const { name, path, dependsOn } of containers) {
    for (const [other, condition] of Object.entries(dependsOn)) {
      const found = byName.get(other);
      const why =
        found === undefined
          ? `there is no such container in the task: ${[...byName.keys()].join(", ")}`
          : whyNot(found, condition, name, byName);
      if (why !== undefined) issues.add(`${path}.dependsOn.${other}`, why);
    }
  }
}

/** Source: ECS API reference, ContainerDependency `condition`. */
function whyNot(
  found: Sidecar,
  condition: DependencySpec,
  dependent: string,
  byName: ReadonlyMap<string, Dependency>,
): string | undefined {
  if (leadsTo(found.name, dependent, byName))
    return `would never start: ${found.name === dependent ? "it is the container itself" : `${found.name} waits for ${dependent}`}`;
  if (condition === "HEALTHY" && found.healthCheck === undefined)
    return `needs a healthCheck of ${found.name}: HEALTHY is what that says`;
  if ((condition === "COMPLETE" || condition === "SUCCESS") && found.essential)
    return `needs ${found.name} to be { essential: false }: the task ends when an essential container does`;
  return undefined;
}

/** Whether a container waits for another one, directly or through others. */
function leadsTo(
  from: string,
  to: string,
  byName: ReadonlyMap<string, Dependency>,
  seen: Set<string> = new Set(),
): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return Object.keys(byName.get(from)?.dependsOn ?? {}).some((next) => leadsTo(next, to, byName, seen));
}
