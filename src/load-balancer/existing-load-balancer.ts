import type { Listener, LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerFullName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { parseOwner } from "../aws/owner.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { isOwnedBy } from "../engine/ownership.js";
import { QuaysideError } from "../errors.js";
import { listenersOf } from "./elb-pages.js";
import { elbTags } from "./elb-tags.js";
import { listenerKind } from "./listener.js";
import { listenerName, type ListenerState } from "./owned-listeners.js";
import { loadBalancerKind, type LoadBalancerState } from "./load-balancer.js";
import { isNetworkListener, networkListenerUsers } from "./network-listener-users.js";
import { listenerUsers } from "./rules/listener-users.js";
import { endpointIn } from "./rules/present-routes.js";
import type { ListenerSpec } from "../spec/listeners.js";

export interface ExistingLoadBalancerState extends LoadBalancerState {
  /** The first of its security groups by ID, which tasks have to allow traffic from: AWS lists them in any order. */
  readonly groupId: string;
  readonly vpcId: string;
}

export interface ExistingLoadBalancerDesired extends Tagged {
  readonly name: string;
}

/** A load balancer that is not managed by quayside: looked up, never changed. */
export const existingLoadBalancerKind: Kind<
  ExistingLoadBalancerDesired,
  ExistingLoadBalancerState,
  AwsContext
> = {
  kind: loadBalancerKind.kind,
  unknown: { ...loadBalancerKind.unknown, groupId: UNKNOWN, vpcId: UNKNOWN },

  async read(desired, context) {
    const found = await findLoadBalancer(desired.name, context);
    if (found === undefined) return undefined;
    const {
      LoadBalancerArn: arn = "",
      DNSName: dnsName = "",
      CanonicalHostedZoneId: zoneId = "",
      SecurityGroups = [],
      VpcId: vpcId = "",
    } = found;
    return {
      state: {
        arn,
        dnsName,
        zoneId,
        fullName: loadBalancerFullName(arn),
        groupId: firstGroup(SecurityGroups),
        vpcId,
      },
      current: desired,
      tags: {},
    };
  },

  notFoundError: ({ name }) => noLoadBalancer(name),

  /** The deployments behind it: while there is one, the rule that opens the instances to it is kept. */
  async usedBy({ state: { arn }, name }, leaving, context) {
    const listeners = await listenersOf(arn, context);
    const users = listeners.some(isNetworkListener)
      ? [await networkListenerUsers(listeners, leaving, context)]
      : await Promise.all(
          listeners.map(({ ListenerArn = "", Port = 0 }) =>
            listenerUsers({ arn: ListenerArn, name: listenerName(name, Port) }, leaving, context),
          ),
        );
    return users.flat().filter((user) => parseOwner(user)?.type === "deployment");
  },
};

const firstGroup = (ids: readonly string[]): string => [...ids].sort()[0] ?? "";

/** The ID of the security group that tasks have to allow traffic from; `undefined` if the load balancer does not exist. */
export async function entranceGroupId(name: string, context: AwsContext): Promise<string | undefined> {
  const found = await findLoadBalancer(name, context);
  return found && firstGroup(found.SecurityGroups ?? []);
}

export interface ExistingListenerDesired extends Tagged {
  readonly loadBalancerArn: string;
  readonly loadBalancer: string;
  readonly port: number;
}

/** A listener of a load balancer that is not managed by quayside. */
export const existingListenerKind: Kind<ExistingListenerDesired, ListenerState, AwsContext> = {
  kind: listenerKind.kind,
  unknown: listenerKind.unknown,

  async read(desired, context) {
    if (isUnknown(desired.loadBalancerArn)) return undefined;
    const listeners = await listenersOf(desired.loadBalancerArn, context);
    const found = listeners.find(({ Port }) => Port === desired.port);
    return found && { state: { arn: found.ListenerArn ?? "" }, current: desired, tags: {} };
  },

  notFoundError: ({ loadBalancer, port }) =>
    new QuaysideError(
      "no-listener",
      `Nothing was changed: load balancer ${loadBalancer} has no listener on port ${port}`,
      {
        facts: { loadBalancer, port },
        fix: `Use a port that it listens on, LoadBalancer.existing("${loadBalancer}").http(80), or add the listener yourself: quayside does not change an existing load balancer.`,
      },
    ),
};

export type ServingListener = Pick<ListenerSpec, "port" | "protocol" | "certificate"> & {
  readonly name: string;
};

/**
 * The listeners of an existing load balancer that forward requests to services, as names and ports: all of
 * them, or an owner's.
 */
export async function servingListeners(
  name: string,
  context: AwsContext,
  owner?: string,
): Promise<ServingListener[]> {
  const found = await findLoadBalancer(name, context);
  if (found?.LoadBalancerArn === undefined) return [];
  const listeners = await listenersOf(found.LoadBalancerArn, context);
  const tags =
    owner === undefined
      ? undefined
      : await elbTags(
          listeners.flatMap(({ ListenerArn }) => ListenerArn ?? []),
          context,
        );
  return listeners
    .filter(isServing)
    .filter(({ ListenerArn = "" }) => tags === undefined || isOwnedBy(tags.get(ListenerArn) ?? {}, owner))
    .map((listener) => ({ name: listenerName(name, listener.Port ?? 0), ...endpointIn(listener) }))
    .sort((a, b) => a.port - b.port);
}

/** The error for a load balancer that does not exist, or has no listener to add rules to. */
export async function noListener(name: string, context: AwsContext): Promise<QuaysideError> {
  if ((await findLoadBalancer(name, context)) === undefined) return noLoadBalancer(name);
  return new QuaysideError(
    "no-listener",
    `Nothing was changed: load balancer ${name} has no listener that serves requests`,
    {
      facts: { loadBalancer: name },
      fix: "Add a listener yourself: quayside does not change an existing load balancer.",
    },
  );
}

/**
 * Throws if a load balancer that a deployment is to be behind is of another type, or without a security group: a Network
 * Load Balancer never gets one that was created without.
 */
export async function checkNetworkLoadBalancer(name: string, context: AwsContext): Promise<void> {
  const found = await findLoadBalancer(name, context);
  if (found === undefined) throw noLoadBalancer(name);
  if (found.Type !== "network")
    throw new QuaysideError(
      "no-load-balancer",
      `Nothing was changed: load balancer ${name} is not a Network Load Balancer: its type is ${found.Type}`,
      {
        facts: { loadBalancer: name, type: found.Type },
        fix: `Use it with .behindAlb(LoadBalancer.existing("${name}")), or name a Network Load Balancer.`,
      },
    );
  if ((found.SecurityGroups ?? []).length > 0) return;
  throw new QuaysideError(
    "no-security-group",
    `Nothing was changed: load balancer ${name} has no security group, by which the tasks could let it in`,
    {
      facts: { loadBalancer: name },
      fix: `AWS adds no security group to a Network Load Balancer that was created without: let quayside create one, new NetworkLoadBalancer("tcp").`,
    },
  );
}

const noLoadBalancer = (name: string): QuaysideError =>
  new QuaysideError(
    "no-load-balancer",
    `Nothing was changed: load balancer ${name} was not found in this region`,
    {
      facts: { loadBalancer: name },
      fix: `Check its name, or let quayside create it: new LoadBalancer("${name}").`,
    },
  );

/** True if the listener serves requests; one that redirects by default leads elsewhere on purpose. */
const isServing = ({ Protocol, DefaultActions = [] }: Listener): boolean =>
  (Protocol === "HTTP" || Protocol === "HTTPS") && DefaultActions.every(({ Type }) => Type !== "redirect");

export async function findLoadBalancer(name: string, { aws }: AwsContext): Promise<LoadBalancer | undefined> {
  return (await ignoreNotFound(aws.elb.describeLoadBalancers({ Names: [name] })))?.LoadBalancers?.[0];
}
