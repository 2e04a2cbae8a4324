import type { Cloud } from "../aws/cloud.js";
import type { AwsContext } from "../aws/context.js";
import { composeOverrides, type Overrides } from "../aws/overrides.js";
import { ownerOf } from "../aws/owner.js";
import { RELEASE_TAG } from "../bluegreen/colors.js";
import { labelOf } from "../engine/attribution.js";
import type { Change, Plan } from "../engine/plan.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { loadBalancersOf } from "../spec/load-balancers-of.js";
import { afterOthers } from "./after-others.js";
import { deployAll, ofMember, type FleetMember } from "./deploy.js";
import { destroyDeployments, stopOneOffTasks } from "./destroy.js";
import { planWithWarnings } from "./plan.js";
import { planDeployment, type PlannedDeployment } from "./plan/plan-deployment.js";
import type { PlannedGraph } from "./plan/plan-graph.js";
import { planServices } from "./plan/plan-service.js";
import { isBlueGreen } from "./release/prepare-release.js";
import type {
  Configured,
  Deployed,
  DeployOptions,
  Destroyed,
  DestroyOptions,
  OperationOptions,
  ServiceStatus,
} from "./results.js";
import { settleFleet, type FleetResult, type PlannedMembers } from "./settle-fleet.js";
import { serviceStatus } from "./status.js";
import { stepsSeconds, withContext, type Subject } from "./with-context.js";

/** The specs of several deployments, and their cloud. */
export interface ConfiguredFleet {
  readonly deployments: readonly Omit<Configured, "cloud">[];
  readonly cloud: Cloud;
}

export interface FleetDeployed {
  /** One for each deployment, in the given order. */
  readonly deployments: readonly Deployed[];
  /** The changes of all deployments and of what they share. */
  readonly changes: Plan["changes"];
  /** Milliseconds, by the cloud's clock. */
  readonly duration: number;
}

export interface FleetStatus {
  /** True if all deployments are healthy. */
  readonly isHealthy: boolean;
  /** One for each deployment, in the given order. */
  readonly deployments: readonly ServiceStatus[];
}

/** Plans the deploy of all deployments. */
export function planFleet(fleet: ConfiguredFleet, options: DeployOptions = {}): Promise<Plan> {
  return withContext(subjectOf(fleet), options, (context) => {
    const plan = async () => (await planMembers(configuredOf(fleet), options, context)).planned;
    return planWithWarnings(plan, context, clustersOf(fleet));
  });
}

/** Deploys all deployments in one run: what they share is read and created once. */
export function deployFleet(fleet: ConfiguredFleet, options: DeployOptions = {}): Promise<FleetDeployed> {
  const deployOnce = async (context: AwsContext): Promise<FleetDeployed> => {
    const { planned, members } = await planMembers(configuredOf(fleet), options, context);
    const deployments = await deployAll(planned, members, context);
    const duration = Math.round(context.clock.now() - context.startedAt);
    return { deployments, changes: planned.changes, duration };
  };
  return withContext(subjectOf(fleet), options, (context) =>
    options.wait === true ? afterOthers(specsOf(fleet), deployOnce, context) : deployOnce(context),
  );
}

/** Like `deployFleet`, with a result for each deployment: one that fails does not stop the others. */
export function deploySettled(
  fleet: ConfiguredFleet,
  options: DeployOptions = {},
): Promise<readonly FleetResult[]> {
  const plan = (some: readonly Configured[], context: AwsContext) => planMembers(some, options, context);
  const settleOnce = (context: AwsContext) => settleFleet(configuredOf(fleet), plan, context);
  return withContext(
    subjectOf(fleet),
    options,
    (context) =>
      options.wait === true ? afterOthers(specsOf(fleet), settleOnce, context) : settleOnce(context),
    (results) => results.flatMap(({ error }) => error ?? []),
  );
}

/** Returns the status of all deployments, also of those that do not exist. Changes nothing. */
export function fleetStatus(fleet: ConfiguredFleet, options: OperationOptions = {}): Promise<FleetStatus> {
  return withContext(subjectOf(fleet), options, async (context) => {
    const deployments = await Promise.all(specsOf(fleet).map((spec) => serviceStatus(spec, context)));
    return { isHealthy: deployments.every(({ isHealthy }) => isHealthy), deployments };
  });
}

/** Deletes all deployments, and what they share if it has no other users. */
export function destroyFleet(fleet: ConfiguredFleet, options: DestroyOptions = {}): Promise<Destroyed> {
  return withContext(subjectOf(fleet), options, (context) => {
    const stopTasksOfAll = () =>
      Promise.all(
        configuredOf(fleet).map((described) =>
          ofMember({ described }, context, (own) => stopOneOffTasks(described.spec, own)),
        ),
      );
    return destroyDeployments(specsOf(fleet), stopTasksOfAll, context);
  });
}

/** Each cluster once. */
const clustersOf = (fleet: ConfiguredFleet): readonly ClusterSpec[] => [
  ...new Map(specsOf(fleet).map(({ cluster }) => [cluster.name, cluster])).values(),
];

