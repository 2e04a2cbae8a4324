import type { AwsContext } from "../aws/context.js";
import { endedWith } from "../bluegreen/claim.js";
import { applySettled, cannotReplace, type Applied } from "../engine/apply.js";
import { attribute } from "../engine/attribution.js";
import type { RunOutcome } from "../errors.js";
import { QuaysideError } from "../errors.js";
import { removeAll } from "../engine/remove.js";
import { createServiceLinkedRoles } from "../iam/service-linked-roles.js";
import { beginApply, createdKinds, type Warn } from "./apply-plan.js";
import {
  clearTargets,
  moveTraffic,
  ofMember,
  retireReleases,
  toDeployed,
  type FleetMember,
} from "./deploy.js";
import { orphansShownLate } from "./removals.js";
import { forgetPlacesLeft } from "./places.js";
import type { PlannedGraph } from "./plan/plan-graph.js";
import type { Configured, Deployed } from "./results.js";
import { blockedWarning } from "./warnings/plan-warnings.js";

/** The result of one deployment of a fleet: what was deployed, or why not. */
export type FleetResult =
  | { readonly deployment: string; readonly ok: Deployed; readonly error?: undefined }
  | { readonly deployment: string; readonly ok?: undefined; readonly error: Error };

export interface PlannedMembers {
  readonly planned: PlannedGraph;
  readonly members: readonly FleetMember[];
}

/** Plans the deploy of some of a fleet's deployments together. */
type PlanMembers = (configured: readonly Configured[], context: AwsContext) => Promise<PlannedMembers>;

/**
 * Deploys several deployments in one run, and gives each its own result: one that fails does not stop the others. Only
 * what concerns all of them rejects: an abort, the timeout, and what they share, before anything is changed.
 */
export async function settleFleet(
  all: readonly Configured[],
  plan: PlanMembers,
  context: AwsContext,
): Promise<readonly FleetResult[]> {
  const results = new Map<string, FleetResult>();
  const fail = (deployment: string, error: Error) => void results.set(deployment, { deployment, error });
  for (let round = 0; ; round++) {
    const remaining = all.filter(({ spec }) => !results.has(spec.name));
    if (remaining.length === 0) break;
    // What was read for those that cannot be deployed may have changed meanwhile.
    const own = round === 0 ? context : await context.afresh();
    const planned = await planOrFail(remaining, plan, own, fail);
    if (planned === undefined) continue;
    try {
      const deployed = await deployTogether(planned, own);
      for (const result of deployed) results.set(result.deployment, result);
      break;
    } catch (error) {
      if (own.signal.aborted || !(error instanceof NotBegun)) throw error;
      fail(error.deployment, error.reason);
    }
  }
  return all.map(({ spec }) => results.get(spec.name)!);
}

/** Plans the deployments together; `undefined` if some cannot be planned, each of which has failed then. */
async function planOrFail(
  remaining: readonly Configured[],
  plan: PlanMembers,
  context: AwsContext,
  fail: (deployment: string, error: Error) => void,
): Promise<PlannedMembers | undefined> {
  try {
    return await plan(remaining, context);
  } catch (error) {
    if (context.signal.aborted) throw error;
    const [only, ...others] = remaining;
    if (others.length === 0) {
      fail(only!.spec.name, toError(attribute(error, only!.spec.name)));
      return undefined;
    }
    // Alone, each says for itself whether it is the reason.
    const alone = await Promise.all(
      remaining.map(async (one) => planOrFail([one], plan, await context.afresh(), fail)),
    );
    if (alone.every((each) => each !== undefined)) throw error;
    return undefined;
  }
}

/** Ends a round in which one deployment could not begin: the others go on without it. */
class NotBegun extends Error {
  readonly deployment: string;
  readonly reason: Error;

  constructor(deployment: string, reason: Error) {
    super(reason.message);
    this.deployment = deployment;
    this.reason = reason;
  }
}

