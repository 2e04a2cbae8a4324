import type { Service } from "@aws-sdk/client-ecs";
import type { Action, Listener, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { targetGroupName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerOf } from "../aws/owner.js";
import { fromTags } from "../aws/tags.js";
import { listenersOf, rulesOf } from "../load-balancer/elb-pages.js";
import { listenerName } from "../load-balancer/listener.js";
import { listenerRuleName, releaseRuleName } from "../load-balancer/rules/listener-rule-name.js";
import { endpointIn, type PresentEndpoint } from "../load-balancer/rules/present-routes.js";
import { findRules } from "../load-balancer/rules/find-rule.js";
import { weightsOf, type GroupWeight } from "../load-balancer/rules/rule-weights.js";
import { describeServices } from "../service/describe-services.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ColorSubject } from "./color-health.js";
import {
  COLORS,
  colorService,
  colorTargetGroup,
  inColor,
  RELEASE_TAG,
  releaseError,
  type BlueGreenDeployment,
  type Color,
} from "./colors.js";

/** A rule that divides the traffic between the colors: there is one for each listener. */
export interface WeightedRule {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
  readonly actions: readonly Action[];
  readonly weights: readonly GroupWeight[];
}

export interface ColorState {
  readonly color: Color;
  readonly serviceName: string;
  /** `undefined` if the service does not exist, or is being deleted. */
  readonly service: Service | undefined;
  /** The release number; `undefined` without a service. */
  readonly release: number | undefined;
  /** `undefined` if neither a rule nor the service has it. */
  readonly targetGroupArn: string | undefined;
  /** Percent of the traffic. */
  readonly weight: number;
}

/** A rule that leads a person to a color before it gets traffic. */
export interface PreviewRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** As in results and in the IDs of resources. */
  readonly name: string;
  readonly conditions: readonly RuleCondition[];
  readonly targetGroupArn: string | undefined;
  readonly dnsName: string;
  readonly endpoint: PresentEndpoint;
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
  /** True if both colors get traffic. */
  readonly isDivided: boolean;
  /** The service from before the deployment became blue/green. */
  readonly rolling: Service | undefined;
}

/** Reads the state from AWS, also if nothing exists. */
export async function readRelease(spec: DeploymentSpec, context: AwsContext): Promise<ReleaseState> {
  const [{ rules, previews }, services] = await Promise.all([
    rulesFor(spec, context),
    describeServices(
      spec.cluster.name,
      [spec.service.name, ...COLORS.map((color) => colorService(spec, color))],
      context,
    ),
  ]);
  const active = services.filter(({ status }) => status === "ACTIVE");
  const named = (name: string): Service | undefined => active.find(({ serviceName }) => serviceName === name);
  const weights = rules[0]?.weights ?? [];
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const share = (weight: number): number => (total === 0 ? 0 : (weight / total) * 100);

  const stateOf = (color: Color): ColorState => {
    const serviceName = colorService(spec, color);
    const service = named(serviceName);
    const own = service?.loadBalancers?.[0]?.targetGroupArn;
    // A shortened name does not say from which one it is derived, if only AWS knows the deployment.
    const group =
      weights.find(({ arn }) => targetGroupName(arn) === colorTargetGroup(spec, color)) ??
      weights.find(({ arn }) => arn === own);
    return {
      color,
      serviceName,
      service,
      release: service && Number(fromTags(service.tags)[RELEASE_TAG] ?? 0),
      targetGroupArn: group?.arn ?? own,
      weight: Math.round(share(group?.weight ?? 0)),
    };
  };
  const [blue, green] = [stateOf("blue"), stateOf("green")];
  const rolling = named(spec.service.name);
  const isDivided = blue.weight > 0 && green.weight > 0;
  return { rules, previews, blue, green, rolling, isDivided, live: liveOf(blue, green, weights, rolling) };
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

async function rulesFor(
  spec: DeploymentSpec,
  context: AwsContext,
): Promise<Pick<ReleaseState, "rules" | "previews">> {
  const route = spec.route!;
  const answer = await ignoreNotFound(
    context.aws.elb.describeLoadBalancers({ Names: [route.loadBalancer.name] }),
  );
  const { LoadBalancerArn: arn, DNSName: dnsName = "" } = answer?.LoadBalancers?.[0] ?? {};
  if (arn === undefined) return { rules: [], previews: [] };
  const ports = route.loadBalancer.listeners.map(({ port }) => port);
  // All listeners, the described ones first: an existing load balancer may have others that forward.
  const isDescribed = ({ Port = 0 }: Listener): number => Number(ports.includes(Port));
  const listeners = (await listenersOf(arn, context)).sort((a, b) => isDescribed(b) - isDescribed(a));
  const owner = ownerOf.deployment(spec.name);
  const found = await Promise.all(
    listeners.map(async (listener) => {
      const { ListenerArn: listenerArn = "", Port = 0 } = listener;
      const { rules, previews } = await findRules(owner, await rulesOf(listenerArn, context), context);
      const listed = listenerName(route.loadBalancer.name, Port);
      return {
        rules: rules.map((rule) => weighted(rule, listenerArn)),
        previews: previews.map(({ rule, tags }): PreviewRule => ({
          arn: rule.RuleArn ?? "",
          listenerArn,
          name: releaseRuleName(listenerRuleName(listed, owner, tags), Number(rule.Priority)),
          conditions: rule.Conditions ?? [],
          targetGroupArn: weightsOf(rule.Actions ?? [])[0]?.arn,
          dnsName,
          endpoint: endpointIn(listener),
        })),
      };
    }),
  );
  return {
    rules: found.flatMap(({ rules }) => rules),
    previews: found.flatMap(({ previews }) => previews),
  };
}

const weighted = ({ RuleArn = "", Priority, Actions = [] }: Rule, listenerArn: string): WeightedRule => ({
  arn: RuleArn,
  listenerArn,
  priority: Number(Priority),
  actions: Actions,
  weights: weightsOf(Actions),
});

/** The color that runs the newest version and gets no traffic: it was held, or its traffic was taken back. */
export function newerIdle({ blue, green, live }: ReleaseState): Color | undefined {
  const [older, newer] = (blue.release ?? 0) <= (green.release ?? 0) ? [blue, green] : [green, blue];
  const isHeld = newer.service !== undefined && newer.weight === 0 && newer.color !== live;
  return isHeld && newer.release !== older.release ? newer.color : undefined;
}

/** The spec of the service that gets the traffic: of the live color, or of the service from before blue/green. */
export const serving = (spec: DeploymentSpec, { live }: Pick<ReleaseState, "live">): DeploymentSpec =>
  live === "rolling" ? spec : inColor(spec, live ?? "blue");

/** @throws QuaysideError `no-release` when the color has no service */
export function subjectIn(state: ReleaseState, color: Color, spec: BlueGreenDeployment): ColorSubject {
  const { serviceName, targetGroupArn, service } = state[color];
  if (service !== undefined && targetGroupArn !== undefined)
    return { clusterName: spec.cluster.name, serviceName, targetGroupArn };
  throw releaseError(
    "no-release",
    `There is no ${color} version of ${spec.name}: service ${serviceName} does not exist`,
    {
      fix: "Deploy first.",
    },
  );
}
