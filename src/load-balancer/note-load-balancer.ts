import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { OWNER_TAG } from "../aws/tags.js";
import { elbTags } from "./elb-tags.js";

/** Looks an owner's load balancer up by its name, because the tagging API may not know it for minutes. */
export async function noteLoadBalancer(owner: string, context: AwsContext): Promise<void> {
  const name = ownerName(owner, "load-balancer");
  if (name === undefined) return;
  const known = await context.owned(owner);
  if (known.some(({ arn }) => arn.includes(":loadbalancer/"))) return;
  const found = await ignoreNotFound(context.aws.elb.describeLoadBalancers({ Names: [name] }));
  const arn = found?.LoadBalancers?.[0]?.LoadBalancerArn;
  if (arn === undefined) return;
  const tags = (await elbTags([arn], context)).get(arn) ?? {};
  if (tags[OWNER_TAG] === owner) context.noteOwned(owner, { arn, tags });
}
