import type { AwsContext } from "../aws/context.js";
import { endedBy } from "../engine/outcome.js";
import { AbortedError, QuaysideError, TimeoutError } from "../errors.js";
import { assertNoAlarm } from "./alarms.js";
import { assertWell, waitUntilHealthy, type ColorSubject } from "./color-health.js";
import { matchSize, suspendScaleInOf } from "./color-size.js";
import { otherColor, releaseError, type BlueGreenDeployment, type Color } from "./colors.js";
import { readRelease, subjectIn, type ReleaseState } from "./release-state.js";
import { revertTraffic } from "./revert-traffic.js";
import { warnIfNotRollbackable } from "./rollback-needs.js";
import { assertSameVersion } from "./same-version.js";
import { shiftTraffic } from "./shift-traffic.js";
import { closeTestWay, openTestWay } from "./test-rule.js";
import { fetchThrough, verifyColor, type ColorToVerify, type Verify } from "./verify-color.js";

export interface ReleaseRun {
  readonly spec: BlueGreenDeployment;
  /** As in the tag `quayside:owner`. */
  readonly owner: string;
  readonly target: Color;
  /** The new color comes up and is verified; no traffic moves. */
  readonly hold: boolean;
  readonly verify: Verify | undefined;
  readonly url: string;
  readonly status: ColorToVerify["status"];
  /**
   * Follows as soon as all requests are there. A run that is cut short later finds nothing left to move,
   * so what belongs to the move must have happened by then.
   */
  readonly onMoved: () => Promise<void>;
}

/** How often the new color is looked at while it bakes. */
const LOOK = 10_000;

/**
 * Gives a color that has come up its users: verified before it gets any, then step by step, watched
 * after each. Whatever goes wrong, all requests are back on the old one before the error is thrown.
 *
 * @returns the state that it leaves behind
 */
export async function releaseColor(run: ReleaseRun, context: AwsContext): Promise<ReleaseState> {
  const { spec, target } = run;
  const state = await readRelease(spec, context);
  const to = subjectIn(state, target, spec);
  await waitUntilHealthy(to, context);
  if (state.live === target) {
    // Either it has all requests already, or it is what a shift that was cut short came from.
    await verifyAt(run, 100, {}, context);
    if (state.isDivided && !run.hold) {
      const why = "the older version is the one that shall run";
      await shiftTraffic(
        state,
        { deployment: spec.name, to: to.targetGroupArn, percent: 100, from: undefined, why },
        context,
      );
    }
    await run.onMoved();
    return readRelease(spec, context);
  }
  const [testRule] = state.rules;
  if (testRule === undefined) return state;
  if (run.verify === undefined) {
    if (!run.hold) await shiftInSteps(run, state, to, {}, context);
    await run.onMoved();
    return readRelease(spec, context);
  }
  const way = await openTestWay(testRule, to.targetGroupArn, run.owner, context);
  try {
    await verifyAt(run, state[target].weight, way.headers, context);
    if (!run.hold) await shiftInSteps(run, state, to, way.headers, context);
  } catch (error) {
    const afterwards = await context.withSignal(new AbortController().signal);
    // The way in is closed by the next run if it cannot be now: the error says what went wrong first.
    await closeTestWay(way.ruleArn, afterwards).catch(() => {});
    throw error;
  }
  await run.onMoved();
  await closeTestWay(way.ruleArn, context);
  return readRelease(spec, context);
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
  const assertWayBack = async (now: AwsContext): Promise<void> => {
    if (from !== undefined) await assertSameVersion(spec.name, from, old, now);
  };
  let state = first;
  let tried = 0;
  let problem: string | undefined;
  try {
    await assertNoAlarm(spec.blueGreen.alarms, context);
    if (from !== undefined) await suspendScaleInOf([to, from], context);
    // The first version has nobody to share with.
    const steps = from === undefined ? [100] : spec.blueGreen.shift;
    for (const percent of steps.filter((step) => step > first[target].weight)) {
      if (from !== undefined) {
        await matchSize(to, from, context);
        problem = await warnIfNotRollbackable(spec, from, context, problem);
      }
      tried = percent;
      const rest = from && { from: from.targetGroupArn };
      const rules = await shiftTraffic(
        state,
        {
          deployment: spec.name,
          to: to.targetGroupArn,
          percent,
          from: rest?.from,
          why: `${percent} % of the requests go to ${target}`,
        },
        context,
      );
      state = { ...state, rules };
      await bake(run, to, percent, assertWayBack, context);
      await verifyAt(run, percent, headers, context);
    }
  } catch (error) {
    if (hasQuaysideCode(error, "release-moved")) throw error;
    throw from === undefined
      ? error
      : await afterTakingBack(error, { run, state, to, from, tried, assertWayBack }, context);
  }
}

