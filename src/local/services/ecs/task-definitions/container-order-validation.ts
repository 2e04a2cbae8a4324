import type { ContainerDefinition, NetworkMode } from "@aws-sdk/client-ecs";
import { clientException } from "../service-errors.js";

type Containers = readonly ContainerDefinition[];

const conditions = ["START", "COMPLETE", "SUCCESS", "HEALTHY"];

export function checkContainerOrder(containers: Containers): void {
  for (const { name, dependsOn = [] } of containers) {
    for (const { containerName, condition } of dependsOn) {
      const found = containers.find((each) => each.name === containerName);
      if (found === undefined) {
        throw clientException(
          `Container '${name}' depends on '${containerName}', which the task definition does not have.`,
        );
      }
      if (!conditions.includes(condition ?? ""))
        throw clientException(`Container '${name}' has an invalid dependency condition '${condition}'.`);
      if (condition === "HEALTHY" && found.healthCheck === undefined) {
        throw clientException(
          `Container '${name}' depends on '${containerName}' being HEALTHY, which has no health check.`,
        );
      }
      if ((condition === "COMPLETE" || condition === "SUCCESS") && found.essential !== false) {
        throw clientException(
          `The condition ${condition} can not be set on an essential container, '${containerName}'.`,
        );
      }
    }
  }
  rejectCircles(
    containers,
    ({ dependsOn = [] }) => dependsOn.map(({ containerName }) => containerName),
    "Container dependencies",
  );
}

export function checkLinks(containers: Containers, networkMode: NetworkMode | undefined): void {
  const names = containers.map(({ name }) => name);
  const linked = ({ links = [] }: ContainerDefinition) => links.map((link) => link.split(":")[0]);
  for (const container of containers) {
    if ((container.links ?? []).length === 0) continue;
    if (networkMode !== undefined && networkMode !== "bridge")
      throw clientException(`Links are not supported when networkMode=${networkMode}`);
    const unknown = linked(container).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw clientException(`Invalid link '${unknown}' for container '${container.name}'.`);
  }
  rejectCircles(containers, linked, "Container links");
}

export function checkVolumesFrom(containers: Containers): void {
  const names = containers.map(({ name }) => name);
  const sources = containers.flatMap(({ volumesFrom = [] }) => volumesFrom);
  const unknown = sources.find(({ sourceContainer }) => !names.includes(sourceContainer));
  if (unknown !== undefined)
    throw clientException(`Unknown container '${unknown.sourceContainer}' in volumesFrom.`);
}

/** In awsvpc and host mode, all containers of a task share one network. */
export function checkSharedPorts(containers: Containers, networkMode: NetworkMode): void {
  const ports = containers.flatMap(({ portMappings = [] }) =>
    portMappings.map(
      ({ containerPort, containerPortRange, protocol = "tcp" }) =>
        `${containerPort ?? containerPortRange}/${protocol}`,
    ),
  );
  const duplicate = ports.find((port, index) => ports.indexOf(port) !== index);
  if (duplicate !== undefined)
    throw clientException(
      `The containers of a task in ${networkMode} mode cannot share the port ${duplicate}.`,
    );
}

function rejectCircles(
  containers: Containers,
  next: (container: ContainerDefinition) => readonly (string | undefined)[],
  what: string,
): void {
  const left = new Map(containers.map((container) => [container.name, next(container)]));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [name, others] of left) if (!others.some((other) => left.has(other))) left.delete(name);
  }
  if (left.size > 0) throw clientException(`${what} go round in a circle: ${[...left.keys()].join(", ")}.`);
}
