import { RELEASE_TAG } from "../bluegreen/colours.js";
import { readRelease } from "../bluegreen/release-state.js";
import type { AwsContext } from "../aws/context.js";
import { readBuildContext, type BuildContext } from "../docker/build-context.js";
import { contextWarnings } from "../docker/context-warnings.js";
import { offClock } from "../engine/clock.js";
import type { Graph } from "../engine/graph.js";
import { observe, type Observations } from "../engine/observe.js";
import type { Change } from "../engine/plan.js";
import { removalChange, withoutHeld, withoutKept, type Kept, type Removal } from "../engine/remove.js";
import { planSteps, type Step } from "../engine/steps.js";
import type { DeploymentSpec, LoadBalancerSpec } from "../spec/deployment-spec.js";
import type { ActOptions, DeployOptions, Described } from "./actions.js";
import { within } from "./colour-size.js";
import { deploymentGraph } from "./deployment-graph.js";
import { deploymentOwner } from "./deployment-owner.js";
import { leftoversOfDeploy, type DescribedOwners } from "./leftovers.js";
import { isBlueGreen, prepareRelease, type PreparedRelease } from "./prepare-release.js";
import type { DeploymentRefs, ServiceRole } from "./service-nodes.js";
import { replacedWarning, withSuitingTargetGroup } from "./suiting-target-group.js";

/** Everything that a run will do, decided and not begun: `plan()` shows it, `deploy()` carries it out. */
export interface PreparedGraph {
  readonly graph: Graph<AwsContext>;
  readonly observations: Observations<AwsContext>;
  readonly steps: readonly Step<AwsContext>[];
  /** What is no longer described or used; it goes once what replaces it works. */
  readonly leftovers: readonly Removal<AwsContext>[];
  /** What is no longer described either, and stays for now: others hold on to it. */
  readonly held: readonly Kept[];
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

/** The same of one deployment. */
export interface Prepared extends PreparedGraph {
  readonly refs: DeploymentRefs;
  /** What the graph was made of: for blue/green the description of one colour. */
  readonly made: { readonly spec: DeploymentSpec; readonly part: Part };
  /** Of a blue/green deployment: which colour the changes are for, and what then happens to the traffic. */
  readonly release?: PreparedRelease | undefined;
  /** Colours serve, or were about to, until it does. */
  readonly isReturning?: boolean | undefined;
}

export const prepare = (
  { spec, verify }: Described,
  options: DeployOptions,
  context: AwsContext,
): Promise<Prepared> =>
  isBlueGreen(spec)
    ? prepareRelease(spec, options, { isVerified: verify !== undefined }, context)
    : prepareRolling(spec, options, context);

/** One service, which is rolled over in place. If colours serve until it is there, it comes as large as they are. */
async function prepareRolling(
  spec: DeploymentSpec,
  options: DeployOptions,
  context: AwsContext,
): Promise<Prepared> {
  const prepared = await prepareService(spec, options, context);
  const fromColours = prepared.leftovers.some(({ tags }) => RELEASE_TAG in tags);
  if (!fromColours || spec.route === undefined) return prepared;
  const { live, ...state } = await readRelease(spec, context);
  const serves = live !== undefined && live !== "rolling" ? state[live].service : undefined;
  const returning = { ...prepared, isReturning: true };
  if (serves?.desiredCount === undefined) return returning;
  const tasks = Math.max(within(serves.desiredCount, { ...spec.scaling }), spec.service.desired ?? 0);
  // Until it has the requests, its scaling would see nothing to do.
  const role: ServiceRole = { count: { tasks, rule: "at-least" }, scaling: { scaleIn: "suspended" } };
  return { ...returning, ...(await prepareService(spec, options, context, { role })) };
}

export interface Part {
  readonly role?: ServiceRole;
  /** Ids of what is left as it is, though it is not described. */
  readonly kept?: ReadonlySet<string>;
}

export async function prepareService(
  spec: DeploymentSpec,
  options: DeployOptions,
  context: AwsContext,
  part: Part = {},
): Promise<Prepared> {
  const { role = {}, kept } = part;
  const sources = await sourcesOf(spec, context);
  const suiting = await withSuitingTargetGroup(spec, part, context);
  const { graph, refs } = await deploymentGraph(suiting, context, "deploy", { sources, role });
  const owned = { owners: [deploymentOwner(spec)], balancers: balancersOf([spec]), kept };
  const prepared = await prepareGraph(graph, owned, options, context);
  return {
    ...prepared,
    refs,
    made: { spec, part },
    warnings: [...contextWarnings(sources), ...replacedWarning(spec, suiting, prepared)],
  };
}

/** What the image is built from, if it is built. */
export async function sourcesOf(
  { image: { build } }: DeploymentSpec,
  { clock, signal }: AwsContext,
): Promise<BuildContext | undefined> {
  return build && (await offClock(clock, () => readBuildContext(build, signal)));
}

/** The same for any graph. */
export async function prepareGraph(
  graph: Graph<AwsContext>,
  described: DescribedOwners,
  options: ActOptions,
  context: AwsContext,
): Promise<PreparedGraph> {
  const [observations, owned] = await Promise.all([
    observe(graph, context),
    leftoversOfDeploy(described, graph, context),
  ]);
  const { going, staying: held } = await withoutHeld(owned, graph, context);
  const { going: leftovers } = await withoutKept(going, context);
  const steps = planSteps(observations, options.adopt ?? false);
  for (const { action, node } of steps) {
    if (action === "create") await node.kind.preflight?.(observations.get(node.id)!.desired, context);
  }
  const inGraph = new Set(graph.nodes.map(({ owner }) => owner));
  const changes = [
    ...steps.filter((step) => step.node.kind.create !== undefined).map(shownChange),
    ...leftovers.map((leftover) =>
      removalChange(
        leftover,
        inGraph.has(leftover.owner) ? "the chain no longer describes it" : "nobody uses it any more",
      ),
    ),
  ];
  return { graph, observations, steps, leftovers, held, changes, warnings: [] };
}

/** The load balancers that deployments stand behind, each once. */
export const balancersOf = (specs: readonly DeploymentSpec[]): readonly LoadBalancerSpec[] => [
  ...new Map(
    specs.flatMap(({ route }) =>
      route === undefined ? [] : [[route.loadBalancer.name, route.loadBalancer]],
    ),
  ).values(),
];

/** The change as people read it: without the name of the field that holds the whole resource. */
function shownChange({ node, change }: Step<AwsContext>): Change {
  const body = node.kind.body as string | undefined;
  if (body === undefined) return change;
  const bare = (text: string): string => text.replaceAll(`${body}.`, "");
  return {
    ...change,
    fields: change.fields.map((field) => ({ ...field, path: bare(field.path) })),
    reason: bare(change.reason),
  };
}