async function afterTakingBack(
  error: unknown,
  failed: {
    run: ReleaseRun;
    state: ReleaseState;
    to: ColorSubject;
    from: ColorSubject;
    tried: number;
    assertWayBack: (context: AwsContext) => Promise<void>;
  },
  context: AwsContext,
): Promise<unknown> {
  const { run, state, to, from, tried, assertWayBack } = failed;
  const cause = context.signal.aborted ? endedBy(context.signal.reason) : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  const afterwards = await context.withSignal(new AbortController().signal);
  const where = `service ${from.serviceName}`;
  try {
    await assertWayBack(afterwards);
    await revertTraffic(state, { deployment: run.spec.name, to, from, tried }, afterwards);
  } catch (failure) {
    return releaseError(
      "release-not-taken-back",
      `The release of ${run.spec.name} failed, and its traffic could not be taken back to ${where}: ${why}`,
      {
        cause: failure,
        facts: { color: run.target, reason: why },
        fix: "Take it back now: (await deployment.release()).rollback().",
      },
    );
  }
  const facts = { color: run.target, percent: tried };
  const message = `${why}; all traffic is on ${where} again`;
  if (cause instanceof AbortedError) return new AbortedError(message, { cause, facts });
  if (cause instanceof TimeoutError) return new TimeoutError(message, { cause, facts, fix: cause.fix });
  return releaseError(
    "release-taken-back",
    `The release of ${run.spec.name} was taken back to ${where}: ${why}`,
    {
      cause,
      facts: { ...facts, reason: (cause as { code?: string }).code },
      fix:
        (cause instanceof QuaysideError ? cause.fix : undefined) ??
        "Correct the new version and deploy again. The failed one runs on without traffic until then, or until retire().",
    },
  );
}

/** Watches the color with its share of the requests, for as long as a step lasts. */
async function bake(
  { spec, target }: ReleaseRun,
  to: ColorSubject,
  percent: number,
  assertWayBack: (context: AwsContext) => Promise<void>,
  context: AwsContext,
): Promise<void> {
  const { clock, signal } = context;
  const since = clock.now();
  const until = since + spec.blueGreen.every * 1000;
  if (until > since) {
    context.emit({ type: "bake", at: since, deployment: spec.name, color: target, percent, until });
  }
  for (;;) {
    await assertWell(to, since, context);
    await assertNoAlarm(spec.blueGreen.alarms, context);
    await assertWayBack(context);
    const left = until - clock.now();
    if (left <= 0) return;
    await clock.sleep(Math.min(left, LOOK * (0.9 + 0.2 * context.random())), signal);
  }
}

async function verifyAt(
  run: ReleaseRun,
  percent: number,
  headers: Readonly<Record<string, string>>,
  context: AwsContext,
): Promise<void> {
  const { verify, spec, target, url, status } = run;
  if (verify === undefined) return;
  const weights = { [target]: percent, [otherColor(target)]: 100 - percent } as Record<Color, number>;
  const about = { url, fetch: fetchThrough(url, headers), status, color: target, weights };
  await verifyColor(spec, verify, about, context);
}

/** Who has the requests that the target does not: the other color, or the service from before. */
function oldSubject(state: ReleaseState, target: Color, spec: BlueGreenDeployment): ColorSubject | undefined {
  if (state.live !== "rolling") {
    return state[otherColor(target)].service && subjectIn(state, otherColor(target), spec);
  }
  const targetGroupArn = state.rolling?.loadBalancers?.[0]?.targetGroupArn;
  if (targetGroupArn === undefined) return undefined;
  return { clusterName: spec.cluster.name, serviceName: spec.service.name, targetGroupArn };
}

const hasQuaysideCode = (error: unknown, code: string): boolean =>
  error instanceof QuaysideError && error.code === code;
