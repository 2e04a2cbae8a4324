import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { isOwnedBy } from "../engine/ownership.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import type { ListenerSpec } from "../spec/listeners.js";
import { elbTags } from "./elb-tags.js";
import { findLoadBalancer, servingListeners } from "./existing-load-balancer.js";

/**
 * The listeners of an existing load balancer of quayside's that differs from what its name alone describes,
 * in its listeners or its security group. A deployment that only names it uses these, and creates none.
 * `undefined` if it does not exist, is not managed by quayside, or is as its name alone describes it.
 */
export async function existingListeners(
  spec: LoadBalancerSpec,
  context: AwsContext,
): Promise<readonly Pick<ListenerSpec, "port" | "protocol">[] | undefined> {
  const found = await findLoadBalancer(spec.name, context);
  const arn = found?.LoadBalancerArn;
  if (arn === undefined) return undefined;
  const tags = (await elbTags([arn], context)).get(arn) ?? {};
  if (!isOwnedBy(tags, ownerOf.loadBalancer(spec.name))) return undefined;

  const { SecurityGroups: named = [] } = await context.aws.ec2.describeSecurityGroups({
    Filters: [{ Name: "group-name", Values: [spec.securityGroup] }],
  });
  const hasGroup = named.some(({ GroupId = "" }) => found?.SecurityGroups?.includes(GroupId));
  const serving = await servingListeners(spec.name, context, ownerOf.loadBalancer(spec.name));
  // A load balancer that is still being created has no listeners yet.
  if (serving.length === 0) return undefined;
  const wanted = serving.filter(({ port }) => spec.listeners.some((each) => each.port === port));
  if (hasGroup && wanted.length === spec.listeners.length) return undefined;
  return wanted.length > 0 ? wanted : serving;
}
