import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { poll } from "../engine/poll.js";
import { resumeScaleIn } from "../scaling/scale-in.js";
import { deleteService } from "../service/delete-service.js";
import { describeService } from "../service/describe-services.js";
import { colorHealth, isHealthy, waitUntilHealthy } from "./color-health.js";
import { matchSize, scaledAs, suspendScaleInOf } from "./color-size.js";
import { otherColor, releaseError, type BlueGreenDeployment, type Color } from "./colors.js";
import { cancelKeeping, keepFor } from "./keep-old.js";
import { readRelease, subjectIn, type ReleaseState } from "./release-state.js";
import { removeScaling } from "./remove-scaling.js";
import { warnIfNotRollbackable } from "./rollback-needs.js";
import { shiftTraffic } from "./shift-traffic.js";

const MINUTE = 60_000;

/** Which color is the newer version, and which the one to go back to. */
function newAndOld(spec: BlueGreenDeployment, state: ReleaseState): { new: Color; old: Color } {
  const { blue, green } = state;
  if (blue.service === undefined || green.service === undefined) {
    const [missing, other] = blue.service === undefined ? [blue, green] : [green, blue];
    throw releaseError(
      "no-release",
      `${spec.name} has one version only: service ${missing.serviceName} does not exist`,
      {
        fix:
          other.service !== undefined && other.weight === 0
            ? "Deploy it without { hold }: it gets its requests then."
            : "Deploy another version first: it comes up beside this one.",
      },
    );
  }
  const newer: Color = (blue.release ?? 0) > (green.release ?? 0) ? "blue" : "green";
  return { new: newer, old: otherColor(newer) };
}

/** So many per cent of the requests to the new color. It is first made as large as the old one. */
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
  if (percent < 100) await cancelKeeping(spec.name, context);
  if (percent > 0) await suspendScaleInOf([to, from], context);
  if (percent > state[colors.new].weight) {
    await matchSize(to, from, context);
    await waitUntilHealthy(to, context);
    await warnIfNotRollbackable(spec, from, context);
  } else await assertCanTake(spec, state, colors.old, context);
  await shiftTraffic(
    state,
    {
      deployment: spec.name,
      to: to.targetGroupArn,
      percent,
      from: percent === 100 ? undefined : from.targetGroupArn,
      why: percent === 100 ? `${colors.new} is promoted` : `${percent} % of the requests go to ${colors.new}`,
    },
    context,
  );
  const { keepOld } = spec.blueGreen;
  if (percent === 100) {
    if (keepOld !== undefined) await keepFor(spec, colors.old, keepOld, context);
    await resumeScaleIn(scaledAs(to), context);
  }
  return readRelease(spec, context);
}

/**
 * All requests back to the old color: it runs, so that nothing needs to be started. It is still not
 * scaled in: what its scaling measures is from when it had none. The next deploy sees to that.
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

/** All requests to a color that runs. */
export async function routeAllTraffic(
  spec: BlueGreenDeployment,
  state: ReleaseState,
  color: Color,
  context: AwsContext,
): Promise<void> {
  // First of all: it must not be stopped with everybody on it.
  await cancelKeeping(spec.name, context);
  await assertCanTake(spec, state, color, context);
  await shiftTraffic(
    state,
    {
      deployment: spec.name,
      to: subjectIn(state, color, spec).targetGroupArn,
      percent: 100,
      from: undefined,
      why: `rolled back to ${color}`,
    },
    context,
  );
}

/** Ends the tasks of the color without requests, gently, and deletes its service. */
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
      { fix: "Give one of them all of it first, with promote() or rollback()." },
    );
  }
  await cancelKeeping(spec.name, context);
  const { service, serviceName } = state[otherColor(live)];
  await removeScaling(spec, serviceName, context);
  if (service !== undefined) await endTasks(spec, service, context);
  // Without its target groups: they are not to be hurried, the next release needs them as they are. If it
  // is on its way out already, it is waited for.
  const leaving = { arn: "", serviceName, clusterName: spec.cluster.name, taskDefinition: "" };
  await deleteService(
    {
      ...leaving,
      deploymentId: undefined,
      startedAt: undefined,
      desiredCount: undefined,
      targetGroupArns: [],
    },
    context,
  );
  // After a rollback it still is not scaled in: now it is the only one.
  await resumeScaleIn(scaledAs(subjectIn(state, live, spec)), context);
  return readRelease(spec, context);
}

async function endTasks(
  spec: BlueGreenDeployment,
  { serviceName = "", desiredCount }: Service,
  context: AwsContext,
): Promise<void> {
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
      what: `the tasks of service ${serviceName} to end`,
      fix: "Call retire() again: it goes on waiting.",
    },
    async () => {
      const now = await describeService(spec.cluster.name, serviceName, context);
      return now?.status !== "ACTIVE" || (now.runningCount ?? 0) + (now.pendingCount ?? 0) === 0
        ? true
        : undefined;
    },
  );
}

/** What the caller has seen must still be so: else he would decide on something else than he thinks. */
async function assertUnchanged(
  spec: BlueGreenDeployment,
  seen: ReleaseState,
  context: AwsContext,
): Promise<ReleaseState> {
  const now = await readRelease(spec, context);
  const isSame = (["blue", "green"] as const).every(
    (color) => now[color].weight === seen[color].weight && now[color].release === seen[color].release,
  );
  if (isSame) return now;
  throw releaseError(
    "release-moved",
    `The release of ${spec.name} was left as it is: another process moved it meanwhile ` +
      `(blue ${now.blue.weight} %, green ${now.green.weight} %)`,
    { fix: "Look at it again with release(), then decide." },
  );
}

async function assertCanTake(
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
      ? "it is gone"
      : `${health.healthy} of ${health.desired} tasks are healthy${health.desired === 0 ? ": it has been stopped" : ""}`;
  throw releaseError(
    "color-not-ready",
    `The traffic of ${spec.name} was left where it is: service ${subject.serviceName} cannot take it: ${seen}`,
    { facts: { color, health }, fix: "Wait until it is healthy, or deploy the version that shall run." },
  );
}
