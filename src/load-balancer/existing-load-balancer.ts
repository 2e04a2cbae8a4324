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
import { listenerKind, listenerName, type ListenerState } from "./listener.js";
import { loadBalancerKind, type LoadBalancerState } from "./load-balancer.js";
import { listenerUsers } from "./rules/listener-users.js";

export interface ExistingLoadBalancerState extends LoadBalancerState {
  /** One of its security groups: what tasks have to let in. */
  readonly groupId: string;
  readonly vpcId: string;
}

export interface ExistingLoadBalancerDesired extends Tagged {
  readonly name: string;
}

/** A load balancer that is somebody else's: looked up, never changed. */
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
      SecurityGroups = [],
      VpcId: vpcId = "",
    } = found;
    return {
      state: { arn, dnsName, fullName: loadBalancerFullName(arn), groupId: SecurityGroups[0] ?? "", vpcId },
      current: desired,
      tags: {},
    };
  },

  notFoundError: ({ name }) => noLoadBalancer(name),

  /** Whoever of ours is behind it: what opens the instances to it stays as long as one is. */
  async usedBy({ state: { arn }, name }, leaving, context) {
    const listeners = await listenersOf(arn, context);
    const users = await Promise.all(
      listeners.map(({ ListenerArn = "", Port = 0 }) =>
        listenerUsers({ arn: ListenerArn, name: listenerName(name, Port) }, leaving, context),
      ),
    );
    return users.flat().filter((user) => parseOwner(user)?.type === "deployment");
  },
};

export interface ExistingListenerDesired extends Tagged {
  readonly loadBalancerArn: string;
  readonly loadBalancer: string;
  readonly port: number;
}

/** A listener of such a load balancer. */
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
      `Nothing was changed: load balancer ${loadBalancer} exists and has no listener on port ${port}`,
      {
        facts: { loadBalancer, port },
        fix: `Name a port that it listens on, LoadBalancer.existing("${loadBalancer}").http(80), or add the listener to it yourself: one that exists is not changed.`,
      },
    ),
};

/** The listeners of a load balancer that is there which send requests to services, as names and ports; all, or an owner's. */
export async function servingListeners(
  name: string,
  context: AwsContext,
  owner?: string,
): Promise<{ readonly name: string; readonly port: number; readonly protocol: "http" | "https" }[]> {
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
    .map(({ Port = 0, Protocol }) => ({
      name: listenerName(name, Port),
      port: Port,
      protocol: Protocol === "HTTPS" ? ("https" as const) : ("http" as const),
    }))
    .sort((a, b) => a.port - b.port);
}

/** The error for one that is not there, or has no listener to add rules to. */
export async function noListener(name: string, context: AwsContext): Promise<QuaysideError> {
  if ((await findLoadBalancer(name, context)) === undefined) return noLoadBalancer(name);
  return new QuaysideError(
    "no-listener",
    `Nothing was changed: load balancer ${name} exists and has no listener that serves requests`,
    { facts: { loadBalancer: name }, fix: "Add one to it yourself: one that exists is not changed." },
  );
}

const noLoadBalancer = (name: string): QuaysideError =>
  new QuaysideError(
    "no-load-balancer",
    `Nothing was changed: there is no load balancer ${name} in this region`,
    {
      facts: { loadBalancer: name },
      fix: `Check its name, or let quayside make it: new LoadBalancer("${name}").`,
    },
  );

/** One whose default is a redirect leads somewhere else on purpose. */
const isServing = ({ Protocol, DefaultActions = [] }: Listener): boolean =>
  (Protocol === "HTTP" || Protocol === "HTTPS") && DefaultActions.every(({ Type }) => Type !== "redirect");

export async function findLoadBalancer(name: string, { aws }: AwsContext): Promise<LoadBalancer | undefined> {
  return (await ignoreNotFound(aws.elb.describeLoadBalancers({ Names: [name] })))?.LoadBalancers?.[0];
}
