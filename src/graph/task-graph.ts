import type { AwsContext } from "../aws/context.js";
import { Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import type { SecurityGroupState } from "../network/security-group.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import type { ClusterRefs } from "./cluster-graph.js";
import { addImage, readSources } from "./image-graph.js";
import { addTaskSecurityGroup } from "./task-access-graph.js";
import { addClusterNetwork } from "./network-graph.js";
import { addScaledCluster } from "./scaling-graph.js";
import { addTask, type TaskRefs } from "./task-resources.js";

export interface TaskGraph {
  readonly graph: Graph<AwsContext>;
  readonly network: Ref<NetworkState>;
  readonly cluster: ClusterRefs;
  readonly task: TaskRefs;
  /** Only on Fargate. */
  readonly taskSecurityGroup: Ref<SecurityGroupState> | undefined;
}

/** Everything that a task without a service needs: the cluster, and what the task is created from. */
export async function taskGraph(
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
  { exec, purpose }: { readonly exec: boolean; readonly purpose: GraphPurpose },
): Promise<TaskGraph> {
  const graph = new Graph<AwsContext>();
  const { capacity } = spec.cluster;
  const network = addClusterNetwork(graph, spec.cluster, 1, purpose);
  const cluster = await addScaledCluster(graph, spec.cluster, network, context);
  const taskSecurityGroup =
    capacity.type === "fargate" ? addTaskSecurityGroup(graph, spec, owner, network) : undefined;
  const image = addImage(graph, spec.image, context, {
    deployment: spec.name,
    owner,
    tags: spec.tags,
    clusterName: spec.cluster.name,
    architecture: cluster.architecture,
    purpose,
    sources: purpose === "deploy" ? await readSources(spec.image, context) : undefined,
  });
  const task = await addTask(graph, spec, owner, context, { exec, purpose, image });
  if (cluster.instances !== undefined) graph.goal(cluster.instances.ref);
  return { graph, network, cluster, task, taskSecurityGroup };
}
