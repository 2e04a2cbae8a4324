import type { ClusterAutoscaleOptions, FargateOptions } from "./cluster-options.js";
import type { ClusterSpec, FargateCapacitySpec } from "./deployment-spec.js";
import type { ClusterInput, DeploymentInput } from "./input.js";
import type { Issues } from "./issues.js";
import { CLUSTER_NAME, nameProblem } from "./names.js";
import { OptionsReader } from "./options-reader.js";
import { readEc2 } from "./validate-ec2.js";
import { readTags } from "./validate-tags.js";

const DEFAULT_MIN = 2;
const DEFAULT_MAX = 4;

const byName = (name: unknown): ClusterInput => ({
  name,
  capacity: undefined,
  autoscale: undefined,
  tags: [],
});

export function readCluster(input: DeploymentInput["cluster"], issues: Issues): ClusterSpec {
  if (input === undefined) issues.add("cluster", "call .cluster(...) first");
  const described = input !== undefined && "described" in input ? input.described : undefined;
  const cluster = described ?? byName(input !== undefined && "named" in input ? input.named : undefined);

  const problem = nameProblem(CLUSTER_NAME, cluster.name);
  if (problem !== undefined && input !== undefined) issues.add("cluster.name", problem);
  const name = problem === undefined ? (cluster.name as string) : "cluster";
  return {
    name,
    claim: described === undefined ? "use-or-create" : "own",
    capacity: readCapacity(name, cluster, issues),
    tags: readTags(cluster.tags, "cluster.tags", issues),
  };
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
