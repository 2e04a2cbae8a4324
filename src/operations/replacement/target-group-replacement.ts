import type { CreateTargetGroupCommandInput, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerOf } from "../../aws/owner.js";
import { isOwnedBy } from "../../engine/ownership.js";
import { stableHash } from "../../engine/stable-hash.js";
import { elbTags } from "../../load-balancer/elb-tags.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { targetTypeOf } from "../../spec/task/task-options.js";
import type { NetworkRouteSpec } from "../../spec/network-route.js";
import type { RouteSpec } from "../../spec/route.js";
import { deriveName } from "../../spec/derive-name.js";
import { TARGET_GROUP_NAME } from "../../spec/names.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

/**
 * AWS cannot change the load balancer, the target type and the protocol version of a target group: if the one of the
 * described name belongs to the deployment and has others, a second one, named with a suffix that is derived from them,
 * replaces it. The old one is deleted once the new one gets the traffic.
 */
export async function withReplacementTargetGroup(
  spec: DeploymentSpec,
  context: AwsContext,
): Promise<DeploymentSpec> {
  const { route, networkRoutes } = spec;
  const renamed = async <Route extends NetworkRouteSpec>(each: Route): Promise<Route> => ({
    ...each,
    targetGroup: await networkTargetGroupName(spec, each, context),
    ...(each.alternate !== undefined && {
      alternate: await networkTargetGroupName(spec, { ...each, targetGroup: each.alternate }, context),
    }),
  });
  const network = networkRoutes && { networkRoutes: await Promise.all(networkRoutes.map(renamed)) };
  if (route === undefined) return { ...spec, ...network };
  const name = await targetGroupName(spec, route, context);
  const furtherRoutes = await Promise.all(
    (spec.furtherRoutes ?? []).map(async (each) => ({
      ...each,
      targetGroup: await targetGroupName(spec, each, context),
    })),
  );
  return {
    ...spec,
    route: name === route.targetGroup ? route : { ...route, targetGroup: name },
    ...(furtherRoutes.length > 0 && { furtherRoutes }),
    ...network,
  };
}

/** The warning for a plan that deletes the old target group. */
export function targetGroupReplacementWarning(
  described: Pick<RouteSpec, "targetGroup">,
  replacement: Pick<RouteSpec, "targetGroup">,
  removals: PlannedGraph["removals"],
): string[] {
  if (described.targetGroup === replacement.targetGroup) return [];
  if (!removals.some(({ id }) => id === `target-group/${described.targetGroup}`)) return [];
  return [
    `target-group ${described.targetGroup} has another load balancer, target type or protocol, which cannot be changed in place: ${replacement.targetGroup} replaces it`,
  ];
}

async function targetGroupName(spec: DeploymentSpec, route: RouteSpec, context: AwsContext): Promise<string> {
  const version = route.protocol?.toUpperCase() ?? "HTTP1";
  const versions = [version, overriddenVersion(route.targetGroup, context)];
  const suits = ({ Protocol, ProtocolVersion }: TargetGroup) =>
    /^HTTP/.test(Protocol ?? "HTTP") && versions.includes(ProtocolVersion ?? "HTTP1");
  return nameFor(spec, route, { suits, unlike: version === "HTTP1" ? [] : [version] }, context);
}

function networkTargetGroupName(
  spec: DeploymentSpec,
  route: NetworkRouteSpec,
  context: AwsContext,
): Promise<string> {
  const protocol = route.listener.protocol === "udp" ? "UDP" : "TCP";
  const suits = ({ Protocol }: TargetGroup) => Protocol === protocol;
  return nameFor(spec, route, { suits, unlike: [protocol] }, context);
}

async function nameFor(
  spec: DeploymentSpec,
  route: Pick<RouteSpec, "targetGroup" | "loadBalancer">,
  protocol: { readonly suits: (group: TargetGroup) => boolean; readonly unlike: readonly string[] },
  context: AwsContext,
): Promise<string> {
  const { targetGroup: wanted } = route;
  const targetType = targetTypeOf(spec);
  const balancer = route.loadBalancer.name;
  const unlike = [targetType, balancer, ...protocol.unlike];
  const present = await describe(wanted, context);
  const [arnInUse] = present?.LoadBalancerArns ?? [];
  const suits =
    present?.TargetType === targetType &&
    protocol.suits(present) &&
    (arnInUse === undefined || loadBalancerName(arnInUse) === balancer);
  if (suits && arnInUse !== undefined) return wanted;

  const derived = deriveName(TARGET_GROUP_NAME, wanted, `-${stableHash(unlike).slice(0, 6)}`);
  const second = present === undefined || suits ? await describe(derived, context) : undefined;
  // An interrupted run may have left a target group without a load balancer.
  const arn = (suits ? second : (present ?? second))?.TargetGroupArn;
  if (arn === undefined) return wanted;
  // One that quayside does not manage is not replaced: the deploy will fail for it.
  const tags = (await elbTags([arn], context)).get(arn) ?? {};
  return isOwnedBy(tags, ownerOf.deployment(spec.name)) ? derived : wanted;
}

/** The protocol version that an override asks for: a target group that has it is not replaced by a described one. */
const overriddenVersion = (name: string, context: AwsContext): string | undefined => {
  const input: CreateTargetGroupCommandInput = { Name: name };
  return context.overridden("createTargetGroup", input).ProtocolVersion;
};

const describe = async (name: string, { aws }: AwsContext) =>
  (await ignoreNotFound(aws.elb.describeTargetGroups({ Names: [name] })))?.TargetGroups?.[0];
