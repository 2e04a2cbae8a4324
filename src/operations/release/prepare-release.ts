import { targetGroupName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { describeTargets, resourceIdOf } from "../../aws/scalable-targets.js";
import {
  colorTargetGroup,
  inColor,
  otherColor,
  RELEASE_TAG,
  type BlueGreenDeployment,
  type Color,
} from "../../bluegreen/colors.js";
import { keepOldOf, type KeepOld } from "../../bluegreen/keep-old.js";
import { readRelease, type ReleaseState } from "../../bluegreen/release-state.js";
import { isUnder } from "../../engine/diff.js";
import type { Change } from "../../engine/plan.js";
import type { ScalingVariant } from "../../graph/scaling-graph.js";
import type { ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { keepOldScheduleName } from "../../spec/derived-names.js";
import { scheduledBounds } from "../../spec/scaling/scheduled-bounds.js";
import { describeShift } from "../../spec/blue-green.js";
import { planService, type PlannedService } from "../plan/plan-service.js";
import type { DeployOptions } from "../results.js";

/** What a blue/green deploy does beside its changes. */
export interface PreparedRelease {
  readonly spec: BlueGreenDeployment;
  /** As it was when the deploy was planned. */
  readonly state: ReleaseState;
  readonly target: Color;
  /** The target comes up anew, or differently. */
  readonly isFresh: boolean;
  /** It has not got all of the requests. */
  readonly isBehind: boolean;
  readonly hold: boolean;
}

/** A service in the color that is meant, and what comes after it. */
export interface PreparedForRelease extends PlannedService {
  readonly release: PreparedRelease;
}

export const isBlueGreen = (spec: DeploymentSpec): spec is BlueGreenDeployment =>
  spec.blueGreen !== undefined && spec.route !== undefined;

/** What of a service is another version: anything else is changed where it runs. */
const VERSION = [
  "taskDefinition",
  "loadBalancers",
  "networkConfiguration",
  "capacityProviderStrategy",
  "rollout",
];

/** How the deploy is made, beside its options. */
export interface ReleasePlanOptions {
  /** Nobody shall reach a version that `verify` has not seen. */
  readonly isVerified: boolean;
}

/**
 * If the live color runs what is described, it is only kept up to date; otherwise what is described
 * comes up in the other one, which is as large as the live one is now.
 */
export async function prepareRelease(
  spec: BlueGreenDeployment,
  options: DeployOptions,
  { isVerified }: ReleasePlanOptions,
  context: AwsContext,
): Promise<PreparedForRelease> {
  const [state, keepOld] = await Promise.all([readRelease(spec, context), keepOldOf(spec, context)]);
  const hold = options.hold ?? false;
  const kept = keptBy(spec, state, hold);
  const { live } = state;
  if (live !== undefined && live !== "rolling") {
    const variant: ServiceVariant = {
      ...variantOf(spec, live, live, Math.max(1, state[live].release ?? 1), keepOld),
      // While both colors get requests, neither is scaled in.
      scaling: { scaleIn: state.isDivided ? undefined : "on" },
    };
    const planned = await planService({ spec: inColor(spec, live), variant, kept }, options, context);
    if (!isNewVersion(planned)) {
      return withRelease(planned, { spec, state, target: live, hold, isVerified });
    }
  }
  const target = targetOf(state);
  const size = await sizeOfNew(spec, state, target, context);
  const oldRelease = live === undefined || live === "rolling" ? 0 : (state[live].release ?? 0);
  const release = Math.max(state[target].release ?? 0, oldRelease + 1);
  const variant: ServiceVariant = {
    ...variantOf(spec, target, firstServing(state, target, isVerified), release, keepOld),
    ...size,
  };
  const planned = await planService({ spec: inColor(spec, target), variant, kept }, options, context);
  return withRelease(planned, { spec, state, target, hold, isVerified });
}

/** Where another version comes up: in the color without requests; blue if none has any. */
function targetOf({ live, blue, green }: ReleaseState): Color {
  if (live !== undefined && live !== "rolling") return otherColor(live);
  return live === undefined && blue.service === undefined && green.service !== undefined && green.weight === 0
    ? "green"
    : "blue";
}

/** Who gets the requests from a rule that is new: the first version not before it is verified, so its counterpart, which has no tasks. */
function firstServing({ live }: ReleaseState, target: Color, isVerified: boolean): Color | undefined {
  if (live === "rolling") return undefined;
  return live ?? (isVerified ? otherColor(target) : undefined);
}

const serviceStep = ({ steps, refs }: PlannedService) =>
  steps.find(({ node }) => node.id === refs.service.id)!;

function isNewVersion(planned: PlannedService): boolean {
  const { action, change } = serviceStep(planned);
  return action === "update" && change.fields.some(({ path }) => isUnder(path, VERSION));
}

const variantOf = (
  spec: BlueGreenDeployment,
  color: Color,
  live: Color | undefined,
  release: number,
  keepOld: KeepOld | undefined,
): ServiceVariant => ({
  keepOld,
  standby: [colorTargetGroup(spec, otherColor(color))],
  serving: live && colorTargetGroup(spec, live),
  tags: { [RELEASE_TAG]: String(release) },
});

/** The color that a deploy is not about stays as it is; so does the service from before, as long as it serves. */
function keptBy(spec: BlueGreenDeployment, state: ReleaseState, hold: boolean): ReadonlySet<string> {
  const kept = [`service/${state.blue.serviceName}`, `service/${state.green.serviceName}`];
  // Without its role it could not do what it is for.
  if (spec.blueGreen.keepOld !== undefined) kept.push(`keep-old-schedule/${keepOldScheduleName(spec.name)}`);
  if (hold && state.live === "rolling") {
    kept.push(`service/${spec.service.name}`, `target-group/${spec.route.targetGroup}`);
    const served = state.rolling?.loadBalancers ?? [];
    for (const { targetGroupArn } of served) kept.push(`target-group/${targetGroupName(targetGroupArn)}`);
  }
  return new Set(kept);
}

function withRelease(
  planned: PlannedService,
  {
    isVerified,
    ...decided
  }: Pick<PreparedRelease, "spec" | "state" | "target" | "hold"> & ReleasePlanOptions,
): PreparedForRelease {
  const { state, target, hold } = decided;
  const isBehind =
    state.rules.length === 0
      ? state.live === undefined && isVerified
      : state.isDivided || (state.live !== target && state[target].weight < 100);
  const { action, change } = serviceStep(planned);
  const isFresh = action === "create" || change.fields.some(({ path }) => isUnder(path, VERSION));
  const release = { ...decided, isFresh, isBehind };
  const changes = isBehind && !hold ? [...planned.changes, trafficChange(release)] : planned.changes;
  return { ...planned, changes, release };
}

/** Plans show what becomes of the requests as a change like any other. */
function trafficChange({ spec, state, target }: PreparedRelease): Change {
  const from = state.live === "rolling" ? spec.service.name : otherColor(target);
  const now = state[target].weight;
  const to = { path: target, before: now, after: 100 };
  if (state.live === undefined) {
    const reason = `nobody answers yet: ${target} does when it is ready`;
    return { action: "update", resource: "traffic", name: spec.name, fields: [to], reason };
  }
  return {
    action: "update",
    resource: "traffic",
    name: spec.name,
    fields: [{ path: from, before: 100 - now, after: 0 }, to],
    reason:
      state.live === target
        ? `${target} is what shall run`
        : `${target} is the new version: ${describeShift(spec.blueGreen)}`,
  };
}
/**
 * What a color is to be that comes up beside the one that serves: as large as that one is now, and not
 * scaled in until it has all of the requests.
 */

export async function sizeOfNew(
  spec: DeploymentSpec,
  state: ReleaseState,
  target: Color,
  context: AwsContext,
): Promise<Pick<ServiceVariant, "count" | "scaling">> {
  const { live, rolling } = state;
  const before = live === "rolling" ? rolling : live && state[live].service;
  if (before === undefined) return { scaling: { scaleIn: "on" } };
  const bounds = await boundsNow(spec, before.serviceName ?? "", context);
  const tasks = before.desiredCount || spec.service.desired;
  // What has requests already may have grown under them.
  const rule = state[target].weight > 0 ? "at-least" : "exactly";
  return {
    count: tasks === undefined ? undefined : { tasks: clamp(tasks, { ...spec.scaling, ...bounds }), rule },
    scaling: { scaleIn: "suspended", bounds },
  };
}
/** The bounds that a schedule has given to the service, which it will not give once more to another one. */

async function boundsNow(
  { scaling, cluster }: DeploymentSpec,
  service: string,
  context: AwsContext,
): Promise<ScalingVariant["bounds"]> {
  const scheduled = scheduledBounds(scaling?.schedule ?? []);
  if (scaling === undefined || scheduled === undefined) return undefined;
  const [target] = await describeTargets([resourceIdOf(cluster.name, service)], context);
  const max = scheduled.max.find((each) => each === target?.MaxCapacity) ?? scaling.max;
  const min = scheduled.min.find((each) => each === target?.MinCapacity) ?? scaling.min;
  return { min: Math.min(min, max), max };
}

export const clamp = (
  tasks: number,
  { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number },
): number => Math.min(max, Math.max(min, tasks));
