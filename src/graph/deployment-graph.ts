import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { BuildContext } from "../docker/build-context.js";
import type { GraphPurpose } from "../engine/graph.js";
import { Graph } from "../engine/graph.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ClusterRefs } from "./cluster-graph.js";
import { addImage } from "./image-graph.js";
import { addKeepOldRole } from "./keep-old-graph.js";
import { addBalancer, addTaskSecurityGroup, openTasksTo, type Balancer } from "./load-balancer-graph.js";
import { addBalancerNetwork, addClusterNetwork } from "./network-graph.js";
import { addScaledCluster } from "./scaling-graph.js";
import { addService, type DeploymentRefs, type ServiceVariant } from "./service-graph.js";

/** What the deployments of one graph share: looked for once, made once. */
export interface Shared {
  readonly clusters: Map<string, ClusterRefs>;
  readonly balancers: Map<string, Balancer | undefined>;
  /** In how many zones the default network is needed: a load balancer stands in two at least. */
  readonly zones: number;
}

export const sharedBy = (specs: readonly Pick<DeploymentSpec, "route">[]): Shared => ({
  clusters: new Map(),
  balancers: new Map(),
  zones: specs.some(({ route }) => route !== undefined && route.loadBalancer.claim !== "existing") ? 2 : 1,
});

/** What a deployment is made from, and what it is beside its description. */
export interface Special {
  readonly sources?: BuildContext | undefined;
  readonly role?: ServiceVariant;
}

/** Everything that a deployment describes, and what needs what. */
export async function deploymentGraph(
  spec: DeploymentSpec,
  context: AwsContext,
  purpose: GraphPurpose = "deploy",
  special: Special = {},
): Promise<{ graph: Graph<AwsContext>; refs: DeploymentRefs }> {
  const graph = new Graph<AwsContext>();
  return { graph, refs: await addDeployment(graph, spec, context, purpose, sharedBy([spec]), special) };
}

/** A deployment among others: what it shares with them is in the graph once. */
export async function addDeployment(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  context: AwsContext,
  purpose: GraphPurpose,
  shared: Shared,
  { sources, role = {} }: Special,
): Promise<DeploymentRefs> {
  const network = addClusterNetwork(graph, spec.cluster, shared.zones, purpose);
  const cluster =
    shared.clusters.get(spec.cluster.name) ?? (await addScaledCluster(graph, spec.cluster, network, context));
  shared.clusters.set(spec.cluster.name, cluster);

  const balancer = spec.route && (await balancerOf(spec, network));
  const taskSecurityGroup =
    spec.cluster.capacity.type === "fargate"
      ? addTaskSecurityGroup(graph, spec, ownerOf.deployment(spec.name), network)
      : undefined;
  if (balancer !== undefined) openTasksTo(graph, spec, balancer, cluster, taskSecurityGroup);
  const image = addImage(graph, spec.image, context, {
    deployment: spec.name,
    owner: ownerOf.deployment(spec.name),
    tags: spec.tags,
    architecture: cluster.architecture,
    purpose,
    sources,
  });
  if (role.keepOld !== undefined) addKeepOldRole(graph, role.keepOld, context);
  return addService(graph, spec, context, {
    network,
    cluster,
    balancer,
    taskSecurityGroup,
    image,
    purpose,
    variant: role,
  });

  async function balancerOf(
    { route, cluster: clusterSpec }: DeploymentSpec,
    clusterNetwork: typeof network,
  ): Promise<Balancer | undefined> {
    const { loadBalancer } = route!;
    if (!shared.balancers.has(loadBalancer.name)) {
      const balancerNetwork =
        loadBalancer.claim === "existing"
          ? clusterNetwork
          : addBalancerNetwork(graph, loadBalancer, { spec: clusterSpec, network: clusterNetwork }, purpose);
      const added = await addBalancer(graph, loadBalancer, balancerNetwork, context, purpose);
      shared.balancers.set(loadBalancer.name, added);
    }
    return shared.balancers.get(loadBalancer.name);
  }
}
