import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import type { Overrides } from "../aws/overrides.js";
import { ownerOf } from "../aws/owner.js";
import { RELEASE_TAG } from "../bluegreen/colors.js";
import { contextWarnings } from "../docker/context-warnings.js";
import type { GraphPurpose } from "../engine/graph.js";
import { Graph } from "../engine/graph.js";
import type { Change, Plan } from "../engine/plan.js";
import { addDeployment, sharedBy, type Special } from "../graph/deployment-graph.js";
import type { DeploymentRefs } from "../graph/service-graph.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { releaseSeconds } from "../spec/blue-green.js";
import { deployAll, type FleetMember } from "./deploy.js";
import { destroyGraph } from "./destroy-graph.js";
import { graphToDestroy, stopOneOffTasks } from "./destroy.js";
import { planOf } from "./plan.js";
import { planDeployment, type PlannedDeployment } from "./plan/plan-deployment.js";
import { planGraph, type PlannedGraph } from "./plan/plan-graph.js";
import { balancersOf, sourcesOf, type Part } from "./plan/plan-service.js";
import { isBlueGreen } from "./release/prepare-release.js";
import { replacementWarnings, withReplacementNames } from "./replacement/replacement-names.js";
import type {
  Configured,
  Deployed,
  DeployOptions,
  Destroyed,
  DestroyOptions,
  OperationOptions,
  ServiceStatus,
} from "./results.js";
import { serviceStatus } from "./status.js";
import { withContext, type Subject } from "./with-context.js";

/** Several deployments in one cloud. */
export interface ConfiguredFleet {
  readonly deployments: readonly Omit<Configured, "cloud">[];
  readonly cloud: Cloud;
}

