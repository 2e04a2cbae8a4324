import type { Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { isOwnedBy } from "../engine/ownership.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import type { ListenerSpec } from "../spec/listeners.js";
import { listenersOf, rulesOf } from "./elb-pages.js";
import { isNetworkListener } from "./network-listener-users.js";
import { elbTags } from "./elb-tags.js";
import { findLoadBalancer, servingListeners } from "./existing-load-balancer.js";

/** What a deployment finds of a load balancer that it only names, and that quayside manages. */
export interface NamedLoadBalancer {
  /**
   * The listeners to use as they are, because the load balancer differs from what its name alone describes, in its
   * listeners or its security group. `undefined` if it does not exist, or does not differ.
   */
  readonly listeners: readonly Pick<ListenerSpec, "port" | "protocol" | "certificate">[] | undefined;
  /** True if it has a listener, which is created last: who may reach it is decided, and not changed any more. */
  readonly isComplete: boolean;
  /** Its VPC, if it exists. */
  readonly vpcId?: string | undefined;
}

export async function namedLoadBalancer(
  spec: LoadBalancerSpec,
  context: AwsContext,
): Promise<NamedLoadBalancer> {
  const found = await findLoadBalancer(spec.name, context);
  const arn = found?.LoadBalancerArn;
  if (arn === undefined) return absent;
  const owner = ownerOf.loadBalancer(spec.name);
  const [tags, { SecurityGroups: named = [] }, serving] = await Promise.all([
    elbTags([arn], context),
    context.aws.ec2.describeSecurityGroups({
      Filters: [{ Name: "group-name", Values: [spec.securityGroup] }],
    }),
    servingListeners(spec.name, context, owner),
  ]);
  if (!isOwnedBy(tags.get(arn) ?? {}, owner)) return absent;
  const hasGroup = named.some(({ GroupId = "" }) => found?.SecurityGroups?.includes(GroupId));
  // A load balancer that is still being created has no listeners yet.
  const { VpcId: vpcId } = found!;
  if (serving.length === 0) return { ...absent, vpcId };
  const wanted = serving.filter(({ port }) => spec.listeners.some((each) => each.port === port));
  const isAsNamed = hasGroup && wanted.length === spec.listeners.length;
  return { listeners: isAsNamed ? undefined : wanted.length > 0 ? wanted : serving, isComplete: true, vpcId };
}

const absent: NamedLoadBalancer = { listeners: undefined, isComplete: false };

/** Asks what a run will ask of a load balancer that exists, as soon as it can be asked: listeners, rules and tags. */
export async function askLoadBalancer(name: string, context: AwsContext): Promise<void> {
  const found = await findLoadBalancer(name, context);
  const arn = found?.LoadBalancerArn;
  if (arn === undefined) return;
  const ofListeners = async () => {
    const listeners = await listenersOf(arn, context);
    const arnsOf = (some: readonly Listener[]) => some.flatMap(({ ListenerArn }) => ListenerArn ?? []);
    const withRules = arnsOf(listeners.filter((each) => !isNetworkListener(each)));
    await Promise.all([
      elbTags(arnsOf(listeners), context),
      ...withRules.map((each) => rulesOf(each, context)),
    ]);
  };
  await Promise.all([ofListeners(), elbTags([arn], context)]);
}
