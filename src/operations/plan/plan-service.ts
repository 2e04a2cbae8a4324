import type { AwsContext } from "../../aws/context.js";
import { ownerName, ownerOf } from "../../aws/owner.js";
import { contextWarnings } from "../../docker/context-warnings.js";
import { deploymentGraph, type ServiceToPlan } from "../../graph/deployment-graph.js";
import type { DeploymentRefs } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { loadBalancersOf } from "../../spec/load-balancers-of.js";
import type { LoadBalancerSpec } from "../../spec/load-balancer.js";
import { readTaskSources, type TaskSources } from "../../graph/task-images-graph.js";
import { askLoadBalancer, namedLoadBalancer } from "../../load-balancer/existing-listeners.js";
import { removalsOfDeploy } from "../removals.js";
import { lookAhead } from "./look-ahead.js";
import { refuseDnsNames } from "./refuse-dns-names.js";
import { refuseOtherVpc } from "../replacement/other-vpc.js";
import { replacementWarnings, withReplacementNames } from "../replacement/replacement-names.js";
import type { DeployOptions } from "../results.js";
import { certificateWarnings } from "../warnings/certificate-warnings.js";
import { descriptionWarnings } from "../warnings/description-warnings.js";
import { capacityQuotaWarnings } from "../warnings/capacity-quota-warnings.js";
import { quotaWarnings } from "../warnings/quota-warnings.js";
import { movingWarnings } from "../warnings/moving-warnings.js";
import { planGraph, type PlannedGraph } from "./plan-graph.js";
import { assertRolloutsCanMove } from "./rollouts-can-move.js";

/** Everything that a run will do with one service. */
export interface PlannedService extends PlannedGraph {
  readonly refs: DeploymentRefs;
  /** The planned service, to plan it again together with other services. */
  readonly service: ServiceToPlan;
}

/** Everything that a run will do with several services. */
export interface PlannedServices extends PlannedGraph {
  /** The refs of each service, in the given order. */
  readonly refs: readonly DeploymentRefs[];
  /** The spec of each service, with the names of its replacements. */
  readonly specs: readonly DeploymentSpec[];
}

export async function planService(
  service: ServiceToPlan,
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedService> {
  const { refs, ...planned } = await planServices([service], options, context);
  return { ...planned, refs: refs[0]!, service };
}

export async function planServices(
  services: readonly ServiceToPlan[],
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedServices> {
  const sources = await Promise.all(services.map(({ spec }) => readTaskSources(spec, context)));
  const graphOf = async (own: AwsContext) => {
    const described = services.map(({ spec, variant }, index) => ({
      spec,
      variant,
      sources: sources[index],
    }));
    return (await deploymentGraph(described, own, "deploy")).graph;
  };
  const owners = services.map(({ spec }) => ownerOf.deployment(spec.name));
  const balancers = balancersOf(services.map(({ spec }) => spec));
  const ahead = lookAhead(graphOf, context, (graph, observing) => [
    removalsOfDeploy({ owners, balancers }, graph, observing, context),
    ...balancers.flatMap((balancer) => [
      askLoadBalancer(balancer.name, context),
      ...(balancer.claim === "use-or-create" ? [namedLoadBalancer(balancer, context)] : []),
    ]),
  ]);
  return planWithSources(services, sources, options, context).finally(() => ahead);
}

async function planWithSources(
  services: readonly ServiceToPlan[],
  sources: readonly TaskSources[],
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedServices> {
  const replacements = await Promise.all(
    services.map(({ spec, variant }) => withReplacementNames(spec, variant, context)),
  );
  const specs = replacements.map(({ spec }) => spec);
  const { graph, refs } = await deploymentGraph(
    services.map(({ variant }, index) => ({ spec: specs[index]!, variant, sources: sources[index] })),
    context,
    "deploy",
  );
  const described = {
    owners: specs.map(({ name }) => ownerOf.deployment(name)),
    balancers: balancersOf(specs),
    replaced: replacements.flatMap(({ replaced }) => replaced),
    kept: new Set(services.flatMap(({ kept = [] }) => [...kept])),
  };
  const planned = await planGraph(graph, described, options, context);
  await refuseOtherVpc(planned, context);
  await refuseDnsNames(specs, planned, context);
  assertRolloutsCanMove(planned);
  const ownWarnings = services.flatMap(({ spec }, index) =>
    [
      ...descriptionWarnings(spec, context),
      ...[...sources[index]!.values()].flatMap((one) => contextWarnings(one)),
      ...certificateWarnings(spec, planned),
      ...replacementWarnings(spec, specs[index]!, planned),
    ].map((warning) => [warning, spec.name] as const),
  );
  // What several deployments have in common is said once, and is about none of them.
  const isOfOne = (warning: string) =>
    new Set(ownWarnings.flatMap(([each, name]) => (each === warning ? [name] : []))).size === 1;
  const moving = movingWarnings(planned).map(
    ({ message, owner }) => [message, ownerName(owner, "deployment") ?? ""] as const,
  );
  const isForSeveral = context.deploymentOf !== undefined;
  const warned = new Map(isForSeveral ? [...moving, ...ownWarnings.filter(([each]) => isOfOne(each))] : []);
  const ofAll = [
    ...(await quotaWarnings(planned, context)),
    ...(await capacityQuotaWarnings(planned, context)),
  ];
  const warnings = [
    ...new Set([...moving.map(([each]) => each), ...ofAll, ...ownWarnings.map(([each]) => each)]),
  ];
  return { ...planned, refs, specs, warnings, warned };
}

/** The load balancers of the deployments, each once. */
const balancersOf = (specs: readonly DeploymentSpec[]): readonly LoadBalancerSpec[] => [
  ...new Map(
    specs.flatMap((spec) =>
      loadBalancersOf(spec).map((loadBalancer) => [loadBalancer.name, loadBalancer] as const),
    ),
  ).values(),
];