export interface FleetDeployed {
  /** One a deployment, in the order in which they were given. */
  readonly deployments: readonly Deployed[];
  /** Of all of them and of what they share. */
  readonly changes: Plan["changes"];
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

export interface FleetStatus {
  /** Every one of them is. */
  readonly isHealthy: boolean;
  /** One a deployment, in the order in which they were given. */
  readonly deployments: readonly ServiceStatus[];
}

/** What a deploy of all would do: one plan. */
export function planFleet(fleet: ConfiguredFleet, options: DeployOptions = {}): Promise<Plan> {
  return withContext(subjectOf(fleet), options, async (context) => {
    const { prepared } = await prepareFleet(fleet, options, context);
    return planOf(prepared, context);
  });
}

/** Deploys all of them in one run; what they share is read and made once. */
export function deployFleet(fleet: ConfiguredFleet, options: DeployOptions = {}): Promise<FleetDeployed> {
  return withContext(subjectOf(fleet), options, async (context) => {
    const { prepared, members } = await prepareFleet(fleet, options, context);
    const deployments = await deployAll(prepared, members, context);
    const duration = context.clock.now() - context.startedAt;
    return { deployments, changes: prepared.changes, duration };
  });
}

/** What runs now. Changes nothing, and needs nothing to exist. */
export function fleetStatus(fleet: ConfiguredFleet, options: OperationOptions = {}): Promise<FleetStatus> {
  return withContext(subjectOf(fleet), options, async (context) => {
    const deployments = await Promise.all(specsOf(fleet).map((spec) => serviceStatus(spec, context)));
    return { isHealthy: deployments.every(({ isHealthy }) => isHealthy), deployments };
  });
}

/** Deletes all of them, and what they share once nobody else uses it. */
export function destroyFleet(fleet: ConfiguredFleet, options: DestroyOptions = {}): Promise<Destroyed> {
  return withContext(subjectOf(fleet), options, async (context) => {
    await Promise.all(fleet.deployments.map(({ spec }) => stopOneOffTasks(spec, context)));
    const taken = fleet.deployments.map(({ spec }) => graphToDestroy(spec));
    const specs = taken.map(({ spec }) => spec);
    const { graph } = await fleetGraph(specs, context, "destroy", taken);
    return destroyGraph(graph, context);
  });
}

const specsOf = ({ deployments }: ConfiguredFleet): DeploymentSpec[] => deployments.map(({ spec }) => spec);

/** A deployment as it is in the graph: for blue/green in one color. */
type ReleaseDecision = Partial<Pick<PlannedDeployment, "made" | "release" | "isReturning" | "changes">>;

async function prepareFleet(
  { deployments, cloud }: ConfiguredFleet,
  options: DeployOptions,
  context: AwsContext,
): Promise<{ readonly prepared: PlannedGraph; readonly members: readonly FleetMember[] }> {
  const described = deployments.map((deployment): Configured => ({ ...deployment, cloud }));
  const decide = async (one: Configured, alone: boolean): Promise<ReleaseDecision> =>
    alone ? planDeployment(one, options, context) : {};
  const decided = await Promise.all(described.map((one) => decide(one, isBlueGreen(one.spec))));
  const first = await prepareDecided(described, decided, options, context);
  // Whoever comes back from two colors comes as large as they are, which is decided alone, too.
  const returning = described.map(
    ({ spec }, index) =>
      decided[index]!.made === undefined &&
      first.prepared.leftovers.some(
        ({ owner, tags }) => owner === ownerOf.deployment(spec.name) && RELEASE_TAG in tags,
      ),
  );
  if (!returning.includes(true)) return first;
  const again = await Promise.all(
    described.map((one, index) => decide(one, returning[index]! || isBlueGreen(one.spec))),
  );
  return prepareDecided(described, again, options, context);
}

async function prepareDecided(
  described: readonly Configured[],
  decided: readonly ReleaseDecision[],
  options: DeployOptions,
  context: AwsContext,
): Promise<{ readonly prepared: PlannedGraph; readonly members: readonly FleetMember[] }> {
  const made = described.map(({ spec }, index) => decided[index]?.made ?? { spec, part: {} as Part });
  const suiting = await Promise.all(
    made.map(({ spec, part }) => withReplacementNames(spec, part.role, context)),
  );
  const specs = suiting.map(({ spec }) => spec);
  const sources = await Promise.all(specs.map((spec) => sourcesOf(spec, context)));
  const specials = made.map(({ part: { role = {} } }, index): Special => ({ sources: sources[index], role }));
  const { graph, refs } = await fleetGraph(specs, context, "deploy", specials);
  const owned = {
    owners: specs.map(({ name }) => ownerOf.deployment(name)),
    balancers: balancersOf(specs),
    replaced: suiting.flatMap(({ replaced }) => replaced),
    kept: new Set(made.flatMap(({ part }) => [...(part.kept ?? [])])),
  };
  const found = await planGraph(graph, owned, options, context);
  const traffic = decided.flatMap(({ changes = [] }) =>
    changes.filter(({ resource }) => resource === "traffic"),
  );
  const changes = [...found.changes, ...traffic];
  const warnings = [
    ...sources.flatMap((each) => contextWarnings(each)),
    ...new Set(made.flatMap(({ spec }, index) => replacementWarnings(spec, specs[index]!, found))),
  ];
  const prepared = { ...found, changes, warnings };
  const members = described.map((one, index): FleetMember => ({
    described: one,
    refs: refs[index]!,
    release: decided[index]?.release,
    isReturning: decided[index]?.isReturning,
    changes: changes.filter((change) => concerns(specs[index]!, change, prepared)),
  }));
  return { prepared, members };
}

async function fleetGraph(
  specs: readonly DeploymentSpec[],
  context: AwsContext,
  purpose: GraphPurpose,
  specials: readonly Special[],
): Promise<{ graph: Graph<AwsContext>; refs: readonly DeploymentRefs[] }> {
  const graph = new Graph<AwsContext>();
  const shared = sharedBy(specs);
  const refs: DeploymentRefs[] = [];
  for (const [index, spec] of specs.entries()) {
    refs.push(await addDeployment(graph, spec, context, purpose, shared, specials[index] ?? {}));
  }
  return { graph, refs };
}

/** A deployment's own changes and those of what it shares. */
function concerns(
  spec: DeploymentSpec,
  { resource, name }: Change,
  { graph, leftovers }: PlannedGraph,
): boolean {
  const id = `${resource}/${name}`;
  const left = leftovers.find((removal) => removal.id === id);
  if (resource === "traffic") return name === spec.name;
  const owner = graph.node(id)?.owner ?? left?.owner;
  const owners = [ownerOf.deployment(spec.name), ownerOf.cluster(spec.cluster.name)];
  if (spec.route !== undefined) owners.push(ownerOf.loadBalancer(spec.route.loadBalancer.name));
  return owner !== undefined && owners.includes(owner);
}

/** A deployment's overrides are for what is its own; on what is shared all of them have their say, in order. */
function subjectOf({ deployments, cloud }: ConfiguredFleet): Subject {
  const name = deployments.map(({ spec }) => spec.name).join(", ");
  // The one that takes longest says how long all of them may take.
  const [slowest] = deployments
    .flatMap(({ spec: { blueGreen } }) => blueGreen ?? [])
    .sort((a, b) => releaseSeconds(b) - releaseSeconds(a));
  const spec = { name: `the fleet of ${name}`, blueGreen: slowest };
  const subject = { spec, cloud, overrides: {} };
  if (deployments.every(({ overrides }) => Object.keys(overrides).length === 0)) return subject;
  const ofAll = composed(deployments.map(({ overrides }) => overrides));
  const ofOne = new Map(deployments.map((one) => [ownerOf.deployment(one.spec.name), one.overrides]));
  return { ...subject, overridesOf: (owner) => ofOne.get(owner ?? "") ?? ofAll };
}

type Override = (input: unknown) => unknown;

function composed(all: readonly Overrides[]): Overrides {
  const functions = new Map<string, Set<Override>>();
  for (const overrides of all) {
    for (const [operation, override] of Object.entries(overrides)) {
      const set = functions.get(operation) ?? new Set();
      functions.set(operation, set.add(override as Override));
    }
  }
  const entries = [...functions].map(([operation, set]): [string, Override] => [
    operation,
    (input) => [...set].reduce((value, override) => override(value), input),
  ]);
  return Object.fromEntries(entries);
}
