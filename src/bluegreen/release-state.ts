import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { fromTags } from "../aws/tags.js";
import type { GroupWeight } from "../load-balancer/rules/rule-weights.js";
import { describeServices } from "../service/describe-services.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ColorSubject } from "./color-health.js";
import {
  COLORS,
  colorService,
  inColor,
  RELEASE_TAG,
  releaseError,
  type BlueGreenDeployment,
  type Color,
} from "./colors.js";
import { rulesFor, withGroups, withOtherBalancers } from "./release-rules.js";
import type { PreviewRule, Side, WeightedRule } from "./weighted-rule.js";

export interface ColorState {
  readonly color: Color;
  readonly serviceName: string;
  /** `undefined` if the service does not exist, or is being deleted. */
  readonly service: Service | undefined;
  /** The release number; `undefined` without a service. */
  readonly release: number | undefined;
  /** That of the main container's route; `undefined` if neither a rule nor the service has it. */
  readonly targetGroupArn: string | undefined;
  /** Percent of the traffic: of the newer color that of the route which has got least. */
  readonly weight: number;
}

/** The state of a blue/green deployment in AWS: weights determine the live color, tags the releases. */
export interface ReleaseState {
  readonly rules: readonly WeightedRule[];
  readonly previews: readonly PreviewRule[];
  readonly blue: ColorState;
  readonly green: ColorState;
  /**
   * The color that gets the traffic; while it is divided (a shift is not complete), the older release.
   * `rolling` means the service from before the deployment became blue/green.
   */
  readonly live: Color | "rolling" | undefined;
  /** True if both colors get traffic, or a shift has not reached every listener and route. */
  readonly isDivided: boolean;
  /** The service from before the deployment became blue/green. */
  readonly rolling: Service | undefined;
}

/** Reads the state from AWS, also if nothing exists. */
export async function readRelease(spec: DeploymentSpec, context: AwsContext): Promise<ReleaseState> {
  const [found, services] = await Promise.all([
    rulesFor(spec, context),
    describeServices(
      spec.cluster.name,
      [spec.service.name, ...COLORS.map((color) => colorService(spec, color))],
      context,
    ),
  ]);
  const active = services.filter(({ status }) => status === "ACTIVE");
  const named = (name: string): Service | undefined => active.find(({ serviceName }) => serviceName === name);
  const present = {
    blue: named(colorService(spec, "blue")),
    green: named(colorService(spec, "green")),
    rolling: named(spec.service.name),
  };
  const rules = withGroups(spec, await withOtherBalancers(spec, found, active, context), present);
  const weights = rules[0]?.weights ?? [];
  const [older, newer] = releaseOf(present.blue) <= releaseOf(present.green) ? COLORS : [...COLORS].reverse();
  // A rule that one of the colors is not in says nothing about the shift: of a route that the color does not have, or on
  // a listener that is no longer described.
  const both = rules.filter(({ groups }) => groups.blue !== undefined && groups.green !== undefined);
  const shared = both.length > 0 ? both : rules.slice(0, 1);
  const shares = (color: Color): number[] => shared.map((rule) => shareOf(rule, rule.groups[color]));
  const stateOf = (color: Color): ColorState => {
    const service = present[color];
    const all = shares(color);
    const weight = all.length === 0 ? 0 : color === newer ? Math.min(...all) : Math.max(...all);
    return {
      color,
      serviceName: colorService(spec, color),
      service,
      release: service && releaseOf(service),
      targetGroupArn: rules[0]?.groups[color] ?? service?.loadBalancers?.[0]?.targetGroupArn,
      weight: Math.round(weight),
    };
  };
  const [blue, green] = [stateOf("blue"), stateOf("green")];
  const isUneven = older !== undefined && new Set(shares(older).map(Math.round)).size > 1;
  const isDivided = isUneven || (blue.weight > 0 && green.weight > 0);
  const { rolling } = present;
  const live = liveOf(blue, green, weights, rolling);
  return { rules, previews: found.previews, blue, green, rolling, isDivided, live };
}

const releaseOf = (service: Service | undefined): number =>
  service === undefined ? 0 : Number(fromTags(service.tags)[RELEASE_TAG] ?? 0);

function shareOf({ weights }: Pick<WeightedRule, "weights">, group: string | undefined): number {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const own = weights.find(({ arn }) => arn === group)?.weight ?? 0;
  return total === 0 ? 0 : (own / total) * 100;
}

function liveOf(
  blue: ColorState,
  green: ColorState,
  weights: readonly GroupWeight[],
  rolling: Service | undefined,
): ReleaseState["live"] {
  const [older, newer] = (blue.release ?? 0) <= (green.release ?? 0) ? [blue, green] : [green, blue];
  // The service from before blue/green is live until the new one gets all of its traffic.
  const isRollingServed = (rolling?.loadBalancers ?? []).some(
    ({ targetGroupArn }) => (weights.find(({ arn }) => arn === targetGroupArn)?.weight ?? 0) > 0,
  );
  if (isRollingServed) return "rolling";
  const serves = ({ weight, service }: ColorState): boolean => weight > 0 && service !== undefined;
  if (serves(older)) return older.color;
  if (serves(newer)) return newer.color;
  // The first version, which gets no traffic before it is verified; or the service of the live color was deleted.
  if (older.weight > 0 || newer.weight > 0) return undefined;
  // Without a rule that forwards to one of them, the last release counts.
  return newer.service === undefined ? older.service && older.color : newer.color;
}

/** The color that runs the newest version and gets no traffic: it was held, or its traffic was taken back. */
export function newerIdle({ blue, green, live }: ReleaseState): Color | undefined {
  const [older, newer] = (blue.release ?? 0) <= (green.release ?? 0) ? [blue, green] : [green, blue];
  const isHeld = newer.service !== undefined && newer.weight === 0 && newer.color !== live;
  return isHeld && newer.release !== older.release ? newer.color : undefined;
}

/** The spec of the service that gets the traffic: of the live color, or of the service from before blue/green. */
export const serving = (spec: DeploymentSpec, { live }: Pick<ReleaseState, "live">): DeploymentSpec =>
  live === "rolling" ? spec : inColor(spec, live ?? "blue");

/** The target groups of a service in the rules, the main one first. */
export const groupsOf = (
  side: Side,
  main: string,
  rules: readonly Pick<WeightedRule, "groups">[],
): readonly string[] => [...new Set([main, ...rules.flatMap(({ groups }) => groups[side] ?? [])])];

/** @throws QuaysideError `no-release` when the color has no service */
export function subjectIn(state: ReleaseState, color: Color, spec: BlueGreenDeployment): ColorSubject {
  const { serviceName, targetGroupArn, service } = state[color];
  if (service !== undefined && targetGroupArn !== undefined)
    return {
      color,
      clusterName: spec.cluster.name,
      serviceName,
      targetGroupArn,
      targetGroupArns: groupsOf(color, targetGroupArn, state.rules),
    };
  throw releaseError(
    "no-release",
    `There is no ${color} version of ${spec.name}: service ${serviceName} does not exist`,
    {
      fix: "Deploy first.",
    },
  );
}
