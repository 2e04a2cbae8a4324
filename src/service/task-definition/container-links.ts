import type { TaskSpec } from "../../spec/deployment-spec.js";
import type { ContainerSpec } from "../../spec/container.js";

/*
 * In bridge mode, which tasks on EC2 have, every container has a network of its own: a link lets one reach
 * another by its name. A linked container is started first, so that links may not go round in a circle.
 */

/** What it depends on, unless that has ended by the time: Docker links only to what runs. */
export const dependencyLinks = ({ dependsOn }: Pick<ContainerSpec, "dependsOn">): string[] =>
  Object.entries(dependsOn)
    .filter(([, condition]) => condition === "START" || condition === "HEALTHY")
    .map(([name]) => name)
    .sort();

/** The main container's: what it depends on, and every essential sidecar that does not wait for it. */
export function mainLinks({ container, sidecars }: Pick<TaskSpec, "container" | "sidecars">): string[] {
  const waits = (name: string): boolean => {
    const dependsOn = Object.keys(sidecars.find((each) => each.name === name)?.dependsOn ?? {});
    return dependsOn.includes(container.name) || dependsOn.some(waits);
  };
  const served = sidecars.filter(({ name, essential }) => essential && !waits(name)).map(({ name }) => name);
  return [...new Set([...dependencyLinks(container), ...served])].sort();
}
