import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerArn, loadBalancerName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ownedArns } from "../aws/owned-arns.js";
import { OWNER_TAG } from "../aws/tags.js";
import type { Found } from "../engine/kind.js";
import { listenersOf } from "./elb-pages.js";
import { elbTags } from "./elb-tags.js";

export interface ListenerState {
  readonly arn: string;
}

/** The node name of a listener: `conferenceAlb:80`. */
export const listenerName = (loadBalancer: string, port: number): string => `${loadBalancer}:${port}`;

/** Finds the owner's listeners by the tagging API. */
export async function taggedListeners(
  owner: string,
  type: "app" | "net",
  context: AwsContext,
): Promise<readonly Found<ListenerState>[]> {
  const owned = await ownedArns(context, owner, "elasticloadbalancing", `listener/${type}/`);
  const found = await Promise.all(
    owned.map(async ({ arn, tags }) => {
      const listeners = await listenersOf(loadBalancerArn(arn), context);
      return listeners
        .filter(({ ListenerArn }) => ListenerArn === arn)
        .map((listener) => foundAs(listener, loadBalancerName(arn), tags));
    }),
  );
  return found.flat();
}

/** Finds the owner's listeners on these load balancers. */
export async function listenersOn(
  balancers: readonly string[],
  owner: string,
  context: AwsContext,
  isWanted: (listener: Listener) => boolean = () => true,
): Promise<readonly Found<ListenerState>[]> {
  const found = await Promise.all(
    balancers.map(async (balancer) => {
      const listeners = (await listenersOf(balancer, context)).filter(isWanted);
      const tags = await elbTags(
        listeners.flatMap(({ ListenerArn }) => ListenerArn ?? []),
        context,
      );
      return listeners
        .map((each) => foundAs(each, loadBalancerName(balancer), tags.get(each.ListenerArn ?? "") ?? {}))
        .filter((each) => each.tags[OWNER_TAG] === owner);
    }),
  );
  return found.flat();
}

const foundAs = (
  { ListenerArn = "", Port = 0 }: Listener,
  loadBalancer: string,
  tags: Found<ListenerState>["tags"],
): Found<ListenerState> => ({ name: listenerName(loadBalancer, Port), state: { arn: ListenerArn }, tags });
