import { rootCertificates } from "node:tls";
import type { AwsContext } from "../aws/context.js";
import { endedBy } from "../engine/outcome.js";
import { AbortedError, QuaysideError, TimeoutError } from "../errors.js";
import { assertNoAlarm } from "./alarms.js";
import { waitUntilUnclaimed } from "./claim.js";
import { assertHealthy, waitUntilHealthy, type ColorSubject } from "./color-health.js";
import { matchSize, suspendScaleInOf } from "./color-size.js";
import { otherColor, releaseError, type BlueGreenDeployment, type Color } from "./colors.js";
import { closePreviews, openPreview } from "./preview-rule.js";
import { groupsOf, readRelease, subjectIn, type ReleaseState } from "./release-state.js";
import { revertTraffic } from "./revert-traffic.js";
import { warnIfNotRollbackable } from "./rollback-needs.js";
import { assertSameVersion } from "./same-version.js";
import { shiftTraffic } from "./shift-traffic.js";
import { closeTestRoute, openTestRoute } from "./test-rule.js";
import { fetchThrough, type Addressed } from "./fetch-through.js";
import { verifyColor, type ColorToVerify, type Verify } from "./verify-color.js";

export interface ReleaseRun {
  readonly spec: BlueGreenDeployment;
  /** As in the tag `quayside:owner`. */
  readonly owner: string;
  readonly target: Color;
  /** True if the new color is only started and verified, without traffic. */
  readonly hold: boolean;
  readonly verify: Verify | undefined;
  /** Where the service answers. */
  readonly address: Addressed;
  readonly status: ColorToVerify["status"];
  /**
   * Called as soon as all traffic is shifted. A later run finds nothing left to shift, so everything that
   * belongs to the shift has to be done here.
   */
  readonly onShifted: () => Promise<void>;
}

/** How often the new color is checked while it bakes, in milliseconds. */
const CHECK_INTERVAL = 10_000;

/**
 * Shifts the traffic to a healthy color: verifies it first, then shifts step by step and watches it after
 * each step. If anything fails, all traffic is shifted back to the old color before the error is thrown.
 *
 * @returns the state after the release
 */
export async function releaseColor(run: ReleaseRun, context: AwsContext): Promise<ReleaseState> {
  const { spec, target } = run;
  const state = await readRelease(spec, context);
  const to = subjectIn(state, target, spec);
  await waitUntilUnclaimed(state, target, context);
  await waitUntilHealthy(to, context);
  if (state.live === target) {
    // Either it already gets all traffic, or an interrupted shift has taken a part of it.
    await verifyAt(run, 100, {}, context);
    if (state.isDivided && !run.hold) {
      const why = "the older version is the one to run";
      await shiftTraffic(
        state,
        { deployment: spec.name, to: target, percent: 100, from: undefined, why },
        context,
      );
    }
    await run.onShifted();
    return readRelease(spec, context);
  }
  if (state.rules.length === 0) return state;
  await openPreview(spec, state, target, context);
  if (run.verify === undefined) {
    if (!run.hold) await shiftInSteps(run, state, to, {}, context);
    await run.onShifted();
    return released(run, context);
  }
  const testRoute = await openTestRoute(state.rules, target, run.owner, context);
  try {
    await verifyAt(run, state[target].weight, testRoute.headers, context);
    if (!run.hold) await shiftInSteps(run, state, to, testRoute.headers, context);
  } catch (error) {
    // The next run closes the test route if this fails: the first error is the one to report.
    await context.cleanUp((afterwards) => closeTestRoute(testRoute, afterwards)).catch(() => {});
    throw error;
  }
  await run.onShifted();
  await closeTestRoute(testRoute, context);
  return released(run, context);
}

/** The state after the release: who wants to see the new version needs no preview any more. */
async function released({ spec, hold, target }: ReleaseRun, context: AwsContext): Promise<ReleaseState> {
  const state = await readRelease(spec, context);
  return hold ? state : closePreviews(state, target, context);
}

async function shiftInSteps(
  run: ReleaseRun,
  first: ReleaseState,
  to: ColorSubject,
  headers: Readonly<Record<string, string>>,
  context: AwsContext,
): Promise<void> {
  const { spec, target } = run;
  const from = oldSubject(first, target, spec);
  const old = first.live === "rolling" ? first.rolling : first[otherColor(target)].service;
  const assertCanRevert = async (now: AwsContext): Promise<void> => {
    if (from !== undefined) await assertSameVersion(spec.name, from, old, now);
  };
  let state = first;
  let attempted = 0;
  let problem: string | undefined;
  try {
    await assertNoAlarm(spec.blueGreen.alarms, context);
    if (from !== undefined) await suspendScaleInOf([to, from], context);
    // The first version has no other one to share the traffic with.
    const steps = from === undefined ? [100] : spec.blueGreen.shift;
    for (const percent of steps.filter((step) => step > first[target].weight)) {
      if (from !== undefined) {
        await matchSize(to, from, context);
        problem = await warnIfNotRollbackable(spec, from, context, problem);
      }
      attempted = percent;
      const rules = await shiftTraffic(
        state,
        {
          deployment: spec.name,
          to: to.color,
          percent,
          from: from?.color,
          why: `${percent} % of the traffic goes to ${target}`,
        },
        context,
      );
      state = { ...state, rules };
      await bake(run, to, percent, assertCanRevert, context);
      await verifyAt(run, percent, headers, context);
    }
  } catch (error) {
    if (hasQuaysideCode(error, "release-moved")) throw error;
    throw from === undefined
      ? error
      : await revert(error, { run, state, to, from, attempted, assertCanRevert }, context);
  }
}

