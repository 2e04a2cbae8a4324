import type { Action, Listener } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancerArn, loadBalancerName } from "../aws/arn.js";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { isDeletedWithLoadBalancer } from "./deleted-with.js";
import { listenersOf } from "./elb-pages.js";
import {
  addCertificates,
  checkListenerCertificate,
  keepFormerDefault,
  listenerEndpoint,
  presentCertificates,
  type CertificatesDesired,
} from "./listener-certificates.js";
import { elbTags } from "./elb-tags.js";
import { noteLoadBalancer } from "./note-load-balancer.js";
import { listenerUsers } from "./rules/listener-users.js";

export interface ListenerDesired extends Tagged, CertificatesDesired {
  readonly protocol: "HTTP" | "HTTPS";
  /**
   * The HTTPS port to which it redirects every request; `undefined`: its rules decide, with 404 if none
   * matches.
   */
  readonly redirectTo?: number | undefined;
}

export interface ListenerState {
  readonly arn: string;
}

/**
 * A listener. Its default action (404 if no rule matches) is set at creation; the default action of an
 * adopted one is left alone.
 */
export const listenerKind: Kind<ListenerDesired, ListenerState, AwsContext> = {
  kind: "listener",
  unknown: { arn: UNKNOWN },

  async read(desired, context) {
    const { loadBalancerArn, port } = desired;
    if (isUnknown(loadBalancerArn)) return undefined;
    const found = (await listenersOf(loadBalancerArn, context)).find((listener) => listener.Port === port);
    if (found?.ListenerArn === undefined) return undefined;
    return {
      state: { arn: found.ListenerArn },
      current: {
        loadBalancerArn,
        port,
        protocol: found.Protocol,
        ...(await presentCertificates(found, desired, context)),
        redirectTo: redirectOf(found.DefaultActions ?? []),
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
      DefaultActions: [defaultAction(desired.redirectTo)],
      ...(Object.keys(tags).length > 0 && { Tags: toTagList(tags) }),
    });
    const arn = Listeners?.[0]?.ListenerArn ?? "";
    await addCertificates(arn, desired.additionalCertificates ?? [], context);
    return { arn };
  },

  async update(desired, { state, current }, changes, context) {
    const { elb } = context.aws;
    const tags = changedTags(desired, changes);
    const moved = hasChanges(changes, "protocol", "certificateArn");
    const redirected = hasChanges(changes, "redirectTo");
    if (hasChanges(changes, "certificateArn") && desired.certificateArn !== undefined)
      await keepFormerDefault(state.arn, current.certificateArn, context);
    if (moved || redirected) {
      await elb.modifyListener({
        ListenerArn: state.arn,
        ...(moved && listenerEndpoint(desired)),
        ...(redirected && { DefaultActions: [defaultAction(desired.redirectTo)] }),
      });
    }
    if (hasChanges(changes, "additionalCertificates"))
      await addCertificates(state.arn, desired.additionalCertificates ?? [], context);
    if (tags !== undefined) await elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) });
    return state;
  },

  async delete({ arn }, context) {
    await ignoreNotFound(context.aws.elb.deleteListener({ ListenerArn: arn }));
  },

  immutable: ["loadBalancerArn", "port"],
  dependsOn: ["load-balancer", "security-group-rule", "requested-certificate"],
  deletedWith: isDeletedWithLoadBalancer,
  alreadyExists: (error) => hasErrorCode(error, "DuplicateListener"),

  async findOwned(owner, context) {
    await noteLoadBalancer(owner, context);
    const owned = await ownedArns(context, owner, "elasticloadbalancing", "listener/app/");
    const found = await Promise.all(
      owned.map(async ({ arn, tags }) => {
        const listeners = await listenersOf(loadBalancerArn(arn), context);
        return listeners
          .filter(({ ListenerArn }) => ListenerArn === arn)
          .map((listener) => foundAs(listener, loadBalancerName(arn), tags));
      }),
    );
    return owned.length > 0 ? found.flat() : onOwnedLoadBalancers(owner, context);
  },

  usedBy: ({ name, state: { arn } }, leaving, context) => listenerUsers({ arn, name }, leaving, context),
};

function defaultAction(redirectTo: number | undefined): Action {
  if (redirectTo === undefined) {
    return {
      Type: "fixed-response",
      FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "Not found" },
    };
  }
  return {
    Type: "redirect",
    RedirectConfig: { Protocol: "HTTPS", Port: String(redirectTo), StatusCode: "HTTP_301" },
  };
}

/** The HTTPS port that it redirects to; redirects of other kinds are not compared. */
function redirectOf(actions: readonly Action[]): number | undefined {
  const config = actions.find(({ Type }) => Type === "redirect")?.RedirectConfig;
  return config?.Protocol === "HTTPS" ? Number(config.Port) : undefined;
}

/** Finds the owner's listeners on endpoints whose tagging API does not return listeners. */
async function onOwnedLoadBalancers(owner: string, context: AwsContext): Promise<Found<ListenerState>[]> {
  const balancers = await ownedArns(context, owner, "elasticloadbalancing", "loadbalancer/app/");
  const found = await Promise.all(
    balancers.map(async ({ arn }) => {
      const listeners = await listenersOf(arn, context);
      const tags = await elbTags(
        listeners.flatMap(({ ListenerArn }) => ListenerArn ?? []),
        context,
      );
      return listeners
        .map((listener) =>
          foundAs(listener, loadBalancerName(arn), tags.get(listener.ListenerArn ?? "") ?? {}),
        )
        .filter((listener) => listener.tags[OWNER_TAG] === owner);
    }),
  );
  return found.flat();
}

const foundAs = (
  { ListenerArn = "", Port = 0 }: Listener,
  loadBalancer: string,
  tags: Found<ListenerState>["tags"],
): Found<ListenerState> => ({ name: listenerName(loadBalancer, Port), state: { arn: ListenerArn }, tags });
/** The node name of a listener: `conferenceAlb:80`. */
export const listenerName = (loadBalancer: string, port: number): string => `${loadBalancer}:${port}`;
