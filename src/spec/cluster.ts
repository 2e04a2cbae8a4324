import type { CapacityType } from "./capacity-type.js";
import { defaultClusterInput } from "./default-input.js";
import { parseEc2, type Ec2CapacitySpec } from "./ec2.js";
import { parseFargate, type FargateCapacitySpec } from "./fargate.js";
import { parseExecLogging, type ExecLoggingSpec } from "./exec-logging.js";
import type { ClusterInput, DeploymentInput } from "./input.js";
import { parseIam, type IamSpec } from "./iam.js";
import { parseManagedInstances, type ManagedInstancesCapacitySpec } from "./managed-instances.js";
import { CLUSTER_NAME, nameProblem } from "./names.js";
import { parseNetwork, type NetworkSpec } from "./network.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { parseInstanceScaling } from "./scaling/cluster-autoscale.js";
import { parseTags } from "./tags.js";

/** How closely CloudWatch Container Insights observes a cluster. */
export type Insights = "enhanced" | "enabled" | "disabled";

const INSIGHTS: readonly unknown[] = ["enhanced", "enabled", "disabled"];

export interface ClusterSpec {
  readonly name: string;
  /**
   * `own`: created, and updated to match the description. `use-or-create`, for a cluster given by name: an
   * existing cluster is used as it is, a missing one is created. `existing`: it must exist, and is never
   * changed.
   */
  readonly claim: "own" | "use-or-create" | "existing";
  readonly capacity: Ec2CapacitySpec | FargateCapacitySpec | ManagedInstancesCapacitySpec;
  /** `undefined`: no permissions boundary, and quayside's own path. */
  readonly iam?: IamSpec | undefined;
  /** CloudWatch Container Insights; `undefined`: as the account or the cluster has it. */
  readonly insights: Insights | undefined;
  /** Where the sessions of ECS Exec are logged; `undefined`: as the cluster has it. */
  readonly execLogging?: ExecLoggingSpec | undefined;
  /** `undefined`: the default VPC. */
  readonly network: NetworkSpec | undefined;
  /** The user's tags for everything that the cluster owns. */
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
  if (cluster.existing) reportUnsupported(cluster, issues);
  return {
    name,
    claim: described === undefined ? "use-or-create" : cluster.existing ? "existing" : "own",
    capacity: parseCapacity(name, cluster, issues),
    iam: parseIam(cluster.iam, "cluster.iam", issues),
    insights: parseInsights(cluster.insights, issues),
    execLogging: parseExecLogging(cluster.execLogging, issues),
    network: parseNetwork(cluster.network, "cluster.network", issues),
    tags: parseTags(cluster.tags, "cluster.tags", issues),
  };
}

function parseInsights(value: unknown, issues: Issues): Insights | undefined {
  if (value === undefined || INSIGHTS.includes(value)) return value as Insights | undefined;
  issues.add("cluster.insights", `must be "enhanced", "enabled" or "disabled"; got ${formatValue(value)}`);
  return undefined;
}

/** The methods of a cluster by the capacity that they describe. */
const METHODS = Object.freeze({
  ec2: "ec2",
  fargate: "fargate",
  "managed-instances": "managedInstances",
} satisfies Record<CapacityType, string>);

/** An existing cluster is never changed, so options that describe it are errors. */
function reportUnsupported(
  { capacity, autoscale, execLogging, iam, insights, tags }: ClusterInput,
  issues: Issues,
): void {
  const add = (path: string) =>
    issues.add(
      path,
      "is not supported with Cluster.existing(...), which never changes the cluster: remove it, or use new Cluster(...)",
    );
  if (capacity?.options !== undefined) add(`cluster.${METHODS[capacity.type]}`);
  if (autoscale !== undefined) add("cluster.autoscale");
  if (iam !== undefined) add("cluster.iam");
  if (insights !== undefined) add("cluster.insights");
  if (execLogging !== undefined) add("cluster.execLogging");
  if (tags.length > 0) add("cluster.tags");
}

function parseCapacity(name: string, cluster: ClusterInput, issues: Issues): ClusterSpec["capacity"] {
  if (cluster.capacity?.type === "fargate") {
    if (cluster.autoscale !== undefined) {
      issues.add(
        "cluster.autoscale",
        "is not supported on Fargate, which has no instances: remove it, or call .ec2(...)",
      );
    }
    return parseFargate(cluster.capacity.options, issues);
  }
  if (cluster.capacity?.type === "managed-instances") {
    if (cluster.autoscale !== undefined)
      issues.add(
        "cluster.autoscale",
        "is not supported on Managed Instances, whose number ECS decides by the tasks: remove it, or call .ec2(...)",
      );
    return parseManagedInstances(name, cluster.capacity.options, issues);
  }
  return {
    ...parseEc2(name, cluster.capacity?.options, issues),
    ...parseInstanceScaling(cluster.autoscale, issues),
  };
}
