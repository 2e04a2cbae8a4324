import type { Action, Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerArn, loadBalancerName } from "../aws/arn.js";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { ownerOf } from "../aws/owner.js";
import { OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Found, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { isDeletedWithLoadBalancer } from "./deleted-with.js";
import { listenersOf } from "./elb-pages.js";
import { elbTags } from "./elb-tags.js";
import {
  addCertificates,
  checkListenerCertificate,
  listenerEndpoint,
  presentCertificates,
  type CertificatesDesired,
} from "./listener-certificates.js";
import { isNetworkListener } from "./network-listener-users.js";
import { listenerKind, listenerName, type ListenerState } from "./listener.js";
import { forwardBy, joinedWeights, weightsOf } from "./rules/rule-weights.js";

export interface NetworkListenerDesired extends Tagged, CertificatesDesired {
  readonly protocol: "TCP" | "TLS" | "UDP";
  /** A listener changes between TCP and TLS in place, and not to UDP, whose target groups are others. */
  readonly transport: "tcp" | "udp";
  /**
   * It may also forward to others, by weight; this is kept as long as this target group is among them.
   */
  readonly targetGroupArn: string;
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
      },
      tags: (await elbTags([found.ListenerArn], context)).get(found.ListenerArn) ?? {},
    };
  },

  preflight: checkListenerCertificate,

  async create({ tags, ...desired }, context) {
    const { Listeners } = await context.aws.elb.createListener({
      LoadBalancerArn: desired.loadBalancerArn,
      Port: desired.port,
      ...listenerEndpoint(desired),
      DefaultActions: [forwardTo(desired.targetGroupArn)],
      ...(Object.keys(tags).length > 0 && { Tags: toTagList(tags) }),
    });
    const arn = Listeners?.[0]?.ListenerArn ?? "";
    await addCertificates(arn, desired.additionalCertificates ?? [], context);
    return { arn };
  },

  async update(desired, { state }, changes, context) {
    const { elb } = context.aws;
    const tags = changedTags(desired, changes);
    const moved = hasChanges(changes, "protocol", "certificateArn");
    const retargeted = hasChanges(changes, "targetGroupArn");
    if (moved || retargeted)
      await elb.modifyListener({
        ListenerArn: state.arn,
        ...(moved && listenerEndpoint(desired)),
        ...(retargeted && { DefaultActions: [await joinedForward(state.arn, desired, context)] }),
      });
    if (hasChanges(changes, "additionalCertificates"))
      await addCertificates(state.arn, desired.additionalCertificates ?? [], context);
    if (tags !== undefined) await elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) });
    return state;
  },

  async delete({ arn }, context) {
    await ignoreNotFound(context.aws.elb.deleteListener({ ListenerArn: arn }));
  },

  immutable: ["loadBalancerArn", "port", "transport"],
  dependsOn: ["load-balancer", "security-group-rule", "target-group", "requested-certificate"],
  deletedWith: isDeletedWithLoadBalancer,
  alreadyExists: (error) => hasErrorCode(error, "DuplicateListener"),
  findOwned: ownedListeners,
  parentOwners: ({ name }) => [ownerOf.loadBalancer(name.slice(0, name.lastIndexOf(":")))],
};

const forwardTo = (targetGroupArn: string): Action => forwardBy([{ arn: targetGroupArn, weight: 1 }]);

/** The action of a listener that gets another target group: as long as an old one of the owner's gets the connections, beside that. */
async function joinedForward(
  arn: string,
  desired: NetworkListenerDesired,
  context: AwsContext,
): Promise<Action> {
  const { Listeners } = await context.aws.elb.describeListeners({ ListenerArns: [arn] });
  const before = Listeners?.[0]?.DefaultActions ?? [];
  const weights = await joinedWeights(before, desired, context);
  return weights === undefined ? forwardTo(desired.targetGroupArn) : forwardBy(weights, before);
}

async function ownedListeners(owner: string, context: AwsContext): Promise<readonly Found<ListenerState>[]> {
  const owned = await ownedArns(context, owner, "elasticloadbalancing", "listener/net/");
  if (owned.length === 0) return behindOwnedTargetGroups(owner, context);
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

/**
 * Finds the owner's listeners on endpoints whose tagging API does not return listeners or rules, through the load
 * balancers of its target groups.
 */
async function behindOwnedTargetGroups(owner: string, context: AwsContext): Promise<Found<ListenerState>[]> {
  const rules = await ownedArns(context, owner, "elasticloadbalancing", "listener-rule/");
  if (rules.length > 0) return [];
  const groups = await ownedArns(context, owner, "elasticloadbalancing", "targetgroup/");
  const answers = await Promise.all(
    groups.map(({ arn }) => ignoreNotFound(context.aws.elb.describeTargetGroups({ TargetGroupArns: [arn] }))),
  );
  const balancers = new Set(
    answers.flatMap((answer) => answer?.TargetGroups ?? []).flatMap((group) => group.LoadBalancerArns ?? []),
  );
  const found = await Promise.all(
    [...balancers].map(async (balancer) => {
      const listeners = (await listenersOf(balancer, context)).filter(isNetworkListener);
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
  tags: Tags,
): Found<ListenerState> => ({ name: listenerName(loadBalancer, Port), state: { arn: ListenerArn }, tags });
