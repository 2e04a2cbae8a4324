import { frozenCopy, isPlainObject } from "../spec/parsing/frozen-copy.js";
import type { ClusterInput, DeploymentInput, LoadBalancerInput, RouteInput } from "../spec/input.js";

/*
 * Where a cluster, a load balancer and a deployment keep what their chains have assembled. The symbols are
 * registered, so that a deployment of the CJS build understands a cluster of the ESM one.
 */
export const CLUSTER_INPUT: unique symbol = Symbol.for("quayside:cluster-input");
export const LOAD_BALANCER_INPUT: unique symbol = Symbol.for("quayside:load-balancer-input");

export const DEPLOYMENT_INPUT: unique symbol = Symbol.for("quayside:deployment-input");

export function clusterInput(cluster: unknown): NonNullable<DeploymentInput["cluster"]> {
  return isObject(cluster) && CLUSTER_INPUT in cluster
    ? { described: cluster[CLUSTER_INPUT] as ClusterInput }
    : { named: cluster };
}

/** `behindAlb(options?)`, `behindAlb(name, options?)` and `behindAlb(loadBalancer, options?)`. */
export function routeInput(first: unknown, second: unknown): RouteInput {
  if (isObject(first) && LOAD_BALANCER_INPUT in first) {
    return {
      loadBalancer: { described: first[LOAD_BALANCER_INPUT] as LoadBalancerInput },
      options: frozenCopy(second),
    };
  }
  if (isPlainObject(first) && second === undefined) {
    return { loadBalancer: { named: undefined }, options: frozenCopy(first) };
  }
  return { loadBalancer: { named: first }, options: frozenCopy(second) };
}

/** `logs(options?)` and `logs(group, options?)`. */
export function logsInput(first: unknown, second: unknown): NonNullable<DeploymentInput["logs"]> {
  if (isPlainObject(first) && second === undefined) return { group: undefined, options: frozenCopy(first) };
  return { group: first, options: frozenCopy(second) };
}

const isObject = (value: unknown): value is Record<symbol, unknown> =>
  typeof value === "object" && value !== null;