const specsOf = ({ deployments }: ConfiguredFleet): DeploymentSpec[] => deployments.map(({ spec }) => spec);

const configuredOf = ({ deployments, cloud }: ConfiguredFleet): Configured[] =>
  deployments.map((deployment) => ({ ...deployment, cloud }));

/** The decision about a deployment alone, before it is planned together with the others. */
type ReleaseDecision = Partial<Pick<PlannedDeployment, "service" | "release" | "isReturning" | "changes">>;

async function planMembers(
  configured: readonly Configured[],
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedMembers> {
  const decide = async (one: Configured, alone: boolean): Promise<ReleaseDecision> =>
    alone ? ofMember({ described: one }, context, (own) => planDeployment(one, options, own)) : {};
  const decisions = await Promise.all(configured.map((one) => decide(one, isBlueGreen(one.spec))));
  const first = await planTogether(configured, decisions, options, context);
  // A deployment that is no longer blue/green starts as large as its colors, which is decided alone, too.
  const returning = configured.map(
    ({ spec }, index) =>
      decisions[index]!.service === undefined &&
      first.planned.removals.some(
        ({ owner, tags }) => owner === ownerOf.deployment(spec.name) && RELEASE_TAG in tags,
      ),
  );
  if (!returning.includes(true)) return first;
  const again = await Promise.all(
    configured.map((one, index) => decide(one, returning[index]! || isBlueGreen(one.spec))),
  );
  return planTogether(configured, again, options, context);
}

async function planTogether(
  configured: readonly Configured[],
  decisions: readonly ReleaseDecision[],
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedMembers> {
  const services = configured.map(({ spec }, index) => decisions[index]?.service ?? { spec });
  const { refs, specs, ...found } = await planServices(services, options, context);
  const traffic = decisions.flatMap(({ changes = [] }) =>
    changes.filter(({ resource }) => resource === "traffic"),
  );
  const labeled = [...found.changes, ...traffic].map((change): Change => ({
    ...change,
    ...labelOf(deploymentIn(change, found, context)),
  }));
  const planned = { ...found, changes: labeled };
  const members = configured.map((one, index): FleetMember => ({
    described: one,
    refs: refs[index]!,
    release: decisions[index]?.release,
    isReturning: decisions[index]?.isReturning,
    changes: planned.changes.filter((change) => concerns(specs[index]!, change, planned)),
  }));
  return { planned, members };
}

/** The deployment that owns the changed resource; `undefined` if deployments share it. */
function deploymentIn(
  { resource, name }: Change,
  { graph, removals }: Pick<PlannedGraph, "graph" | "removals">,
  context: AwsContext,
): string | undefined {
  if (resource === "traffic") return name;
  const id = `${resource}/${name}`;
  const owner = graph.node(id)?.owner ?? removals.find((removal) => removal.id === id)?.owner;
  return context.deploymentOf?.(owner);
}

/** True if the change is to the deployment's own resources, or to those that it shares. */
function concerns(
  spec: DeploymentSpec,
  { resource, name }: Change,
  { graph, removals }: PlannedGraph,
): boolean {
  const id = `${resource}/${name}`;
  const removed = removals.find((removal) => removal.id === id);
  if (resource === "traffic") return name === spec.name;
  const owner = graph.node(id)?.owner ?? removed?.owner;
  const owners = [ownerOf.deployment(spec.name), ownerOf.cluster(spec.cluster.name)];
  for (const { name } of loadBalancersOf(spec)) owners.push(ownerOf.loadBalancer(name));
  return owner !== undefined && owners.includes(owner);
}

/** Each deployment's overrides apply to its own resources; those of all deployments apply, in order, to shared ones. */
function subjectOf({ deployments, cloud }: ConfiguredFleet): Subject {
  const name = deployments.map(({ spec }) => spec.name).join(", ");
  // The longest release determines the default timeout.
  const [slowest] = deployments
    .map(({ spec: { blueGreen, service } }) => ({ blueGreen, service }))
    .sort((a, b) => stepsSeconds(b) - stepsSeconds(a));
  const spec = { ...slowest, name: `the fleet of ${name}` };
  const subject = { spec, cloud, overrides: {}, isForSeveral: true };
  const shared = deployments.map(({ sharedOverrides }) => sharedOverrides ?? new Map<string, Overrides>());
  const isPlain = deployments.every(({ overrides }) => Object.keys(overrides).length === 0);
  if (isPlain && shared.every(({ size }) => size === 0)) return subject;
  const all = deployments.map(({ overrides }) => overrides);
  const ofAll = (owner: string) => composeOverrides([...all, ...shared.map((each) => each.get(owner) ?? {})]);
  const ofOne = new Map(deployments.map((one) => [ownerOf.deployment(one.spec.name), one.overrides]));
  return { ...subject, overridesOf: (owner) => ofOne.get(owner ?? "") ?? ofAll(owner ?? "") };
}
