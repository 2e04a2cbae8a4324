import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import type { GraphPurpose } from "../engine/graph.js";
import { Graph, type Ref } from "../engine/graph.js";
import type { RequestedCertificateState } from "../domains/requested-certificate.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { loadBalancersOf, networkRoutesOf } from "../spec/load-balancers-of.js";
import type { RouteSpec } from "../spec/route.js";
import { hasOwnInterface } from "../spec/task/task-options.js";
import { addConnect, addConnectNames, type ConnectedService } from "./connect-graph.js";
import { addInstanceRefresh, type ClusterRefs } from "./cluster-graph.js";
import { addServiceDiscovery } from "./discovery-graph.js";
import { addDomains, addRequestedCertificate, requestsCertificate } from "./domain-graph.js";
import { addKeepOldRole } from "./keep-old-graph.js";
import type { Balancer } from "./balancer.js";
import { addBalancer } from "./load-balancer-graph.js";
import { addTaskSecurityGroup, openTasksTo, openTasksToNetwork } from "./task-access-graph.js";
import { dnsNamespacesOf } from "./namespace-graph.js";
import { addBalancerNetwork, addClusterNetwork } from "./network-graph.js";
import { addScaledCluster } from "./scaling-graph.js";
import { addTaskImages, type TaskSources } from "./task-images-graph.js";
import { addService, type DeploymentRefs, type ServiceVariant } from "./service-graph.js";

/** How one service is planned, beside its description. */
interface ServicePlanOptions {
  /** The content of the directories that its images are built from. */
  readonly sources?: TaskSources | undefined;
  readonly variant?: ServiceVariant | undefined;
  /** IDs of the resources that are kept although the description does not contain them. */
  readonly kept?: ReadonlySet<string> | undefined;
}

/** One service of a graph; with blue/green, its spec describes one color. */
export interface ServiceToPlan extends ServicePlanOptions {
  readonly spec: DeploymentSpec;
}

