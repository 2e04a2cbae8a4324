import { releases, type Release, type ReleaseState } from "../service/releases.js";
import type { AwsContext } from "../aws/context.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ActOptions, Described } from "./actions.js";
import { deploymentOwner } from "./deployment-owner.js";
import { run } from "./run.js";

export type { Release, ReleaseState };

/** The releases that can be gone back to, newest first. Changes nothing. */
export const history = (described: Described, options: ActOptions = {}): Promise<readonly Release[]> =>
  run(described, options, (context) => releasesOf(described.spec, context));

export const releasesOf = (spec: DeploymentSpec, context: AwsContext): Promise<Release[]> =>
  releases(
    {
      family: spec.name,
      owner: deploymentOwner(spec),
      container: spec.container.name,
      clusterName: spec.cluster.name,
      serviceName: spec.service.name,
    },
    context,
  );
