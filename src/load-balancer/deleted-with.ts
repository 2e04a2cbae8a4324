import { isOfLoadBalancer, listenerArn } from "../aws/arn.js";
import type { Parent } from "../engine/kind.js";

interface Named {
  readonly state: { readonly arn: string };
}

const arnOf = ({ state }: Parent): string => (state as { readonly arn: string }).arn;

/** "Deleting a load balancer also deletes its listeners." */
export const isDeletedWithLoadBalancer = ({ state: { arn } }: Named, parent: Parent): boolean =>
  parent.kind === "load-balancer" && isOfLoadBalancer(arn, arnOf(parent));

/** A rule is deleted with its listener, and that with its load balancer. */
export const isDeletedWithListener = (rule: Named, parent: Parent): boolean =>
  isDeletedWithLoadBalancer(rule, parent) ||
  (parent.kind === "listener" && listenerArn(rule.state.arn) === arnOf(parent));
