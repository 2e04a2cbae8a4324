import { ownerOf, type OwnerType } from "../aws/owner.js";
import type { ConnectTlsSpec } from "../spec/connect-tls.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { DeploymentSpec, JobSpec, TaskSpec } from "../spec/deployment-spec.js";
import { autoScalingGroupName, loadBalancerNameInScheme, scheduleGroupName } from "../spec/derived-names.js";
import { routesOf } from "../spec/further-routes.js";
import { domainsOf, loadBalancersOf } from "../spec/load-balancers-of.js";
import { logGroupUses } from "../spec/task/log-groups.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import type { OwnNetworkSpec } from "../spec/own-network.js";

/** What the chains of one caller describe: the specs from which its policy is computed. */
export interface PermissionScope {
  readonly deployments: readonly DeploymentSpec[];
  readonly jobs: readonly JobSpec[];
  /** Without those of deployments and jobs. */
  readonly clusters: readonly ClusterSpec[];
  readonly loadBalancers: readonly LoadBalancerSpec[];
  /** Without those of clusters and load balancers. */
  readonly networks: readonly OwnNetworkSpec[];
  /** True if only AWS knows the clusters, load balancers and log groups: their names are wildcards. */
  readonly isByName?: boolean;
}

/** The facts about a scope that its statements are narrowed by. */
export interface PermissionFacts {
  /** The values of the tag `quayside:owner`. */
  readonly owners: readonly string[];
  /** The types of owners that the scope has. */
  readonly types: ReadonlySet<OwnerType>;
  /** True if the names of clusters, load balancers and log groups are wildcards. */
  readonly isByName: boolean;
  readonly deployments: readonly DeploymentSpec[];
  readonly jobs: readonly JobSpec[];
  readonly tasks: readonly TaskSpec[];
  /** All clusters: also existing ones, in which tasks are run. */
  readonly clusters: readonly ClusterSpec[];
  /** The clusters with EC2 instances that quayside can create. */
  readonly instanceClusters: readonly ClusterSpec[];
  /** The clusters with Managed Instances that quayside can create. */
  readonly managedClusters: readonly ClusterSpec[];
  /** True if a deploy may replace the instances of a cluster. */
  readonly refreshesInstances: boolean;
  /** True if a status has the instances of a cluster. */
  readonly readsHosts: boolean;
  /** True if tasks may run on instances that quayside does not manage. */
  readonly hasForeignInstances: boolean;
  /** The networks that quayside can create. */
  readonly networks: readonly OwnNetworkSpec[];
  /** The load balancers that quayside can create. */
  readonly loadBalancers: readonly LoadBalancerSpec[];
  /** True if a service is behind a load balancer that is never changed, and whose listeners are not described. */
  readonly hasExistingBalancers: boolean;
  /** True if a listener has several certificates. */
  readonly hasAdditionalCertificates: boolean;
  /** The parameters with the secrets of OIDC clients. */
  readonly clientSecrets: readonly string[];
  /** The domains whose records and certificates deployments own. */
  readonly domains: readonly string[];
  /** The web ACLs that protect load balancers. */
  readonly webAcls: readonly string[];
  /** The Cloud Map namespaces that services are in. */
  readonly namespaces: readonly string[];
  /** True if tasks have DNS names. */
  readonly hasDnsNames: boolean;
  /** The encryption of Service Connect. */
  readonly connectTls: readonly ConnectTlsSpec[];
  /** True if services are behind an Application Load Balancer, whoever manages it. */
  readonly hasRoutes: boolean;
  /** True if services are behind a Network Load Balancer: its listeners are theirs. */
  readonly hasNetworkRoutes: boolean;
  /** True if ECS shifts the traffic of services. */
  readonly hasShiftedServices: boolean;
  /** True if ECS shifts the traffic of their listeners. */
  readonly hasShiftedListeners: boolean;
  readonly groupNames: readonly string[];
  /** The log groups that tasks write to. */
  readonly logGroups: readonly string[];
  readonly scheduleGroups: readonly string[];
  /** The names of existing alarms that get actions. */
  readonly existingAlarms: readonly string[];
  /** The repositories that images are pushed to. */
  readonly repositories: readonly string[];
}

