import type { Overrides } from "../aws/overrides.js";
import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import { clusterCounts } from "../cluster/cluster-counts.js";
import { clusterHosts, managedHosts, type HostStatus } from "../cluster/hosts.js";
import type { GraphPurpose } from "../engine/graph.js";
import { Graph } from "../engine/graph.js";
import type { Plan } from "../engine/plan.js";
import { addClusterNetwork } from "../graph/network-graph.js";
import { addInstanceRefresh } from "../graph/cluster-graph.js";
import { addScaledCluster } from "../graph/scaling-graph.js";
import { instancesDimension, type DimensionStatus } from "../scaling/scaling-status.js";
import { QuaysideError } from "../errors.js";
import type { ClusterSpec } from "../spec/cluster.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import { applyPlan } from "./apply-plan.js";
import { destroyGraph } from "./destroy-graph.js";
import { planWithWarnings } from "./plan.js";
import { planGraph } from "./plan/plan-graph.js";
import type { Destroyed, OperationOptions } from "./results.js";
import { withContext } from "./with-context.js";

export interface ConfiguredCluster {
  readonly spec: ClusterSpec;
  readonly overrides: Overrides;
  readonly sharedOverrides?: ReadonlyMap<string, Overrides> | undefined;
  readonly cloud: Cloud;
}

export interface ClusterDeployed {
  readonly cluster: string;
  readonly changes: Plan["changes"];
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

export interface ClusterStatus {
  readonly cluster: string;
  readonly exists: boolean;
  readonly services: number;
  readonly tasks: { readonly running: number; readonly pending: number };
  /** The number of registered container instances. */
  readonly instances: number;
  /** Its EC2 instances, oldest AMI first; only of a cluster with `.ec2(…)` or `.managedInstances(…)`. */
  readonly hosts?: readonly HostStatus[] | undefined;
  /** The scaling of the instances; only with `.autoscale(…)`. */
  readonly scaling?: DimensionStatus | undefined;
}

/** Instances are replaced one after another, each in a few minutes, and their tasks may take long to end. */
const REFRESH_TIMEOUT = "12h";

const runFor = <T>(
  { spec, cloud, overrides, sharedOverrides }: ConfiguredCluster,
  options: OperationOptions,
  work: (context: AwsContext) => Promise<T>,
): Promise<T> => withContext({ spec, cloud, overrides, sharedOverrides }, options, work);

export function planCluster(described: ConfiguredCluster, options: OperationOptions = {}): Promise<Plan> {
  return runFor(described, options, (context) => {
    const plan = async () => {
      const graph = await clusterGraph(described.spec, context);
      return planGraph(graph, { owners: [], balancers: [] }, options, context);
    };
    return planWithWarnings(plan, context, [described.spec]);
  });
}

/** Creates the cluster and its capacity, and waits for its instances. */
export function deployCluster(
  described: ConfiguredCluster,
  options: OperationOptions = {},
): Promise<ClusterDeployed> {
  return runFor(described, options, async (context) => {
    const graph = await clusterGraph(described.spec, context);
    const prepared = await planGraph(graph, { owners: [], balancers: [] }, options, context);
    await applyPlan(prepared, context);
    const duration = Math.round(context.clock.now() - context.startedAt);
    return { cluster: described.spec.name, changes: prepared.changes, duration };
  });
}

/** Deploys the cluster, and replaces all its instances that are out of date. */
export function refreshCluster(
  described: ConfiguredCluster,
  options: OperationOptions = {},
): Promise<ClusterDeployed> {
  const { spec } = described;
  const { capacity } = spec;
  if (capacity.type !== "ec2" || spec.claim !== "own")
    return Promise.reject(
      new QuaysideError(
        "no-container-instances",
        `Nothing was changed: cluster ${spec.name} has no instances that quayside launches, so that there are none to refresh`,
        { facts: { cluster: spec.name }, fix: 'Describe the instances: new Cluster("…").ec2(…).' },
      ),
    );
  const refreshed = { ...spec, capacity: { ...capacity, refresh: "on-deploy" as const } };
  return deployCluster({ ...described, spec: refreshed }, { timeout: REFRESH_TIMEOUT, ...options });
}

/** Returns the status of the cluster, also if it does not exist. Changes nothing. */
export function clusterStatus(
  described: ConfiguredCluster,
  options: OperationOptions = {},
): Promise<ClusterStatus> {
  const { name, claim, capacity } = described.spec;
  const isScaled = capacity.type === "ec2" && capacity.scaling !== undefined;
  const group = isScaled ? autoScalingGroupName(described.spec.name) : undefined;
  return runFor(described, options, async (context) => {
    const [counts, hosts, scaling] = await Promise.all([
      clusterCounts(name, context),
      claim === "own" ? hostsOf(name, capacity, context) : undefined,
      group === undefined ? undefined : instancesDimension(group, context),
    ]);
    const nothing = { services: 0, tasks: { running: 0, pending: 0 }, instances: 0 };
    const status = { cluster: name, exists: counts !== undefined, ...(counts ?? nothing) };
    return { ...status, ...(hosts && { hosts }), ...(scaling && { scaling }) };
  });
}

function hostsOf(
  name: string,
  capacity: ClusterSpec["capacity"],
  context: AwsContext,
): Promise<readonly HostStatus[]> | undefined {
  if (capacity.type === "fargate") return undefined;
  return capacity.type === "ec2" ? clusterHosts(name, capacity, context) : managedHosts(name, context);
}

export function destroyCluster(
  described: ConfiguredCluster,
  options: OperationOptions = {},
): Promise<Destroyed> {
  return runFor(described, options, async (context) => {
    const graph = await clusterGraph(described.spec, context, "destroy");
    return destroyGraph(graph, context);
  });
}

async function clusterGraph(
  spec: ClusterSpec,
  context: AwsContext,
  purpose: GraphPurpose = "deploy",
): Promise<Graph<AwsContext>> {
  const graph = new Graph<AwsContext>();
  const network = await addClusterNetwork(graph, spec, 1, context, purpose);
  const refs = await addScaledCluster(graph, spec, network, context, purpose);
  graph.goal(refs.cluster);
  if (refs.instances !== undefined) graph.goal(refs.instances.ref);
  if (refs.capacityProvider !== undefined) graph.goal(refs.capacityProvider);
  if (purpose === "deploy") addInstanceRefresh(graph, spec, refs, []);
  return graph;
}
