import { loadBalancerName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { OWNER_TAG } from "../aws/tags.js";
import type { PendingDeletions } from "../engine/kind.js";
import { listenersOf } from "./elb-pages.js";
import { elbTags } from "./elb-tags.js";

export const isNetwork = ({ arn }: { readonly arn: string }): boolean => arn.includes(":loadbalancer/net/");

/** The users of a Network Load Balancer: the deployments that its listeners belong to, or listeners of others. */
export async function networkListenerUsers(
  arn: string,
  leaving: PendingDeletions,
  context: AwsContext,
): Promise<string[]> {
  const listeners = await listenersOf(arn, context);
  const tags = await elbTags(
    listeners.flatMap(({ ListenerArn }) => ListenerArn ?? []),
    context,
  );
  const users = listeners.flatMap(({ ListenerArn = "", Port = 0 }) => {
    const own = tags.get(ListenerArn);
    const name = `${loadBalancerName(arn)}:${Port}`;
    // It was deleted meanwhile.
    if (own === undefined || leaving.has("listener", name)) return [];
    return [own[OWNER_TAG] ?? `listener ${name}`];
  });
  return [...new Set(users)];
}
