import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { OWNER_TAG } from "../aws/tags.js";
import type { PendingDeletions } from "../engine/kind.js";
import { elbTags } from "./elb-tags.js";

/** True for a listener of a Network Load Balancer, which has no rules. */
export const isNetworkListener = ({ Protocol = "HTTP" }: Pick<Listener, "Protocol">): boolean =>
  Protocol !== "HTTP" && Protocol !== "HTTPS";

/** The users of a Network Load Balancer: the deployments that its listeners belong to, or listeners of others. */
export async function networkListenerUsers(
  listeners: readonly Listener[],
  leaving: PendingDeletions,
  context: AwsContext,
): Promise<string[]> {
  const tags = await elbTags(
    listeners.flatMap(({ ListenerArn }) => ListenerArn ?? []),
    context,
  );
  const users = listeners.flatMap(({ ListenerArn = "", Port = 0 }) => {
    const own = tags.get(ListenerArn);
    const name = `${loadBalancerName(ListenerArn)}:${Port}`;
    // It was deleted meanwhile.
    if (own === undefined || leaving.has("listener", name)) return [];
    return [own[OWNER_TAG] ?? `listener ${name}`];
  });
  return [...new Set(users)];
}
