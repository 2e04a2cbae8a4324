import type { CapacityType } from "./capacity-type.js";
import { defaultClusterInput, defaultLoadBalancerInput } from "./default-input.js";
import type { DeploymentSpec } from "./deployment-spec.js";
import type { DeploymentInput } from "./input.js";
import { Issues } from "./parsing/issues.js";
import { toSpec } from "./to-spec.js";

/** What AWS knows of a deployment that decides its defaults. */
export interface KnownFacts {
  readonly cluster: string;
  readonly capacity: CapacityType;
  readonly image: string | undefined;
  readonly loadBalancer: string | undefined;
}

/** The description of a deployment that is known by its name, with the defaults of everything else. */
export function specByName(
  name: string,
  { cluster, capacity, image = "unknown", loadBalancer }: KnownFacts,
): DeploymentSpec {
  const input: DeploymentInput = {
    name,
    image: { source: image, options: undefined },
    container: [{ port: 80 }],
    sidecars: [],
    task: [],
    volumes: [],
    cluster: {
      described: { ...defaultClusterInput(cluster), capacity: { type: capacity, options: undefined } },
    },
    logs: undefined,
    taskRole: undefined,
    tags: [],
    overrides: [],
    cloud: undefined,
    service: [],
    route:
      loadBalancer === undefined
        ? undefined
        : { loadBalancer: { described: defaultLoadBalancerInput(loadBalancer) }, options: undefined },
    blueGreen: undefined,
    autoscale: undefined,
    beforeRelease: undefined,
  };
  // Others may have deployed what a chain could not describe: the defaults do not depend on it.
  return toSpec(input, new Issues());
}
