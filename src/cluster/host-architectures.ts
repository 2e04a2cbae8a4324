import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import type { Kind, Tagged } from "../engine/kind.js";
import { containerInstances } from "./container-instances.js";
import type { Architecture } from "./instance-type.js";

export interface HostArchitecturesDesired extends Tagged {
  readonly clusterName: string;
}

export interface HostArchitecturesState {
  /** The number of registered instances of each architecture; none if the endpoint reports no architecture. */
  readonly running: Readonly<Partial<Record<Architecture, number>>>;
}

/** The attribute that the ECS agent registers. Source: ECS Developer Guide, "Container instance attributes". */
const ATTRIBUTE = "ecs.cpu-architecture";

/**
 * The CPU architectures of the instances that run in a cluster. A new instance type in the launch template does
 * not reach them: an image that only the new instances can execute fails on them.
 */
export const hostArchitecturesKind: Kind<HostArchitecturesDesired, HostArchitecturesState, AwsContext> = {
  kind: "host-architectures",
  isForDeploy: true,
  unknown: { running: {} },

  async read(desired, context) {
    const instances = await ignoreNotFound(containerInstances(desired.clusterName, context, "ACTIVE"));
    const running: Partial<Record<Architecture, number>> = {};
    for (const { attributes = [] } of instances ?? []) {
      const architecture = attributes.find(({ name }) => name === ATTRIBUTE)?.value;
      if (architecture === "x86_64" || architecture === "arm64")
        running[architecture] = (running[architecture] ?? 0) + 1;
    }
    return { state: { running }, current: desired, tags: {} };
  },
};
