import type { ContainerSpec } from "./deployment-spec.js";
import type { DockerfileInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { ECS_NAME } from "./names.js";
import type { ContainerOptions } from "./options/container-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { BY_ENTRY, parseProcess } from "./container-health-check.js";
import { parseEc2Size, parseFargateSize } from "./size.js";

export interface ContainerSurroundings {
  readonly deployment: string;
  readonly capacity: "ec2" | "fargate";
  readonly hasLoadBalancer: boolean;
  /** What the Dockerfile of the image's directory says; `undefined` for an image from a registry. */
  readonly dockerfile: DockerfileInput | undefined;
}

export const PORT = { min: 1, max: 65_535 };

export function parseContainer(
  calls: readonly unknown[],
  around: ContainerSurroundings,
  issues: Issues,
): ContainerSpec {
  const merged = mergeOptions(calls, "container", issues, BY_ENTRY);
  const options = new OptionsReader<ContainerOptions>(merged, "container", issues);
  const name = options.name("name", ECS_NAME) ?? around.deployment;
  const said = options.raw("port") !== undefined;
  const port = said ? options.integer("port", PORT) : exposedPort(around.dockerfile);
  if (around.hasLoadBalancer && !said && port === undefined) reportNoPort(around.dockerfile, options);
  const size = around.capacity === "fargate" ? parseFargateSize(options) : parseEc2Size(options);
  const process = parseProcess(options, around.capacity, issues);
  options.close();
  return { name, port, ...size, ...process };
}

/** The port that the Dockerfile exposes, if it is one. */
function exposedPort(dockerfile: DockerfileInput | undefined): number | undefined {
  if (typeof dockerfile !== "object" || !("ports" in dockerfile)) return undefined;
  return dockerfile.ports.length === 1 ? dockerfile.ports[0] : undefined;
}

function reportNoPort(
  dockerfile: DockerfileInput | undefined,
  options: OptionsReader<ContainerOptions>,
): void {
  const how = "call .port(8080), or .container({ port: 8080 })";
  if (dockerfile === undefined)
    return options.issue("port", `a load balancer needs the container's port: ${how}`);
  // A Dockerfile that cannot be read is reported itself.
  if (typeof dockerfile !== "object" || !("ports" in dockerfile)) return;
  const why =
    dockerfile.ports.length === 0
      ? "the Dockerfile exposes none"
      : `the Dockerfile exposes several (${dockerfile.ports.join(", ")})`;
  options.issue("port", `a load balancer needs the container's port, and ${why}: ${how}`);
}
