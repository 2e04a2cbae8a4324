import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { poll } from "../engine/poll.js";
import { resumeScaleIn } from "../scaling/scale-in.js";
import { anotherRun } from "../service/another-run.js";
import { deleteService } from "../service/delete-service.js";
import { describeService } from "../service/describe-services.js";
import { assertNotClaimed, claimColor, endedWith } from "./claim.js";
import { colorHealth, isHealthy, waitUntilHealthy } from "./color-health.js";
import { matchSize, scaledAs, suspendScaleInOf } from "./color-size.js";
import { otherColor, releaseError, type BlueGreenDeployment, type Color } from "./colors.js";
import { cancelScheduledStop, scheduleStop } from "./keep-old.js";
import { closePreviews } from "./preview-rule.js";
import { readRelease, subjectIn, type ReleaseState } from "./release-state.js";
import { removeScaling } from "./remove-scaling.js";
import { warnIfNotRollbackable } from "./rollback-needs.js";
import { shiftTraffic } from "./shift-traffic.js";

const MINUTE = 60_000;

/** The color of the newer version, and the one to roll back to. */
function newAndOld(spec: BlueGreenDeployment, state: ReleaseState): { new: Color; old: Color } {
  const { blue, green } = state;
  if (blue.service === undefined || green.service === undefined) {
    const [missing, other] = blue.service === undefined ? [blue, green] : [green, blue];
    throw releaseError(
      "no-release",
      `${spec.name} has only one version: service ${missing.serviceName} does not exist`,
      {
        fix:
          other.service !== undefined && other.weight === 0
            ? "Deploy it without { hold }: it then receives the traffic."
            : "Deploy another version first: it starts beside this one.",
      },
    );
  }
  const newer: Color = (blue.release ?? 0) > (green.release ?? 0) ? "blue" : "green";
  return { new: newer, old: otherColor(newer) };
}

/** Shifts `percent` of the traffic to the new color, which is first scaled out to the size of the old one. */
export async function shiftToNew(
  spec: BlueGreenDeployment,
  seen: ReleaseState,
  percent: number,
  context: AwsContext,
): Promise<ReleaseState> {
  const state = await assertUnchanged(spec, seen, context);
  const colors = newAndOld(spec, state);
  const to = subjectIn(state, colors.new, spec);
  const from = subjectIn(state, colors.old, spec);
  if (percent > 0) await assertNotClaimed(spec.name, state, colors.new, context);
  if (percent < 100) await cancelScheduledStop(spec.name, context);
  if (percent > 0) await suspendScaleInOf([to, from], context);
  if (percent > state[colors.new].weight) {
    await matchSize(to, from, context);
    await waitUntilHealthy(to, context);
    await warnIfNotRollbackable(spec, from, context);
  } else await assertCanReceiveTraffic(spec, state, colors.old, context);
  await shiftTraffic(
    state,
    {
      deployment: spec.name,
      to: to.color,
      percent,
      from: percent === 100 ? undefined : from.color,
      why:
        percent === 100 ? `${colors.new} is promoted` : `${percent} % of the traffic goes to ${colors.new}`,
    },
    context,
  );
  const { keepOld } = spec.blueGreen;
  if (percent === 100) {
    if (keepOld !== undefined) await scheduleStop(spec, colors.old, keepOld, context);
    await resumeScaleIn(scaledAs(to), context);
  }
  const shifted = await readRelease(spec, context);
  return percent === 100 ? closePreviews(shifted, colors.new, context) : shifted;
}

/**
 * Shifts all traffic back to the old color, which is running. Its scale-in remains suspended until the next
 * deploy, because its metrics are still from the time without traffic.
 */
export async function rollBack(
  spec: BlueGreenDeployment,
  seen: ReleaseState,
  context: AwsContext,
): Promise<ReleaseState> {
  const state = await assertUnchanged(spec, seen, context);
  await routeAllTraffic(spec, state, newAndOld(spec, state).old, context);
  return readRelease(spec, context);
}

/** Shifts all traffic to a color that is running. */
export async function routeAllTraffic(
  spec: BlueGreenDeployment,
  state: ReleaseState,
  color: Color,
  context: AwsContext,
): Promise<void> {
  // Before the shift, because the color must not be stopped while it gets all traffic.
  await cancelScheduledStop(spec.name, context);
  await assertCanReceiveTraffic(spec, state, color, context);
  await shiftTraffic(
    state,
    {
      deployment: spec.name,
      to: subjectIn(state, color, spec).color,
      percent: 100,
      from: undefined,
      why: `rolled back to ${color}`,
    },
    context,
  );
}

