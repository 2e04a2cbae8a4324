import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ownedArns } from "../aws/owned-arns.js";
import { hasChanges } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { isDeletedWithLoadBalancer } from "./deleted-with.js";
import { listenersOf } from "./elb-pages.js";
import {
  checkListenerCertificate,
  keepFormerDefault,
  presentCertificates,
  type CertificatesDesired,
} from "./listener-certificates.js";
import { elbTags } from "./elb-tags.js";
import { listenersOn, taggedListeners, type ListenerState } from "./owned-listeners.js";
import { createListener, deleteListener, updateListener } from "./write-listener.js";
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

  create: (desired, context) => createListener(desired, defaultAction(desired.redirectTo), context),

  async update(desired, { state, current }, changes, context) {
    if (hasChanges(changes, "certificateArn") && desired.certificateArn !== undefined)
      await keepFormerDefault(state.arn, current.certificateArn, context);
    const action = hasChanges(changes, "redirectTo") ? defaultAction(desired.redirectTo) : undefined;
    return updateListener(desired, state, { changes, action }, context);
  },

  delete: deleteListener,

  immutable: ["loadBalancerArn", "port"],
  dependsOn: ["load-balancer", "security-group-rule", "requested-certificate", "validation-record"],
  deletedWith: isDeletedWithLoadBalancer,
  alreadyExists: (error) => hasErrorCode(error, "DuplicateListener"),

  async findOwned(owner, context) {
    await noteLoadBalancer(owner, context);
    const owned = await taggedListeners(owner, "app", context);
    if (owned.length > 0) return owned;
    // Endpoints whose tagging API does not return listeners.
    const balancers = await ownedArns(context, owner, "elasticloadbalancing", "loadbalancer/app/");
    return listenersOn(
      balancers.map(({ arn }) => arn),
      owner,
      context,
    );
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
