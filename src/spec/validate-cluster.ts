import type { ClusterAutoscaleOptions, FargateOptions } from "./cluster-options.js";
import type { ClusterSpec, FargateCapacitySpec } from "./deployment-spec.js";
import type { ClusterInput, DeploymentInput } from "./input.js";
import type { Issues } from "./issues.js";
import { CLUSTER_NAME, nameProblem } from "./names.js";
import { OptionsReader } from "./options-reader.js";
import { readEc2 } from "./validate-ec2.js";
import { readNetwork } from "./validate-network.js";
import { readTags } from "./validate-tags.js";

const DEFAULT_MIN = 2;
const DEFAULT_MAX = 4;

const byName = (name: unknown): ClusterInput => ({
  name,
  capacity: undefined,
  autoscale: undefined,
  network: undefined,
  tags: [],
  existing: false,
  cloud: undefined,
});

export function readCluster(input: DeploymentInput["cluster"], issues: Issues): ClusterSpec {
  if (input === undefined) issues.add("cluster", "call .cluster(...) first");
  const described = input !== undefined && "described" in input ? input.described : undefined;
  const cluster = described ?? byName(input !== undefined && "named" in input ? input.named : undefined);

  const problem = nameProblem(CLUSTER_NAME, cluster.name);
  if (problem !== undefined && input !== undefined) issues.add("cluster.name", problem);
  const name = problem === undefined ? (cluster.name as string) : "cluster";
  if (cluster.existing) reportChanges(cluster, issues);
  return {
    name,
    claim: described === undefined ? "use-or-create" : cluster.existing ? "existing" : "own",
    capacity: readCapacity(name, cluster, issues),
    network: readNetwork(cluster.network, "cluster.network", issues),
    tags: readTags(cluster.tags, "cluster.tags", issues),
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

function readCapacity(name: string, cluster: ClusterInput, issues: Issues): ClusterSpec["capacity"] {
  if (cluster.capacity?.type === "fargate") {
    if (cluster.autoscale !== undefined) {
      issues.add("cluster.autoscale", "Fargate has no instances to scale: leave it out, or call .ec2(...)");
    }
    return readFargate(cluster.capacity.options, issues);
  }
  return {
    ...readEc2(name, cluster.capacity?.options, issues),
    ...readAutoscale(cluster.autoscale?.options, issues),
  };
}

function readFargate(value: unknown, issues: Issues): FargateCapacitySpec {
  const options = new OptionsReader<FargateOptions>(value, "cluster.fargate", issues);
  const spot = options.boolean("spot") ?? false;
  options.close();
  return { type: "fargate", spot };
}

function readAutoscale(value: unknown, issues: Issues): { readonly min: number; readonly max: number } {
  const options = new OptionsReader<ClusterAutoscaleOptions>(value, "cluster.autoscale", issues);
  const min = options.integer("min", { min: 0 });
  // An Auto Scaling group whose maximum is 0 can never launch anything.
  const max = options.integer("max", { min: 1 });
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  options.close();
  return {
    min: min ?? Math.min(DEFAULT_MIN, max ?? DEFAULT_MIN),
    max: max ?? Math.max(DEFAULT_MAX, min ?? DEFAULT_MAX),
  };
}
