import type { Tags } from "../../engine/kind.js";

/** On further rules of a route that takes several: which of them it is. */
export const PART_TAG = "quayside:part";

/** The node name of an owner's rule on a listener: `conferenceAlb:80/talk-service`, further ones `…/1f0c3a9e`. */
export function listenerRuleName(listener: string, owner: string, { [PART_TAG]: part }: Tags = {}): string {
  const name = `${listener}/${owner.slice(owner.indexOf("/") + 1)}`;
  return part === undefined ? name : `${name}/${part}`;
}

/** The load balancer in such a name; there is no colon in it. */
export const loadBalancerOf = (rule: string): string => rule.slice(0, rule.indexOf(":"));

/** The same for all rules of one owner on one listener. */
export const routeNameOf = (rule: string): string => rule.split("/").slice(0, 2).join("/");
