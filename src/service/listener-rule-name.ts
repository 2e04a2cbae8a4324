/** The node name of an owner's rule on a listener: `conferenceAlb:80/talk-service`. */
export const listenerRuleName = (listener: string, owner: string): string =>
  `${listener}/${owner.slice(owner.indexOf("/") + 1)}`;

/** The load balancer in such a name; there is no colon in it. */
export const loadBalancerOf = (rule: string): string => rule.slice(0, rule.indexOf(":"));
