import type { DeploymentSpec } from "../spec/deployment-spec.js";

/** As in the tag `quayside:owner`. */
export const deploymentOwner = (spec: Pick<DeploymentSpec, "name">): string => `deployment/${spec.name}`;
