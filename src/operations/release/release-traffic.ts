import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { resourceIdOf } from "../../aws/scalable-targets.js";
import { colorService, inColor, otherColor, releaseError } from "../../bluegreen/colors.js";
import { cancelKeeping, keepFor, keptUntil } from "../../bluegreen/keep-old.js";
import { releaseColor } from "../../bluegreen/release-run.js";
import { subjectIn } from "../../bluegreen/release-state.js";
import { shiftTraffic } from "../../bluegreen/shift-traffic.js";
import { reported } from "../../engine/apply.js";
import type { Change } from "../../engine/plan.js";
import { QuaysideError } from "../../errors.js";
import { resumeScaleIn } from "../../scaling/scale-in.js";
import type { Configured } from "../results.js";
import { statusOf } from "../status.js";
import type { PreparedRelease } from "./prepare-release.js";

/**
 * What an earlier release has arranged for the colors is over: the old one is not stopped while it is
 * needed. A color that is about to change must not have any requests: what an earlier release that was cut short
 * gave it goes back to the live one.
 */
export async function freeTarget(
  { spec, state, target, hold, isBehind, isFresh }: PreparedRelease,
  context: AwsContext,
): Promise<void> {
  const { live } = state;
  if (live !== target || isBehind) await cancelKeeping(spec.name, context);
  const { service, weight } = state[target];
  if (!isFresh || live === target || weight === 0 || service === undefined) return;
  if (hold || live === undefined || live === "rolling") {
    const now = `${state[target].weight} % of its traffic is on ${target}`;
    throw releaseError("release-in-progress", `${spec.name} cannot get another ${target} version: ${now}`, {
      fix: "End that release first, with promote() or rollback() of release().",
    });
  }
  await shiftTraffic(
    state,
    {
      deployment: spec.name,
      to: subjectIn(state, live, spec).targetGroupArn,
      percent: 100,
      from: undefined,
      why: `${target} gets another version`,
    },
    context,
  );
}

/** Moves the requests to the color that the deploy was about, once it has come up. */
export async function applyRelease(
  described: Configured,
  release: PreparedRelease,
  changes: readonly Change[],
  url: string,
  context: AwsContext,
): Promise<void> {
  const { spec, target, hold, isBehind, isFresh } = release;
  if (!isBehind && !isFresh) {
    if (!hold) await keepWhatWasLeft(release, context);
    return;
  }
  const run = {
    spec,
    owner: ownerOf.deployment(spec.name),
    target,
    hold,
    verify: described.verify,
    url,
    status: () => statusOf(inColor(spec, target), context),
    onMoved: isBehind && !hold ? () => keepOld(release, context) : async () => {},
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
  if (isBehind && !hold && spec.scaling !== undefined)
    await resumeScaleIn(resourceIdOf(spec.cluster.name, colorService(spec, target)), context);
}

/** A run before this one moved the traffic and was cut short: the old color runs, and nothing would ever stop it. */
async function keepWhatWasLeft(release: PreparedRelease, context: AwsContext): Promise<void> {
  const { spec, state, target } = release;
  if (spec.blueGreen.keepOld === undefined || state.live !== target) return;
  if ((state[otherColor(target)].service?.desiredCount ?? 0) === 0) return;
  if ((await keptUntil(spec.name, context)) === undefined) await keepOld(release, context);
}

/** The old color runs on: until AWS stops it, or somebody does. */
async function keepOld({ spec, state, target }: PreparedRelease, context: AwsContext): Promise<void> {
  const color = otherColor(target);
  if (state[color].service === undefined) return;
  const seconds = spec.blueGreen.keepOld;
  const until = seconds === undefined ? undefined : await keepFor(spec, color, seconds, context);
  const at = context.clock.now();
  context.emit({ type: "kept", at, deployment: spec.name, color, until: until?.getTime() });
}

/** Everything but the traffic, which is where it was. */
function outcomeOf(changes: readonly Change[]): NonNullable<QuaysideError["outcome"]> {
  const entries = changes
    .filter(({ action }) => action !== "none")
    .map(({ action, resource, name }) => ({ action, resource, name }));
  const isLeft = ({ action, resource }: { action: string; resource: string }): boolean =>
    resource === "traffic" || action === "delete";
  return { done: entries.filter((entry) => !isLeft(entry)), notDone: entries.filter(isLeft) };
}
