import { defaultClusterInput } from "./default-input.js";
import type { ClusterSpec, Ec2CapacitySpec, FargateCapacitySpec } from "./deployment-spec.js";
import type { ClusterInput, DeploymentInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import { CLUSTER_NAME, nameProblem } from "./names.js";
import type { ClusterAutoscaleOptions, FargateOptions } from "./options/cluster-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseEc2 } from "./ec2.js";
import { parseNetwork } from "./network.js";
import { parseSchedule } from "./scaling/scaling-schedule.js";
import { parseSteps } from "./scaling/step-policies.js";
import { parseTags } from "./tags.js";

const DEFAULT_MIN = 2;
const DEFAULT_MAX = 4;
/** From launch until its tasks take load: booting, registering, starting. */
const WARM_UP = 180;
const SCALED = {
  what: "instances",
  metrics: ["cpu", "memory", "cpuReservation", "memoryReservation"],
  warmUp: WARM_UP,
} as const;

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
    ...parseAutoscale(cluster.autoscale, issues),
  };
}

function parseFargate(value: unknown, issues: Issues): FargateCapacitySpec {
  const options = new OptionsReader<FargateOptions>(value, "cluster.fargate", issues);
  const spot = options.boolean("spot") ?? false;
  options.close();
  return { type: "fargate", spot };
}

function parseAutoscale(
  input: ClusterInput["autoscale"],
  issues: Issues,
): Pick<Ec2CapacitySpec, "min" | "max" | "scaling"> {
  const path = "cluster.autoscale";
  const options = new OptionsReader<ClusterAutoscaleOptions>(input?.options, path, issues);
  const min = options.integer("min", { min: 0 });
  // An Auto Scaling group whose maximum is 0 can never launch anything.
  const max = options.integer("max", { min: 1 });
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  const steps = options.raw("steps");
  const bounds = {
    min: min ?? Math.min(DEFAULT_MIN, max ?? DEFAULT_MIN),
    max: max ?? Math.max(DEFAULT_MAX, min ?? DEFAULT_MAX),
  };
  const schedule = parseSchedule(options.raw("schedule"), `${path}.schedule`, "instances", bounds, issues);
  const targetCapacity = options.integer("targetCapacity", { min: 1, max: 100 }, " (per cent)");
  if (steps !== undefined && targetCapacity !== undefined)
    options.issue("targetCapacity", "is of ECS's own scaling, and there are steps: leave one out");
  const policies = parseSteps(steps, `${path}.steps`, SCALED, issues);
  options.close();
  const managed = { by: "managed", targetCapacity: targetCapacity ?? 100, schedule } as const;
  return {
    ...bounds,
    scaling:
      input === undefined ? undefined : steps === undefined ? managed : { by: "steps", policies, schedule },
  };
}
