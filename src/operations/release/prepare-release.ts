import { targetGroupName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { describeTargets, resourceIdOf } from "../../aws/scalable-targets.js";
import {
  colorTargetGroup,
  inColor,
  otherColor,
  KEEP_OLD_TAG,
  RELEASE_TAG,
  type BlueGreenDeployment,
  type Color,
} from "../../bluegreen/colors.js";
import { keepOldOf, type KeepOld } from "../../bluegreen/keep-old.js";
import { readRelease, type ReleaseState } from "../../bluegreen/release-state.js";
import { isUnder } from "../../engine/diff.js";
import type { Change } from "../../engine/plan.js";
import { PREVIEW_RULE } from "../../load-balancer/rules/owned-rules.js";
import type { ScalingVariant } from "../../graph/scaling-graph.js";
import type { ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { FurtherRouteSpec } from "../../spec/route.js";
import { keepOldScheduleName } from "../../spec/derived-names.js";
import { scheduledBounds } from "../../spec/scaling/scheduled-bounds.js";
import { describeShift } from "../../spec/blue-green.js";
import { planService, type PlannedService } from "../plan/plan-service.js";
import type { DeployOptions } from "../results.js";

/** The release of a blue/green deploy, beside its changes. */
export interface PreparedRelease {
  readonly spec: BlueGreenDeployment;
  /** The state when the deploy was planned. */
  readonly state: ReleaseState;
  readonly target: Color;
  /** True if the deploy creates the target, or gives it another version. */
  readonly isFresh: boolean;
  /** True if the target does not have all of the traffic yet. */
  readonly isBehind: boolean;
  readonly hold: boolean;
}

/** The planned service of one color, and its release. */
export interface PreparedForRelease extends PlannedService {
  readonly release: PreparedRelease;
}

export const isBlueGreen = (spec: DeploymentSpec): spec is BlueGreenDeployment =>
  spec.blueGreen !== undefined && spec.route !== undefined;

/** The fields of a service that make another version: changes of all others are made in place. */
const VERSION_FIELDS = [
  "taskDefinition",
  "loadBalancers",
  "networkConfiguration",
  "capacityProviderStrategy",
  "rollout",
];

/** Internal settings of a deploy. */
export interface ReleasePlanOptions {
  /** True if `verify` has to pass before a version gets any traffic. */
  readonly hasVerify: boolean;
}

/**
 * Plans a deploy to the live color if it already runs the described version; otherwise the version is
 * deployed to the other color, which starts as large as the live one is now.
 */
export async function prepareRelease(
  spec: BlueGreenDeployment,
  options: DeployOptions,
  { hasVerify }: ReleasePlanOptions,
  context: AwsContext,
): Promise<PreparedForRelease> {
  const [state, keepOld] = await Promise.all([readRelease(spec, context), keepOldOf(spec, context)]);
  const hold = options.hold ?? false;
  const kept = keptBy(spec, state, hold);
  const { live } = state;
  if (live !== undefined && live !== "rolling") {
    const variant: ServiceVariant = {
      ...variantOf(spec, state, live, live, Math.max(1, state[live].release ?? 1), keepOld(live)),
      // While both colors get requests, neither is scaled in.
      scaling: { scaleIn: state.isDivided ? undefined : "on" },
    };
    const planned = await planService({ spec: inColor(spec, live), variant, kept }, options, context);
    if (!isNewVersion(planned)) {
      return withRelease(planned, { spec, state, target: live, hold, hasVerify });
    }
  }
  const target = targetOf(state);
  const size = await initialSize(spec, state, target, context);
  const oldRelease = live === undefined || live === "rolling" ? 0 : (state[live].release ?? 0);
  const release = Math.max(state[target].release ?? 0, oldRelease + 1);
  const variant: ServiceVariant = {
    ...variantOf(spec, state, target, servingAtFirst(state, target, hasVerify), release, keepOld(target)),
    ...size,
  };
  const planned = await planService({ spec: inColor(spec, target), variant, kept }, options, context);
  return withRelease(planned, { spec, state, target, hold, hasVerify });
}

/** The color for a new version: the one without traffic; blue if neither has any. */
function targetOf({ live, blue, green }: ReleaseState): Color {
  if (live !== undefined && live !== "rolling") return otherColor(live);
  return live === undefined && blue.service === undefined && green.service !== undefined && green.weight === 0
    ? "green"
    : "blue";
}

/** The color to which a new rule forwards. If the first version has to be verified, this is the other one, which has no tasks. */
function servingAtFirst({ live }: ReleaseState, target: Color, hasVerify: boolean): Color | undefined {
  if (live === "rolling") return undefined;
  return live ?? (hasVerify ? otherColor(target) : undefined);
}

const serviceStep = ({ steps, refs }: PlannedService) =>
  steps.find(({ node }) => node.id === refs.service.id)!;

function isNewVersion(planned: PlannedService): boolean {
  const { action, change } = serviceStep(planned);
  return action === "update" && change.fields.some(({ path }) => isUnder(path, VERSION_FIELDS));
}

const variantOf = (
  spec: BlueGreenDeployment,
  state: ReleaseState,
  color: Color,
  live: Color | undefined,
  release: number,
  keepOld: KeepOld | undefined,
): ServiceVariant => ({
  keepOld,
  further: spec.furtherRoutes?.map((route) => ({
    standby: [colorTargetGroup({ route }, otherColor(color))],
    serving: live && colorTargetGroup({ route }, live),
    servedByMain: lacksRoute(state, route),
  })),
  standby: [colorTargetGroup(spec, otherColor(color))],
  serving: live && colorTargetGroup(spec, live),
  tags: {
    [RELEASE_TAG]: String(release),
    // For who knows the deployment by its name only.
    ...(spec.blueGreen.keepOld !== undefined && { [KEEP_OLD_TAG]: String(spec.blueGreen.keepOld) }),
  },
});

/** True if a service is live, and does not have the route. */
function lacksRoute(
  { live, rolling, blue, green }: ReleaseState,
  { container, port }: FurtherRouteSpec,
): boolean {
  const service = live === "rolling" ? rolling : live && { blue, green }[live].service;
  return (
    service !== undefined &&
    !(service.loadBalancers ?? []).some(
      ({ containerName, containerPort }) => containerName === container && containerPort === port,
    )
  );
}

/** The IDs of what the deploy keeps: the colors' services, and the former service as long as it gets the traffic. */
function keptBy(spec: BlueGreenDeployment, state: ReleaseState, hold: boolean): ReadonlySet<string> {
  const kept = [`service/${state.blue.serviceName}`, `service/${state.green.serviceName}`];
  if (spec.blueGreen.preview !== undefined)
    kept.push(...state.previews.map(({ name }) => `${PREVIEW_RULE}/${name}`));
  // The schedule that stops the old color is kept with its role; one for a color in a cluster that is left is not.
  const isHere = state.blue.service !== undefined || state.green.service !== undefined;
  if (spec.blueGreen.keepOld !== undefined && isHere)
    kept.push(`keep-old-schedule/${keepOldScheduleName(spec.name)}`);
  if (hold && state.live === "rolling") {
    kept.push(`service/${spec.service.name}`, `target-group/${spec.route.targetGroup}`);
    const targets = state.rolling?.loadBalancers ?? [];
    for (const { targetGroupArn } of targets) kept.push(`target-group/${targetGroupName(targetGroupArn)}`);
  }
  return new Set(kept);
}

function withRelease(
  planned: PlannedService,
  {
    hasVerify,
    ...decision
  }: Pick<PreparedRelease, "spec" | "state" | "target" | "hold"> & ReleasePlanOptions,
): PreparedForRelease {
  const { state, target, hold } = decision;
  const isBehind =
    state.rules.length === 0
      ? state.live === undefined && hasVerify
      : state.isDivided || (state.live !== target && state[target].weight < 100);
  const { action, change } = serviceStep(planned);
  const isFresh = action === "create" || change.fields.some(({ path }) => isUnder(path, VERSION_FIELDS));
  const release = { ...decision, isFresh, isBehind };
  const changes = isBehind && !hold ? [...planned.changes, trafficChange(release)] : planned.changes;
  return { ...planned, changes, release };
}

/** The shift of the traffic, as a change like any other. */
function trafficChange({ spec, state, target }: PreparedRelease): Change {
  const from = state.live === "rolling" ? spec.service.name : otherColor(target);
  const now = state[target].weight;
  const to = { path: target, before: now, after: 100 };
  if (state.live === undefined) {
    const reason = `no version is live yet: ${target} receives all traffic once it is healthy`;
    return { action: "update", resource: "traffic", name: spec.name, fields: [to], reason };
  }
  return {
    action: "update",
    resource: "traffic",
    name: spec.name,
    fields: [{ path: from, before: 100 - now, after: 0 }, to],
    reason:
      state.live === target
        ? `${target} is the version to run`
        : `${target} is the new version: ${describeShift(spec.blueGreen)}`,
  };
}

/**
 * The initial size of a color that starts beside the live one: as large as that one is now, and not scaled in
 * until it gets all of the traffic.
 */
async function initialSize(
  spec: DeploymentSpec,
  state: ReleaseState,
  target: Color,
  context: AwsContext,
): Promise<Pick<ServiceVariant, "count" | "scaling">> {
  const { live, rolling } = state;
  const before = live === "rolling" ? rolling : live && state[live].service;
  if (before === undefined) return { scaling: { scaleIn: "on" } };
  const bounds = await scheduledBoundsOf(spec, before.serviceName ?? "", context);
  // Without scaling, a higher described count applies at once, and a lower one after the shift.
  const least = spec.scaling === undefined ? (spec.service.desired ?? 0) : 0;
  const tasks = Math.max(before.desiredCount ?? 0, least) || spec.service.desired;
  // A color that already gets traffic may have been scaled out since.
  const rule = state[target].weight > 0 ? "at-least" : "exactly";
  return {
    count: tasks === undefined ? undefined : { tasks: clamp(tasks, { ...spec.scaling, ...bounds }), rule },
    scaling: { scaleIn: "suspended", bounds },
  };
}

/** The bounds that a schedule has set for the service: it will not run again for a new one. */
async function scheduledBoundsOf(
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
