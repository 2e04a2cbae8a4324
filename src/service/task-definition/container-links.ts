import type { TaskSpec } from "../../spec/deployment-spec.js";
import type { ContainerSpec } from "../../spec/container.js";

/*
 * In bridge mode, the network mode of tasks on EC2, every container has a network of its own: a link lets one
 * container reach another one by name. A linked container starts first, so links must not form a cycle.
 */

/**
 * The links to its dependencies, except those that have exited by then: Docker links only to running
 * containers.
 */
export const dependencyLinks = ({ dependsOn }: Pick<ContainerSpec, "dependsOn">): string[] =>
  Object.entries(dependsOn)
    .filter(([, condition]) => condition === "START" || condition === "HEALTHY")
    .map(([name]) => name)
    .sort();

/** The main container's links: its dependencies, and every essential sidecar that does not wait for it. */
export function mainLinks({ container, sidecars }: Pick<TaskSpec, "container" | "sidecars">): string[] {
  const waits = (name: string): boolean => {
    const dependsOn = Object.keys(sidecars.find((each) => each.name === name)?.dependsOn ?? {});
    return dependsOn.includes(container.name) || dependsOn.some(waits);
  };
  const served = sidecars.filter(({ name, essential }) => essential && !waits(name)).map(({ name }) => name);
  return [...new Set([...dependencyLinks(container), ...served])].sort();
}
