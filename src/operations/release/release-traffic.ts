import { setDescribedCount } from "./described-count.js";
import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { resourceIdOf } from "../../aws/scalable-targets.js";
import { claimColor, endedWith, type EndClaim } from "../../bluegreen/claim.js";
import { colorService, inColor, otherColor, releaseError, type Color } from "../../bluegreen/colors.js";
import { cancelScheduledStop, scheduleStop, scheduledStop } from "../../bluegreen/keep-old.js";
import { assertSame } from "../../bluegreen/release-operations.js";
import { releaseColor } from "../../bluegreen/release-run.js";
import { readRelease, subjectIn, type ReleaseState } from "../../bluegreen/release-state.js";
import { shiftTraffic } from "../../bluegreen/shift-traffic.js";
import { reported } from "../../engine/apply.js";
import type { Change } from "../../engine/plan.js";
import { QuaysideError } from "../../errors.js";
import { resumeScaleIn } from "../../scaling/scale-in.js";
import type { Configured } from "../results.js";
import type { ServiceAddress } from "../service-url.js";
import { statusOf } from "../status.js";
import type { PreparedRelease } from "./prepare-release.js";

/**
 * Prepares the colors for the release: cancels the scheduled stop of a color, and takes from the target the
 * traffic that an interrupted release has shifted to it, because a color must not change while it gets any. A color
 * that gets another version is claimed until the returned function is called: no other run shifts traffic to it.
 */
export async function clearTarget(
  { spec, state, target, hold, isBehind, isFresh }: PreparedRelease,
  context: AwsContext,
): Promise<EndClaim> {
  const { live } = state;
  const isReplaced = isFresh && live !== target;
  const endClaim = isReplaced ? await claimColor(spec.name, state.rules, target, context) : async () => {};
  try {
    if (isReplaced && state.rules.length > 0) await assertAsPlanned(spec, state, context);
    await clear({ spec, state, target, hold, isBehind, isFresh }, context);
    return endClaim;
  } catch (error) {
    throw await endedWith(error, endClaim);
  }
}

/** Reads the release again once its color is claimed: before that, another run may have changed it. */
async function assertAsPlanned(
  spec: PreparedRelease["spec"],
  planned: ReleaseState,
  context: AwsContext,
): Promise<void> {
  const now = await readRelease(spec, context);
  // ECS may describe a new service of an interrupted run only now.
  const known = (color: Color) => planned[color].release ?? now[color].release;
  const seen: ReleaseState = {
    ...planned,
    blue: { ...planned.blue, release: known("blue") },
    green: { ...planned.green, release: known("green") },
  };
  assertSame(spec, seen, now);
}

async function clear(
  { spec, state, target, hold, isBehind, isFresh }: PreparedRelease,
  context: AwsContext,
): Promise<void> {
  const { live } = state;
  if (live !== target || isBehind) await cancelScheduledStop(spec.name, context);
  const { service, weight } = state[target];
  if (!isFresh || live === target || weight === 0 || service === undefined) return;
  if (hold || live === undefined || live === "rolling") {
    const why = `${state[target].weight} % of its traffic is on ${target}`;
    throw releaseError("release-in-progress", `${spec.name} cannot get another ${target} version: ${why}`, {
      fix: "Finish that release first, with promote() or rollback() of release().",
    });
  }
  await shiftTraffic(
    state,
    {
      deployment: spec.name,
      to: subjectIn(state, live, spec).color,
      percent: 100,
      from: undefined,
      why: `${target} gets another version`,
    },
    context,
  );
}

/** Shifts the traffic to the color that was deployed, once it is healthy. */
export async function applyRelease(
  described: Configured,
  release: PreparedRelease,
  changes: readonly Change[],
  address: ServiceAddress,
  context: AwsContext,
): Promise<void> {
  const { spec, target, hold, isBehind, isFresh } = release;
  if (!isBehind && !isFresh) {
    if (!hold) await keepOldOfInterruptedRun(release, context);
    return;
  }
  const run = {
    spec,
    owner: ownerOf.deployment(spec.name),
    target,
    hold,
    verify: described.verify,
    address,
    status: () => statusOf(inColor(spec, target), context),
    onShifted: isBehind && !hold ? () => keepOld(release, context) : async () => {},
  };
  const work = () => releaseColor(run, context);
  try {
    if (isBehind && !hold) {
      await reported({ kind: { kind: "traffic" }, name: spec.name }, "update", context, work);
    } else await work();
  } catch (error) {
    if (error instanceof QuaysideError) error.outcome ??= outcomeOf(changes);
    throw error;
  }
  if (!isBehind || hold) return;
  if (spec.scaling === undefined) await setDescribedCount(inColor(spec, target), context);
  else await resumeScaleIn(resourceIdOf(spec.cluster.name, colorService(spec, target)), context);
}

/** Schedules the stop of the old color if an earlier run was interrupted before that, or if AWS could not stop it. */
async function keepOldOfInterruptedRun(release: PreparedRelease, context: AwsContext): Promise<void> {
  const { spec, state, target } = release;
  if (spec.blueGreen.keepOld === undefined || state.live !== target) return;
  if ((state[otherColor(target)].service?.desiredCount ?? 0) === 0) return;
  const stop = await scheduledStop(spec.name, context);
  if (stop === undefined || stop.isDue) await keepOld(release, context);
}

/** Keeps the old color running, and schedules its stop if `keepOld` is set. */
async function keepOld({ spec, state, target }: PreparedRelease, context: AwsContext): Promise<void> {
  const color = otherColor(target);
  if (state[color].service === undefined) return;
  const seconds = spec.blueGreen.keepOld;
  const until = seconds === undefined ? undefined : await scheduleStop(spec, color, seconds, context);
  const at = context.clock.now();
  context.emit({ type: "kept", at, deployment: spec.name, color, until: until?.getTime() });
}

/** The outcome of a deploy whose traffic was shifted back: everything is done, except the shift and the deletions. */
function outcomeOf(changes: readonly Change[]): NonNullable<QuaysideError["outcome"]> {
  const entries = changes
    .filter(({ action }) => action !== "none")
    .map(({ action, resource, name }) => ({ action, resource, name }));
  const isNotDone = ({ action, resource }: { action: string; resource: string }): boolean =>
    resource === "traffic" || action === "delete";
  return { done: entries.filter((entry) => !isNotDone(entry)), notDone: entries.filter(isNotDone) };
}
