import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { ownerOf } from "../aws/owner.js";
import { hasChanges } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { isDeletedWithLoadBalancer } from "./deleted-with.js";
import { listenersOf } from "./elb-pages.js";
import { elbTags } from "./elb-tags.js";
import {
  checkListenerCertificate,
  presentCertificates,
  type CertificatesDesired,
} from "./listener-certificates.js";
import { isNetworkListener } from "./network-listener-users.js";
import { listenerKind } from "./listener.js";
import { listenersOn, taggedListeners, type ListenerState } from "./owned-listeners.js";
import { createListener, deleteListener, updateListener } from "./write-listener.js";
import { forwardBy, joinedWeights, weightsOf } from "./rules/rule-weights.js";

export interface NetworkListenerDesired extends Tagged, CertificatesDesired {
  readonly protocol: "TCP" | "TLS" | "UDP";
  /** A listener changes between TCP and TLS in place, and not to UDP, whose target groups are others. */
  readonly transport: "tcp" | "udp";
  /**
   * It may also forward to others, by weight; this is kept as long as this target group is among them.
   */
  readonly targetGroupArn: string;
  /**
   * The other target group of ECS's blue/green deployments, which decide what each gets; `undefined`: not compared.
   */
  readonly standby?: readonly string[] | undefined;
}

/**
 * A listener of a Network Load Balancer. It has no rules: it forwards to the target group of one deployment, which it
 * belongs to.
 */
export const networkListenerKind: Kind<NetworkListenerDesired, ListenerState, AwsContext> = {
  kind: listenerKind.kind,
  unknown: { arn: UNKNOWN },

  async read(desired, context) {
    const { loadBalancerArn: balancer, port } = desired;
    if (isUnknown(balancer)) return undefined;
    const found = (await listenersOf(balancer, context)).find((listener) => listener.Port === port);
    if (found?.ListenerArn === undefined) return undefined;
    const targets = weightsOf(found.DefaultActions ?? []).map(({ arn }) => arn);
    return {
      state: { arn: found.ListenerArn },
      current: {
        loadBalancerArn: balancer,
        port,
        protocol: found.Protocol,
        transport: found.Protocol?.includes("UDP") ? "udp" : "tcp",
        ...(await presentCertificates(found, desired, context)),
        targetGroupArn: targets.includes(desired.targetGroupArn) ? desired.targetGroupArn : targets[0],
        ...(desired.standby !== undefined && {
          standby: desired.standby.filter((arn) => targets.includes(arn)),
        }),
      },
      tags: (await elbTags([found.ListenerArn], context)).get(found.ListenerArn) ?? {},
    };
  },

  preflight: checkListenerCertificate,

  create: (desired, context) => createListener(desired, forwardTo(desired), context),

  async update(desired, { state }, changes, context) {
    const action = hasChanges(changes, "targetGroupArn", "standby")
      ? await joinedForward(state.arn, desired, context)
      : undefined;
    return updateListener(desired, state, { changes, action }, context);
  },

  delete: deleteListener,

  immutable: ["loadBalancerArn", "port", "transport"],
  dependsOn: [
    "load-balancer",
    "security-group-rule",
    "target-group",
    "requested-certificate",
    "validation-record",
  ],
  deletedWith: isDeletedWithLoadBalancer,
  alreadyExists: (error) => hasErrorCode(error, "DuplicateListener"),
  findOwned: ownedListeners,
  parentOwners: ({ name }) => [ownerOf.loadBalancer(name.slice(0, name.lastIndexOf(":")))],
};

const forwardTo = ({ targetGroupArn, standby = [] }: NetworkListenerDesired): Action =>
  forwardBy([{ arn: targetGroupArn, weight: 1 }, ...standby.map((arn) => ({ arn, weight: 0 }))]);

/** The action of a listener that gets another target group: as long as an old one of the owner's gets the connections, beside that. */
async function joinedForward(
  arn: string,
  desired: NetworkListenerDesired,
  context: AwsContext,
): Promise<Action> {
  const { Listeners } = await context.aws.elb.describeListeners({ ListenerArns: [arn] });
  const before = Listeners?.[0]?.DefaultActions ?? [];
  const weights = await joinedWeights(before, desired, context);
  return weights === undefined ? forwardTo(desired) : forwardBy(weights, before);
}

async function ownedListeners(owner: string, context: AwsContext): Promise<readonly Found<ListenerState>[]> {
  const owned = await taggedListeners(owner, "net", context);
  return owned.length > 0 ? owned : behindOwnedTargetGroups(owner, context);
}

/**
 * Finds the owner's listeners on endpoints whose tagging API does not return listeners or rules, through the load
 * balancers of its target groups.
 */
async function behindOwnedTargetGroups(
  owner: string,
  context: AwsContext,
): Promise<readonly Found<ListenerState>[]> {
  const rules = await ownedArns(context, owner, "elasticloadbalancing", "listener-rule/");
  if (rules.length > 0) return [];
  const groups = await ownedArns(context, owner, "elasticloadbalancing", "targetgroup/");
  const answers = await Promise.all(
    groups.map(({ arn }) => ignoreNotFound(context.aws.elb.describeTargetGroups({ TargetGroupArns: [arn] }))),
  );
  const balancers = new Set(
    answers.flatMap((answer) => answer?.TargetGroups ?? []).flatMap((group) => group.LoadBalancerArns ?? []),
  );
  return listenersOn([...balancers], owner, context, isNetworkListener);
}
