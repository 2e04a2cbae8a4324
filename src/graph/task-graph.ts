import type { AwsContext } from "../aws/context.js";
import { Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import type { NetworkState } from "../network/network-state.js";
import type { SecurityGroupState } from "../network/security-group.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { hasOwnInterface } from "../spec/task/task-options.js";
import type { ClusterRefs } from "./cluster-graph.js";
import { addTaskImages, readTaskSources } from "./task-images-graph.js";
import { addTaskSecurityGroup } from "./task-access-graph.js";
import { addClusterNetwork } from "./network-graph.js";
import { addScaledCluster } from "./scaling-graph.js";
import { assertTaskEgress } from "./task-egress.js";
import { addTask, type TaskRefs } from "./task-resources.js";

export interface TaskGraph {
  readonly graph: Graph<AwsContext>;
  readonly network: Ref<NetworkState>;
  readonly cluster: ClusterRefs;
  readonly task: TaskRefs;
  /** Only in the network mode `awsvpc`. */
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
  const network = await addClusterNetwork(graph, spec.cluster, 1, context, purpose, [spec]);
  const cluster = await addScaledCluster(graph, spec.cluster, network, context, purpose);
  const taskSecurityGroup = hasOwnInterface(spec)
    ? addTaskSecurityGroup(graph, spec, owner, network, (known) => assertTaskEgress(spec, known, context))
    : undefined;
  const images = addTaskImages(graph, spec, context, {
    owner,
    architecture: cluster.architecture,
    purpose,
    sources: purpose === "deploy" ? await readTaskSources(spec, context) : new Map(),
  });
  const task = await addTask(graph, spec, owner, context, { exec, purpose, images });
  if (cluster.instances !== undefined) graph.goal(cluster.instances.ref);
  return { graph, network, cluster, task, taskSecurityGroup };
}