/** Stops the tasks of the color without traffic, and deletes its service. */
export async function retireIdle(
  spec: BlueGreenDeployment,
  seen: ReleaseState,
  context: AwsContext,
): Promise<ReleaseState> {
  const state = await assertUnchanged(spec, seen, context);
  const { live } = state;
  if (live === undefined || live === "rolling" || state.isDivided) {
    const { blue, green } = state;
    throw releaseError(
      "release-in-progress",
      `No version of ${spec.name} can be retired: blue has ${blue.weight} % of the traffic, green ${green.weight} %`,
      { fix: "Shift all traffic to one of them first, with promote() or rollback()." },
    );
  }
  const idle = otherColor(live);
  const endClaim = await claimColor(spec.name, state.rules, idle, context);
  try {
    const unchanged = await assertUnchanged(spec, seen, context);
    await closePreviews(unchanged, idle, context);
    await stopIdle(spec, unchanged, idle, context);
  } catch (error) {
    throw await endedWith(error, endClaim);
  }
  await endClaim();
  // A rollback has suspended the scale-in of the live color, which is now the only one.
  await resumeScaleIn(scaledAs(subjectIn(state, live, spec)), context);
  return readRelease(spec, context);
}

async function stopIdle(
  spec: BlueGreenDeployment,
  state: ReleaseState,
  idle: Color,
  context: AwsContext,
): Promise<void> {
  await cancelScheduledStop(spec.name, context);
  const { service, serviceName } = state[idle];
  await removeScaling(spec, serviceName, context);
  if (service !== undefined) await stopTasks(spec, service, context);
  // Without its target groups, because the next release needs their settings. Also if the service is already
  // being deleted: this waits until it is.
  await deleteService(
    {
      arn: "",
      serviceName,
      clusterName: spec.cluster.name,
      taskDefinition: "",
      deploymentId: undefined,
      startedAt: undefined,
      desiredCount: undefined,
      targetGroupArns: [],
    },
    context,
  );
}

async function stopTasks(
  spec: BlueGreenDeployment,
  { serviceName = "", desiredCount }: Service,
  context: AwsContext,
): Promise<void> {
  // ECS may report the former count for a moment.
  const began = context.clock.now();
  if (desiredCount !== 0) {
    await context.aws.ecs.updateService({
      cluster: spec.cluster.name,
      service: serviceName,
      desiredCount: 0,
    });
  }
  await poll(
    {
      context,
      every: 10_000,
      timeout: 20 * MINUTE,
      what: `the tasks of service ${serviceName} to stop`,
      fix: "Call retire() again: it resumes waiting.",
    },
    async () => {
      const now = await describeService(spec.cluster.name, serviceName, context);
      if (now?.status === "ACTIVE" && (now.desiredCount ?? 0) > 0 && context.clock.now() - began > MINUTE)
        throw await anotherRun({ clusterName: spec.cluster.name, serviceName }, context);
      return now?.status !== "ACTIVE" || (now.runningCount ?? 0) + (now.pendingCount ?? 0) === 0
        ? true
        : undefined;
    },
  );
}

/** Reads the release again, and throws if it differs from what the caller has decided on. */
async function assertUnchanged(
  spec: BlueGreenDeployment,
  seen: ReleaseState,
  context: AwsContext,
): Promise<ReleaseState> {
  const now = await readRelease(spec, context);
  assertSame(spec, seen, now);
  return now;
}

/** @throws QuaysideError `release-moved` */
export function assertSame(spec: BlueGreenDeployment, seen: ReleaseState, now: ReleaseState): void {
  const isSame = (["blue", "green"] as const).every(
    (color) => now[color].weight === seen[color].weight && now[color].release === seen[color].release,
  );
  if (isSame) return;
  throw releaseError(
    "release-moved",
    `The release of ${spec.name} was not changed: another process has changed it in the meantime ` +
      `(blue ${now.blue.weight} %, green ${now.green.weight} %)`,
    { fix: "Read it again with release(), then decide." },
  );
}

async function assertCanReceiveTraffic(
  spec: BlueGreenDeployment,
  state: ReleaseState,
  color: Color,
  context: AwsContext,
): Promise<void> {
  const subject = subjectIn(state, color, spec);
  const health = await colorHealth(subject, context);
  if (health !== undefined && isHealthy(health)) return;
  const seen =
    health === undefined
      ? "it no longer exists"
      : `${health.healthy} of ${health.desired} tasks are healthy${health.desired === 0 ? ": it is stopped" : ""}`;
  throw releaseError(
    "color-not-ready",
    `The traffic of ${spec.name} was not shifted: service ${subject.serviceName} cannot receive it: ${seen}`,
    { facts: { color, health }, fix: "Wait until it is healthy, or deploy the version to run." },
  );
}
