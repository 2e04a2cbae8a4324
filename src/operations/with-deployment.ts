import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { discoverDeployed } from "./named/discover.js";
import type { Configured, OperationOptions } from "./results.js";
import { withContext } from "./with-context.js";

/** A deployment that is known by its name only: AWS knows the rest. */
export interface Named {
  readonly named: string;
  readonly cloud: Cloud;
}

/** A deployment that a chain describes, or that is known by its name. */
export type Described = Configured | Named;

interface How {
  /** Finds the description of a name. @defaultValue of a deployment that exists */
  readonly discover?: (name: string, context: AwsContext) => Promise<DeploymentSpec>;
  /** True if the work asks no question twice before it changes something. @defaultValue `false` */
  readonly remembers?: boolean;
}

/** Gives `work` the description of a deployment, from the chain or from AWS, and a context for one run. */
export const withDeployment = <T>(
  described: Described,
  options: OperationOptions,
  work: (configured: Configured, context: AwsContext) => Promise<T>,
  { discover = discoverDeployed, remembers = false }: How = {},
): Promise<T> =>
  "named" in described
    ? withContext({ ...subjectOf(described), remembers }, options, async (context) => {
        const spec = await discover(described.named, context);
        return work({ spec, overrides: {}, cloud: described.cloud }, context);
      })
    : withContext({ ...described, remembers }, options, (context) => work(described, context));

const subjectOf = ({ named: name, cloud }: Named) => ({ spec: { name }, overrides: {}, cloud });