/** Shifts all traffic back to the old color, and returns the error to throw. */
async function revert(
  error: unknown,
  failed: {
    run: ReleaseRun;
    state: ReleaseState;
    to: ColorSubject;
    from: ColorSubject;
    attempted: number;
    assertCanRevert: (context: AwsContext) => Promise<void>;
  },
  context: AwsContext,
): Promise<unknown> {
  const { run, state, to, from, attempted, assertCanRevert } = failed;
  const cause = context.signal.aborted ? endedBy(context.signal.reason) : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  const where = `service ${from.serviceName}`;
  try {
    await context.cleanUp(async (afterwards) => {
      await assertCanRevert(afterwards);
      await revertTraffic(state, { deployment: run.spec.name, to, from, attempted }, afterwards);
    });
  } catch (failure) {
    return releaseError(
      "release-not-taken-back",
      `The release of ${run.spec.name} failed, and its traffic could not be shifted back to ${where}: ${why}`,
      {
        cause: failure,
        facts: { color: run.target, reason: why },
        fix: "Shift it back now: (await deployment.release()).rollback().",
      },
    );
  }
  const facts = { color: run.target, percent: attempted };
  const message = `${why}; all traffic is back on ${where}`;
  if (cause instanceof AbortedError) return new AbortedError(message, { cause, facts });
  if (cause instanceof TimeoutError) return new TimeoutError(message, { cause, facts, fix: cause.fix });
  return releaseError(
    "release-taken-back",
    `The release of ${run.spec.name} was rolled back to ${where}: ${why}`,
    {
      cause,
      facts: { ...facts, reason: (cause as { code?: string }).code },
      fix:
        (cause instanceof QuaysideError ? cause.fix : undefined) ??
        "Fix the new version and deploy again. The failed one keeps running without traffic until then, or until retire().",
    },
  );
}

/** Watches the color with its share of the traffic for the duration of a step. */
async function bake(
  { spec, target }: ReleaseRun,
  to: ColorSubject,
  percent: number,
  assertCanRevert: (context: AwsContext) => Promise<void>,
  context: AwsContext,
): Promise<void> {
  const { clock, signal } = context;
  const since = clock.now();
  const until = since + spec.blueGreen.every * 1000;
  if (until > since) {
    context.emit({ type: "bake", at: since, deployment: spec.name, color: target, percent, until });
  }
  for (;;) {
    await assertHealthy(to, since, context);
    await assertNoAlarm(spec.blueGreen.alarms, context);
    await assertCanRevert(context);
    const left = until - clock.now();
    if (left <= 0) return;
    await clock.sleep(Math.min(left, CHECK_INTERVAL * (0.9 + 0.2 * context.random())), signal);
  }
}

async function verifyAt(
  run: ReleaseRun,
  percent: number,
  headers: Readonly<Record<string, string>>,
  context: AwsContext,
): Promise<void> {
  const { verify, spec, target, address, status } = run;
  if (verify === undefined) return;
  const weights = { [target]: percent, [otherColor(target)]: 100 - percent } as Record<Color, number>;
  const through = fetchThrough(address, headers, context, {
    ca: await authorities(address, context),
    answer: context.cloud.answer,
  });
  const about = { url: address.url, fetch: through, status, color: target, weights };
  await verifyColor(spec, verify, about, context);
}

/** The authorities whose certificates `verify` accepts; `undefined`: Node's. */
async function authorities(
  { loadBalancer }: Addressed,
  { cloud }: AwsContext,
): Promise<readonly string[] | undefined> {
  if (cloud.answer !== undefined) return undefined;
  if (cloud.certificateAuthority === undefined || !loadBalancer.startsWith("https:")) return undefined;
  return [...rootCertificates, await cloud.certificateAuthority()];
}

/** The service that gets the remaining traffic: the other color, or the service from before blue/green. */
function oldSubject(state: ReleaseState, target: Color, spec: BlueGreenDeployment): ColorSubject | undefined {
  if (state.live !== "rolling") {
    return state[otherColor(target)].service && subjectIn(state, otherColor(target), spec);
  }
  const targetGroupArn = state.rolling?.loadBalancers?.[0]?.targetGroupArn;
  if (targetGroupArn === undefined) return undefined;
  return {
    color: "rolling",
    clusterName: spec.cluster.name,
    serviceName: spec.service.name,
    targetGroupArn,
    targetGroupArns: groupsOf("rolling", targetGroupArn, state.rules),
  };
}

const hasQuaysideCode = (error: unknown, code: string): boolean =>
  error instanceof QuaysideError && error.code === code;