/** Everything that the services need, in one graph: what they share is in it once. */
export async function deploymentGraph(
  services: readonly Omit<ServiceToPlan, "kept">[],
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<{ graph: Graph<AwsContext>; refs: readonly DeploymentRefs[] }> {
  const graph = new Graph<AwsContext>();
  const shared = sharedBy(services.map(({ spec }) => spec));
  const refs: DeploymentRefs[] = [];
  const connected: ConnectedService[] = [];
  for (const service of services) {
    const added = await addDeployment(graph, service, context, purpose, shared);
    refs.push(added);
    connected.push({ spec: service.spec, service: added.service, namespace: added.namespace });
  }
  addConnectNames(graph, connected, purpose);
  for (const { spec, refs: cluster } of shared.clusters.values()) {
    const own = services.flatMap((service, index) =>
      service.spec.cluster.name === spec.name ? [refs[index]!.service] : [],
    );
    if (purpose === "deploy") addInstanceRefresh(graph, spec, cluster, own);
  }
  return { graph, refs };
}

/** The resources that the deployments of one graph share. */
interface Shared {
  readonly clusters: Map<string, { readonly spec: ClusterSpec; readonly refs: ClusterRefs }>;
  readonly balancers: Map<string, Balancer | undefined>;
  /** Deployment -> the certificate for its domains; the first one behind a load balancer is that of its listeners. */
  readonly certificates: Map<string, Ref<RequestedCertificateState>>;
  /** The deployments whose domains need a certificate. */
  readonly requesting: readonly DeploymentSpec[];
  readonly specs: readonly DeploymentSpec[];
  readonly dnsNamespaces: ReadonlySet<string>;
  /** The number of Availability Zones of the default network: an Application Load Balancer needs at least two. */
  readonly zones: number;
}

const sharedBy = (specs: readonly DeploymentSpec[]): Shared => ({
  clusters: new Map(),
  balancers: new Map(),
  certificates: new Map(),
  requesting: specs.filter(requestsCertificate),
  specs,
  dnsNamespaces: dnsNamespacesOf(specs),
  zones: specs.some((spec) =>
    loadBalancersOf(spec).some(({ claim, type }) => claim !== "existing" && type === undefined),
  )
    ? 2
    : 1,
});

async function addDeployment(
  graph: Graph<AwsContext>,
  { spec, sources, variant = {} }: Omit<ServiceToPlan, "kept">,
  context: AwsContext,
  purpose: GraphPurpose,
  shared: Shared,
): Promise<DeploymentRefs> {
  const tasks = shared.specs.filter(({ cluster: { name } }) => name === spec.cluster.name);
  const network = await addClusterNetwork(graph, spec.cluster, shared.zones, context, purpose, tasks);
  const cluster =
    shared.clusters.get(spec.cluster.name)?.refs ??
    (await addScaledCluster(graph, spec.cluster, network, context, purpose));
  shared.clusters.set(spec.cluster.name, { spec: spec.cluster, refs: cluster });

  const balancer = spec.route && (await balancerOf(spec.route, spec.cluster, network));
  const { furtherRoutes = [] } = spec;
  const furtherBalancers: (Balancer | undefined)[] = [];
  for (const route of furtherRoutes) furtherBalancers.push(await balancerOf(route, spec.cluster, network));
  const networkRoutes = networkRoutesOf(spec);
  const networkBalancers: (Balancer | undefined)[] = [];
  for (const route of networkRoutes) networkBalancers.push(await balancerOf(route, spec.cluster, network));
  const taskSecurityGroup = hasOwnInterface(spec)
    ? addTaskSecurityGroup(graph, spec, ownerOf.deployment(spec.name), network)
    : undefined;
  if (balancer !== undefined) openTasksTo(graph, spec, balancer, cluster, taskSecurityGroup);
  for (const [index, route] of furtherRoutes.entries()) {
    const behind = furtherBalancers[index];
    if (behind !== undefined) openTasksTo(graph, spec, behind, cluster, taskSecurityGroup, route);
  }
  for (const [index, route] of networkRoutes.entries()) {
    const behind = networkBalancers[index];
    if (behind !== undefined) openTasksToNetwork(graph, spec, behind, cluster, taskSecurityGroup, route);
  }
  const images = addTaskImages(graph, spec, context, {
    owner: ownerOf.deployment(spec.name),
    architecture: cluster.architecture,
    purpose,
    sources: sources ?? new Map(),
  });
  if (variant.keepOld !== undefined) await addKeepOldRole(graph, variant.keepOld, context, purpose);
  const { dnsNamespaces } = shared;
  const connect = await addConnect(graph, spec, context, { network, cluster, dnsNamespaces });
  const registry = addServiceDiscovery(graph, spec, { network, cluster, taskSecurityGroup, dnsNamespaces });
  const refs = await addService(graph, spec, context, {
    network,
    connect,
    registry,
    cluster,
    balancer,
    furtherBalancers,
    networkBalancers,
    taskSecurityGroup,
    images,
    purpose,
    variant,
  });
  if (balancer !== undefined)
    addDomains(graph, spec, spec.route!, balancer, refs.service, certificateOf(spec), purpose);
  for (const [index, route] of networkRoutes.entries()) {
    const behind = networkBalancers[index];
    if (behind !== undefined) addDomains(graph, spec, route, behind, refs.service, undefined, purpose);
  }
  return refs;

  function certificateOf(each: DeploymentSpec): Ref<RequestedCertificateState> | undefined {
    if (!shared.requesting.some(({ name }) => name === each.name)) return undefined;
    const known =
      shared.certificates.get(each.name) ?? addRequestedCertificate(graph, each, each.route!.domains!);
    shared.certificates.set(each.name, known);
    return known;
  }

  async function balancerOf(
    { loadBalancer }: Pick<RouteSpec, "loadBalancer">,
    clusterSpec: ClusterSpec,
    clusterNetwork: typeof network,
  ): Promise<Balancer | undefined> {
    if (!shared.balancers.has(loadBalancer.name)) {
      const balancerNetwork =
        loadBalancer.claim === "existing"
          ? clusterNetwork
          : await addBalancerNetwork(
              graph,
              loadBalancer,
              { spec: clusterSpec, network: clusterNetwork },
              context,
              purpose,
            );
      const first = shared.requesting.find(
        ({ route: other }) => other!.loadBalancer.name === loadBalancer.name,
      );
      const requested = first && certificateOf(first);
      const added = await addBalancer(graph, loadBalancer, balancerNetwork, context, purpose, requested);
      shared.balancers.set(loadBalancer.name, added);
    }
    return shared.balancers.get(loadBalancer.name);
  }
}