/** Marks an error of one deployment as a reason to go on without it. */
function notBegun(error: unknown): unknown {
  return error instanceof QuaysideError && error.deployment !== undefined
    ? new NotBegun(error.deployment, error)
    : error;
}

async function deployTogether(
  { planned, members }: PlannedMembers,
  context: AwsContext,
): Promise<readonly FleetResult[]> {
  for (const { deployment, ...change } of planned.changes) {
    if (change.action === "replace" && deployment !== undefined)
      throw notBegun(attribute(cannotReplace([change]), deployment));
  }
  const claims = await clearTargets(members, context).catch((error: unknown) => {
    throw notBegun(error);
  });
  const endClaims = async () => void (await Promise.all(claims.splice(0).map((end) => end())));
  try {
    const warn = await beginApply(planned, context);
    const before = createServiceLinkedRoles(createdKinds(planned.changes), context);
    const applied = await applySettled(planned.graph, planned.steps, context, { waitsForAll: true, before });
    const { states, log } = applied;
    await endClaims();
    const failures = log.failures.map(toError);
    const settled = await Promise.all(
      members.map(async (member): Promise<FleetResult> => {
        const deployment = member.described.spec.name;
        const failure = failureOf(member, states, failures);
        if (failure !== undefined)
          return { deployment, error: withOutcome(failure, deployment, log.outcome) };
        try {
          await moveTraffic(member, planned, states, context);
          await ofMember(member, context, (own) =>
            retireReleases(member.described.spec, member.changes, own),
          );
          return { deployment, ok: await toDeployed(member, states, context) };
        } catch (error) {
          if (context.signal.aborted) throw error;
          return { deployment, error: toError(error) };
        }
      }),
    );
    await removeOfSucceeded(planned, settled, applied, warn, context);
    return settled;
  } catch (error) {
    throw await endedWith(error, endClaims);
  }
}

/** The failure because of which a deployment does not run: its own one, or that of what it shares. */
function failureOf(
  { refs, described }: FleetMember,
  states: ReadonlyMap<string, unknown>,
  failures: readonly Error[],
): Error | undefined {
  const own = failures.find((error) => ownerIn(error) === described.spec.name);
  if (own !== undefined) return own;
  const goals = [refs.service, refs.loadBalancer].flatMap((ref) => ref?.id ?? []);
  if (goals.every((id) => states.has(id))) return undefined;
  return failures.find((error) => ownerIn(error) === undefined) ?? failures[0];
}

const ownerIn = (error: Error): string | undefined =>
  error instanceof QuaysideError ? error.deployment : undefined;

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** What was done and what was not, of the deployment and of what it shares. */
function withOutcome(error: Error, deployment: string, { done, notDone }: RunOutcome): Error {
  if (!(error instanceof QuaysideError)) return error;
  const concerns = (entry: RunOutcome["done"][number]) =>
    entry.deployment === undefined || entry.deployment === deployment;
  error.outcome ??= { done: done.filter(concerns), notDone: notDone.filter(concerns) };
  return error;
}

/** Deletes what is no longer described: of the deployments that run, and of what is shared once all of them do. */
async function removeOfSucceeded(
  planned: PlannedGraph,
  settled: readonly FleetResult[],
  { states, narrow }: Applied,
  warn: Warn,
  context: AwsContext,
): Promise<void> {
  const failed = new Set(settled.flatMap(({ deployment, error }) => (error === undefined ? [] : deployment)));
  const hasSucceeded = (owner: string | undefined): boolean => {
    const deployment = context.deploymentOf?.(owner);
    return deployment === undefined ? failed.size === 0 : !failed.has(deployment);
  };
  await narrow(hasSucceeded);
  const deletable = planned.removals.filter(({ owner }) => hasSucceeded(owner));
  const { kept } = await removeAll(deletable, context);
  for (const one of kept) warn(blockedWarning(one), one.deployment);
  if (kept.length > 0 || failed.size > 0) return;
  await removeAll(await orphansShownLate(planned, context), context);
  await forgetPlacesLeft(planned.observations, states, context);
}
