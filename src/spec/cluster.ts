import { defaultClusterInput } from "./default-input.js";
import { parseEc2, type Ec2CapacitySpec } from "./ec2.js";
import { parseFargate, type FargateCapacitySpec } from "./fargate.js";
import type { ClusterInput, DeploymentInput } from "./input.js";
import { CLUSTER_NAME, nameProblem } from "./names.js";
import { parseNetwork, type NetworkSpec } from "./network.js";
import type { Issues } from "./parsing/issues.js";
import { parseInstanceScaling } from "./scaling/cluster-autoscale.js";
import { parseTags } from "./tags.js";

export interface ClusterSpec {
  readonly name: string;
  /**
   * `own`: created and kept as described. `use-or-create`: one that exists, ours or not, is used as it
   * is; otherwise it is created (a cluster given by its bare name). `existing`: it must exist, and is
   * never changed.
   */
  readonly claim: "own" | "use-or-create" | "existing";
  readonly capacity: Ec2CapacitySpec | FargateCapacitySpec;
  /** `undefined`: the default VPC. */
  readonly network: NetworkSpec | undefined;
  /** The user's own tags on what the cluster owns. */
  readonly tags: Readonly<Record<string, string>>;
}

export function parseCluster(input: DeploymentInput["cluster"], issues: Issues): ClusterSpec {
  if (input === undefined) issues.add("cluster", "call .cluster(...) first");
  const described = input !== undefined && "described" in input ? input.described : undefined;
  const cluster =
    described ?? defaultClusterInput(input !== undefined && "named" in input ? input.named : undefined);

  const problem = nameProblem(CLUSTER_NAME, cluster.name);
  if (problem !== undefined && input !== undefined) issues.add("cluster.name", problem);
  const name = problem === undefined ? (cluster.name as string) : "cluster";
  if (cluster.existing) reportChanges(cluster, issues);
  return {
    name,
    claim: described === undefined ? "use-or-create" : cluster.existing ? "existing" : "own",
    capacity: parseCapacity(name, cluster, issues),
    network: parseNetwork(cluster.network, "cluster.network", issues),
    tags: parseTags(cluster.tags, "cluster.tags", issues),
  };
}

/** One that exists is never changed, so there is nothing to say of how it should be. */
function reportChanges({ capacity, autoscale, tags }: ClusterInput, issues: Issues): void {
  const add = (path: string) =>
    issues.add(path, "a cluster that exists is not changed: leave it out, or use new Cluster(...)");
  if (capacity?.options !== undefined) add(`cluster.${capacity.type}`);
  if (autoscale !== undefined) add("cluster.autoscale");
  if (tags.length > 0) add("cluster.tags");
}

function parseCapacity(name: string, cluster: ClusterInput, issues: Issues): ClusterSpec["capacity"] {
  if (cluster.capacity?.type === "fargate") {
    if (cluster.autoscale !== undefined) {
      issues.add("cluster.autoscale", "Fargate has no instances to scale: leave it out, or call .ec2(...)");
    }
    return parseFargate(cluster.capacity.options, issues);
  }
  return {
    ...parseEc2(name, cluster.capacity?.options, issues),
    ...parseInstanceScaling(cluster.autoscale, issues),
  };
}
