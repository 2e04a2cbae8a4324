import { loadBalancerName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { resourceIdOf } from "../aws/scalable-targets.js";
import { endedWith, type EndClaim } from "../bluegreen/claim.js";
import { COLORS, colorService } from "../bluegreen/colors.js";
import { attributed } from "../engine/attribution.js";
import { contextForOwner } from "../engine/kind.js";
import type { Change } from "../engine/plan.js";
import { leaveListenerGroups } from "../load-balancer/leave-listener-groups.js";
import { leaveTargetGroups } from "../load-balancer/leave-target-groups.js";
import { resumeScaleIn } from "../scaling/scale-in.js";
import { leaveService } from "../service/moving-target-groups.js";
import { revisionsOf } from "../service/task-definition/delete-task-definitions.js";
import { retireRevisions } from "../service/task-definition/retire-revisions.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { routesOf } from "../spec/further-routes.js";
import { afterOthers } from "./after-others.js";
import { applyPlan, stateOf } from "./apply-plan.js";
import { planDeployment, type PlannedDeployment } from "./plan/plan-deployment.js";
import type { PlannedGraph } from "./plan/plan-graph.js";
import { setDescribedCount } from "./release/described-count.js";
import { applyRelease, clearTarget } from "./release/release-traffic.js";
import type { Configured, Deployed, DeployOptions } from "./results.js";
import { endpointOf, networkAddress, serviceAddress, type ServiceAddress } from "./service-url.js";
import { withContext } from "./with-context.js";

/** Makes the account match the chain, and ends when the service runs as described. */
export function deploy(described: Configured, options: DeployOptions = {}): Promise<Deployed> {
  const deployOnce = async (context: AwsContext): Promise<Deployed> => {
    const prepared = await planDeployment(described, options, context);
    const [outcome] = await deployAll(prepared, [{ ...prepared, described }], context);
    return outcome!;
  };
  return withContext(described, options, (context) =>
    options.wait === true ? afterOthers([described.spec], deployOnce, context) : deployOnce(context),
  );
}

/** One of the deployments of a run. */
export interface FleetMember extends Pick<PlannedDeployment, "refs" | "release" | "isReturning" | "changes"> {
  readonly described: Configured;
}

/** Applies the plan, and shifts the traffic of each blue/green deployment in it. */
export async function deployAll(
  prepared: PlannedGraph,
  members: readonly FleetMember[],
  context: AwsContext,
): Promise<Deployed[]> {
  const claims: EndClaim[] = [];
  const listed = new Map<FleetMember, Promise<readonly string[] | undefined>>();
  const endClaims = async () => void (await Promise.all(claims.splice(0).map((end) => end())));
  const states = await applyPlan(prepared, context, {
    before: async () => {
      claims.push(...(await clearTargets(members, context)));
      for (const member of members) listed.set(member, activeRevisions(member, context));
    },
    after: async (known) => {
      await endClaims();
      await Promise.all(members.map((member) => moveTraffic(member, prepared, known, context)));
    },
  }).catch(async (error: unknown) => {
    throw await endedWith(error, endClaims);
  });
  await Promise.all(
    members.map(async (member) => {
      const present = await listed.get(member);
      const renewed = stateOf(states, member.refs.taskDefinition)!.arn;
      const all = present && [...new Set([...present, renewed])];
      await retireReleases(member.described.spec, member.changes, context, all);
    }),
  );
  return Promise.all(members.map((member) => toDeployed(member, states, context)));
}

/** Clears the colors that get another version, one deployment after another. */
export async function clearTargets(
  members: readonly FleetMember[],
  context: AwsContext,
): Promise<EndClaim[]> {
  context.endLooking();
  const claims: EndClaim[] = [];
  try {
    for (const member of members) {
      const { release } = member;
      if (release === undefined) continue;
      claims.push(await ofMember(member, context, (own) => clearTarget(release, own)));
    }
    return claims;
  } catch (error) {
    throw await endedWith(error, async () => void (await Promise.all(claims.map((end) => end()))));
  }
}

/** Does work for one deployment of a run: its events and its errors say whose they are. */
export function ofMember<T>(
  { described: { spec } }: Pick<FleetMember, "described">,
  context: AwsContext,
  work: (context: AwsContext) => Promise<T>,
): Promise<T> {
  const owner = ownerOf.deployment(spec.name);
  if (context.deploymentOf === undefined) return work(context);
  return attributed(context.deploymentOf(owner), () => work(contextForOwner(owner, context)));
}

/** Shifts the traffic of a deployment whose new version is healthy. */
export const moveTraffic = (
  member: FleetMember,
  prepared: PlannedGraph,
  states: ReadonlyMap<string, unknown>,
  context: AwsContext,
): Promise<void> => ofMember(member, context, (own) => moveTrafficOf(member, prepared, states, own));

async function moveTrafficOf(
  member: FleetMember,
  prepared: PlannedGraph,
  states: ReadonlyMap<string, unknown>,
  context: AwsContext,
): Promise<void> {
  const { described, release, changes } = member;
  if (release !== undefined)
    await applyRelease(described, release, changes, (await addressOf(member, states, context))!, context);
  await leaveRemovedTargetGroups(member, prepared, states, context);
  if (!member.isReturning) return;
  const { spec } = described;
  if (spec.scaling === undefined) await setDescribedCount(spec, context);
  else await resumeScaleIn(resourceIdOf(spec.cluster.name, spec.service.name), context);
}

/** Takes the traffic from the target groups that will be deleted: those of a color, or of the service before the colors. */
async function leaveRemovedTargetGroups(
  { described: { spec }, refs }: FleetMember,
  { removals }: PlannedGraph,
  states: ReadonlyMap<string, unknown>,
  context: AwsContext,
): Promise<void> {
  const owner = ownerOf.deployment(spec.name);
  const groups = removals.filter(
    ({ kind, owner: itsOwner }) => kind.kind === "target-group" && itsOwner === owner,
  );
  if (groups.length === 0 || (refs.targetGroup === undefined && refs.network.length === 0)) return;
  const arns = groups.map(({ state }) => (state as { arn: string }).arn);
  const { targetGroup: main, rules: mainRules, further } = refs;
  const routes = main === undefined ? [] : [{ targetGroup: main, rules: mainRules }, ...further];
  await Promise.all(
    routes.map(({ targetGroup, rules }, index) =>
      leaveTargetGroups(
        {
          rules: rules.flatMap((rule) => stateOf(states, rule)?.arn ?? []),
          groups: arns,
          to: stateOf(states, targetGroup)!.arn,
          drain: routesOf(spec)[index]?.deregistrationDelay ?? 0,
        },
        context,
      ),
    ),
  );
  await leaveListenerGroups(
    refs.network.map(({ listener, targetGroup }) => ({
      listener: stateOf(states, listener)!.arn,
      to: stateOf(states, targetGroup)!.arn,
    })),
    arns,
    context,
  );
  await leaveService(stateOf(states, refs.service)!, arns, context);
}

/** The revisions of a task definition that gets a new one, listed beside its rollout; `undefined` if that fails. */
const activeRevisions = async (
  { described: { spec }, changes }: FleetMember,
  context: AwsContext,
): Promise<readonly string[] | undefined> =>
  isRenewed(spec, changes) ? revisionsOf(spec.name, "ACTIVE", context).catch(() => undefined) : undefined;

const isRenewed = (spec: DeploymentSpec, changes: readonly Change[]): boolean =>
  changes.some(
    ({ resource, name, action }) =>
      resource === "task-definition" && name === spec.name && action === "update",
  );

/**
 * Deregisters old revisions of a task definition that has a new one, except those that are kept for rollbacks.
 *
 * @param listed - the active revisions. @defaultValue they are listed
 */
export async function retireReleases(
  spec: DeploymentSpec,
  changes: readonly Change[],
  context: AwsContext,
  listed?: readonly string[],
): Promise<void> {
  if (!isRenewed(spec, changes)) return;
  await retireRevisions(
    {
      family: spec.name,
      owner: ownerOf.deployment(spec.name),
      keep: spec.service.keepReleases,
      clusterName: spec.cluster.name,
      serviceNames: [spec.service.name, ...COLORS.map((color) => colorService(spec, color))],
      listed,
    },
    context,
  );
}

/** The result of one deployment of a run. */
export async function toDeployed(
  member: FleetMember,
  states: ReadonlyMap<string, unknown>,
  context: AwsContext,
): Promise<Deployed> {
  const { spec } = member.described;
  const { refs, changes } = member;
  const balancer = stateOf(states, refs.loadBalancer);
  return {
    url: (await addressOf(member, states, context))?.url,
    loadBalancer: balancer && {
      name: loadBalancerName(balancer.arn),
      dnsName: balancer.dnsName,
      zoneId: balancer.zoneId,
    },
    changes,
    service: stateOf(states, refs.service)!.serviceName,
    taskDefinition: stateOf(states, refs.taskDefinition)!.arn,
    image: stateOf(states, refs.image)?.reference ?? spec.image.reference,
    cluster: spec.cluster.name,
    duration: Math.round(context.clock.now() - context.startedAt),
  };
}

async function addressOf(
  { described, refs }: FleetMember,
  states: ReadonlyMap<string, unknown>,
  context: AwsContext,
): Promise<ServiceAddress | undefined> {
  const { dnsName } = stateOf(states, refs.loadBalancer) ?? {};
  if (dnsName === undefined) return undefined;
  const { route, networkRoutes = [] } = described.spec;
  return route === undefined
    ? networkAddress(dnsName, networkRoutes[0]!, context)
    : serviceAddress(dnsName, route, endpointOf(route.loadBalancer.listeners, refs.address), context);
}
