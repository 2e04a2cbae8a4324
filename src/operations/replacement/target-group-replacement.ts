import type { CreateTargetGroupCommandInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerOf } from "../../aws/owner.js";
import { isOwnedBy } from "../../engine/ownership.js";
import { stableHash } from "../../engine/stable-hash.js";
import { elbTags } from "../../load-balancer/elb-tags.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { targetTypeOf } from "../../spec/task/task-options.js";
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
  const { route } = spec;
  if (route === undefined) return spec;
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
  };
}

/** The warning for a plan that deletes the old target group. */
export function targetGroupReplacementWarning(
  described: RouteSpec,
  replacement: RouteSpec,
  removals: PlannedGraph["removals"],
): string[] {
  if (described.targetGroup === replacement.targetGroup) return [];
  if (!removals.some(({ id }) => id === `target-group/${described.targetGroup}`)) return [];
  return [
    `target-group ${described.targetGroup} has another load balancer, target type or protocol, which cannot be changed in place: ${replacement.targetGroup} replaces it`,
  ];
}

async function targetGroupName(spec: DeploymentSpec, route: RouteSpec, context: AwsContext): Promise<string> {
  const { targetGroup: wanted } = route;
  const targetType = targetTypeOf(spec);
  const balancer = route.loadBalancer.name;
  const version = route.protocol?.toUpperCase() ?? "HTTP1";
  const unlike = version === "HTTP1" ? [targetType, balancer] : [targetType, balancer, version];
  const present = await describe(wanted, context);
  const [arnInUse] = present?.LoadBalancerArns ?? [];
  const versions = [version, overriddenVersion(wanted, context)];
  const suits =
    present?.TargetType === targetType &&
    versions.includes(present.ProtocolVersion ?? "HTTP1") &&
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
