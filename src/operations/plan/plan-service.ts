import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { readBuildContext, type BuildContext } from "../../docker/build-context.js";
import { contextWarnings } from "../../docker/context-warnings.js";
import { offClock } from "../../engine/clock.js";
import { deploymentGraph } from "../../graph/deployment-graph.js";
import type { DeploymentRefs, ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { LoadBalancerSpec } from "../../spec/load-balancer.js";
import { replacementWarnings, withReplacementNames } from "../replacement/replacement-names.js";
import type { DeployOptions } from "../results.js";
import { planGraph, type PlannedGraph } from "./plan-graph.js";

/** Everything that a run will do with one service, decided and not begun. */
export interface PlannedService extends PlannedGraph {
  readonly refs: DeploymentRefs;
  /** What the graph was made of: for blue/green the description of one color. */
  readonly made: { readonly spec: DeploymentSpec; readonly part: Part };
}

export interface Part {
  readonly role?: ServiceVariant;
  /** Ids of what is left as it is, though it is not described. */
  readonly kept?: ReadonlySet<string>;
}

export async function planService(
  spec: DeploymentSpec,
  options: DeployOptions,
  context: AwsContext,
  part: Part = {},
): Promise<PlannedService> {
  const { role = {}, kept } = part;
  const sources = await sourcesOf(spec, context);
  const { spec: suiting, replaced } = await withReplacementNames(spec, role, context);
  const { graph, refs } = await deploymentGraph(suiting, context, "deploy", { sources, role });
  const owned = {
    owners: [ownerOf.deployment(spec.name)],
    balancers: balancersOf([suiting]),
    replaced,
    kept,
  };
  const prepared = await planGraph(graph, owned, options, context);
  return {
    ...prepared,
    refs,
    made: { spec, part },
    warnings: [...contextWarnings(sources), ...replacementWarnings(spec, suiting, prepared)],
  };
}

/** What the image is built from, if it is built. */
export async function sourcesOf(
  { image: { build } }: DeploymentSpec,
  { clock, signal }: AwsContext,
): Promise<BuildContext | undefined> {
  return build && (await offClock(clock, () => readBuildContext(build, signal)));
}

/** The load balancers that deployments stand behind, each once. */
export const balancersOf = (specs: readonly DeploymentSpec[]): readonly LoadBalancerSpec[] => [
  ...new Map(
    specs.flatMap(({ route }) =>
      route === undefined ? [] : [[route.loadBalancer.name, route.loadBalancer]],
    ),
  ).values(),
];
