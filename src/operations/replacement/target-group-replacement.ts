import { loadBalancerName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerOf } from "../../aws/owner.js";
import { isOwnedBy } from "../../engine/ownership.js";
import { stableHash } from "../../engine/stable-hash.js";
import { elbTags } from "../../load-balancer/elb-tags.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import type { RouteSpec } from "../../spec/route.js";
import { deriveName } from "../../spec/derive-name.js";
import { TARGET_GROUP_NAME } from "../../spec/names.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

/**
 * The deployment with a target group that can serve it. A target group's load balancer and target type cannot
 * be changed: where the one of the described name is the deployment's and is for another, a second one takes its
 * place, under that name and a suffix that stands for what it is for. The old one goes once the new one serves.
 */
export async function withSuitingTargetGroup(
  spec: DeploymentSpec,
  context: AwsContext,
): Promise<DeploymentSpec> {
  const { route } = spec;
  if (route === undefined) return spec;
  const name = await suitingName(spec, route, context);
  return name === route.targetGroup ? spec : { ...spec, route: { ...route, targetGroup: name } };
}

/** For the plan, while the old one is there. */
export function otherTargetGroupWarning(
  wanted: RouteSpec,
  suiting: RouteSpec,
  leftovers: PlannedGraph["leftovers"],
): string[] {
  if (wanted.targetGroup === suiting.targetGroup) return [];
  if (!leftovers.some(({ id }) => id === `target-group/${wanted.targetGroup}`)) return [];
  return [
    `target-group ${wanted.targetGroup} is for another load balancer or target type, which cannot be changed in place: ${suiting.targetGroup} takes its place`,
  ];
}

async function suitingName(spec: DeploymentSpec, route: RouteSpec, context: AwsContext): Promise<string> {
  const { targetGroup: wanted } = route;
  const targetType = spec.cluster.capacity.type === "fargate" ? "ip" : "instance";
  const balancer = route.loadBalancer.name;
  const present = await describe(wanted, context);
  const [arnInUse] = present?.LoadBalancerArns ?? [];
  const suits =
    present?.TargetType === targetType && (arnInUse === undefined || loadBalancerName(arnInUse) === balancer);
  if (suits && arnInUse !== undefined) return wanted;

  const derived = deriveName(TARGET_GROUP_NAME, wanted, `-${stableHash([targetType, balancer]).slice(0, 6)}`);
  const second = present === undefined || suits ? await describe(derived, context) : undefined;
  // One that is for nothing any more is what a run that was cut short has left.
  const arn = (suits ? second : (present ?? second))?.TargetGroupArn;
  if (arn === undefined) return wanted;
  // Somebody else's is refused, and not stepped aside for.
  const tags = (await elbTags([arn], context)).get(arn) ?? {};
  return isOwnedBy(tags, ownerOf.deployment(spec.name)) ? derived : wanted;
}

const describe = async (name: string, { aws }: AwsContext) =>
  (await ignoreNotFound(aws.elb.describeTargetGroups({ Names: [name] })))?.TargetGroups?.[0];