export function factsOf(scope: PermissionScope): PermissionFacts {
  const { deployments, jobs } = scope;
  const tasks: readonly TaskSpec[] = [...deployments, ...jobs];
  const clusters = uniqueByName([...scope.clusters, ...tasks.map(({ cluster }) => cluster)]);
  const balancers = uniqueByName([...scope.loadBalancers, ...deployments.flatMap(loadBalancersOf)]);
  const networks = uniqueByName([
    ...scope.networks,
    ...[...clusters, ...balancers].flatMap(({ network }) => network?.own ?? []),
  ]);
  const owned = clusters.filter(({ claim }) => claim !== "existing");
  const namespaces = [
    ...new Set(
      deployments.flatMap(({ connect, serviceDiscovery }) =>
        [connect, serviceDiscovery].flatMap((each) => each?.namespace ?? []),
      ),
    ),
  ];
  const instanceClusters = owned.filter(({ capacity }) => capacity.type === "ec2");
  const owners = [
    ...deployments.map(({ name }) => ownerOf.deployment(name)),
    ...jobs.map(({ name }) => ownerOf.job(name)),
    ...owned.map(({ name }) => ownerOf.cluster(name)),
    ...networks.map(({ name }) => ownerOf.network(name)),
    ...namespaces.map(ownerOf.namespace),
    // The rules that deployments add for an existing load balancer have its owner, too.
    ...balancers.flatMap(({ name, claim }) =>
      [
        name,
        // A load balancer that the chain describes is replaced if its scheme changes.
        ...(claim === "own"
          ? [loadBalancerNameInScheme(name, "internal"), loadBalancerNameInScheme(name, "internet-facing")]
          : []),
      ].map(ownerOf.loadBalancer),
    ),
  ];
  return {
    owners,
    types: new Set(owners.map((owner) => owner.slice(0, owner.indexOf("/")) as OwnerType)),
    isByName: scope.isByName ?? false,
    deployments,
    jobs,
    tasks,
    clusters,
    instanceClusters,
    managedClusters: owned.filter(({ capacity }) => capacity.type === "managed-instances"),
    refreshesInstances: instanceClusters.some(
      (cluster) =>
        cluster.claim === "own" &&
        cluster.capacity.type === "ec2" &&
        cluster.capacity.refresh === "on-deploy",
    ),
    readsHosts: scope.clusters.some(({ claim, capacity }) => claim === "own" && capacity.type !== "fargate"),
    hasForeignInstances: clusters.some(({ claim, capacity }) => claim !== "own" && capacity.type === "ec2"),
    networks,
    loadBalancers: balancers.filter(({ claim }) => claim !== "existing"),
    hasExistingBalancers: balancers.some(({ claim }) => claim === "existing"),
    hasAdditionalCertificates: balancers.some(({ listeners }) =>
      listeners.some(({ additionalCertificates }) => additionalCertificates.length > 0),
    ),
    clientSecrets: deployments.flatMap((spec) =>
      routesOf(spec).flatMap(({ authenticate }) =>
        authenticate?.by === "oidc" ? authenticate.secretParameter : [],
      ),
    ),
    domains: [...new Set(deployments.flatMap(domainsOf))],
    webAcls: balancers.flatMap(({ webAcl }) => webAcl ?? []),
    namespaces,
    hasDnsNames: deployments.some(({ serviceDiscovery }) => serviceDiscovery !== undefined),
    connectTls: deployments.flatMap(
      ({ connect }) => connect?.endpoints.flatMap(({ tls }) => tls ?? []) ?? [],
    ),
    hasRoutes: deployments.some(({ route }) => route !== undefined),
    hasNetworkRoutes: deployments.some(({ networkRoutes = [] }) => networkRoutes.length > 0),
    hasShiftedServices: deployments.some(({ service }) => service.ecsBlueGreen !== undefined),
    hasShiftedListeners: deployments.some(({ service }) => service.ecsBlueGreen?.of === "listeners"),
    groupNames: instanceClusters.map(({ name }) => autoScalingGroupName(name)),
    logGroups: [...new Set(tasks.flatMap(logGroupsOf))],
    scheduleGroups: jobs.map(({ name }) => scheduleGroupName(name)),
    existingAlarms: existingAlarms(deployments, clusters),
    repositories: tasks.flatMap(({ image, sidecars }) =>
      [image, ...sidecars.map((sidecar) => sidecar.image)].flatMap(({ build }) => build?.repository ?? []),
    ),
  };
}

const logGroupsOf = ({ container, sidecars, logs }: TaskSpec): readonly string[] => [
  logs.group,
  ...logGroupUses([container, ...sidecars], logs).map(({ group }) => group),
];

function existingAlarms(
  deployments: readonly DeploymentSpec[],
  clusters: readonly ClusterSpec[],
): readonly string[] {
  const policies = [
    ...deployments.flatMap(({ scaling }) => scaling?.policies ?? []),
    ...clusters.flatMap(({ capacity }) =>
      capacity.type === "ec2" && capacity.scaling?.by === "steps" ? capacity.scaling.policies : [],
    ),
  ];
  return [...new Set(policies.flatMap(({ when }) => ("existing" in when ? [when.existing] : [])))];
}

const uniqueByName = <Named extends { readonly name: string }>(all: readonly Named[]): readonly Named[] => [
  ...new Map(all.map((each) => [each.name, each])).values(),
];
