import type { Tags } from "../../engine/kind.js";

/** The tag on further rules of a route that needs several: its value tells them apart. */
export const PART_TAG = "quayside:part";

/** How the tag of a rule begins that forwards to another container or port than the main one. */
export const FURTHER_ROUTE = "route-";

/** The node name of an owner's rule on a listener: `conferenceAlb:80/talk-service`, further ones `…/1f0c3a9e`. */
export function listenerRuleName(listener: string, owner: string, { [PART_TAG]: part }: Tags = {}): string {
  const name = `${listener}/${owner.slice(owner.indexOf("/") + 1)}`;
  return part === undefined ? name : `${name}/${part}`;
}

/** The name of a release's own rule beside it, such as a preview: there may be several. */
export const releaseRuleName = (rule: string, priority: number): string => `${rule}:${priority}`;

/** The load balancer in such a name; load balancers' names have no colon. */
export const loadBalancerOf = (rule: string): string => rule.slice(0, rule.indexOf(":"));

/** The part of the name that all rules of one owner on one listener share. */
export const routeNameOf = (rule: string): string => rule.split("/").slice(0, 2).join("/");
