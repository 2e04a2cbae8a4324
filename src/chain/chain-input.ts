import { frozenCopy, isPlainObject } from "../spec/parsing/frozen-copy.js";
import type {
  ClusterInput,
  DeploymentInput,
  LoadBalancerInput,
  NetworkInput,
  NetworkLoadBalancerInput,
  NetworkRouteInput,
  NetworkUseInput,
  RouteInput,
} from "../spec/input.js";

/*
 * The properties with a chain's input. The symbols are registered globally, so that a deployment of the CJS
 * build accepts a cluster of the ESM build.
 */
export const CLUSTER_INPUT: unique symbol = Symbol.for("quayside:cluster-input");
export const LOAD_BALANCER_INPUT: unique symbol = Symbol.for("quayside:load-balancer-input");

export const NETWORK_LOAD_BALANCER_INPUT: unique symbol = Symbol.for("quayside:network-load-balancer-input");

export const NETWORK_INPUT: unique symbol = Symbol.for("quayside:network-input");

export const DEPLOYMENT_INPUT: unique symbol = Symbol.for("quayside:deployment-input");

export function clusterInput(cluster: unknown): NonNullable<DeploymentInput["cluster"]> {
  return isObject(cluster) && CLUSTER_INPUT in cluster
    ? { described: cluster[CLUSTER_INPUT] as ClusterInput }
    : { named: cluster };
}

/** Handles `network(options)` and `network(network)`. */
export const networkInput = (given: unknown): NetworkUseInput =>
  isObject(given) && NETWORK_INPUT in given
    ? { described: given[NETWORK_INPUT] as NetworkInput }
    : { options: frozenCopy(given) };

/** Handles `behindAlb(options?)`, `behindAlb(name, options?)` and `behindAlb(loadBalancer, options?)`. */
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

/** Handles `behindNlb(loadBalancer, options?)`. */
export const networkRouteInput = (balancer: unknown, options: unknown): NetworkRouteInput => ({
  loadBalancer:
    isObject(balancer) && NETWORK_LOAD_BALANCER_INPUT in balancer
      ? { described: balancer[NETWORK_LOAD_BALANCER_INPUT] as NetworkLoadBalancerInput }
      : undefined,
  options: frozenCopy(options),
});

/** Handles `logs(options?)` and `logs(group, options?)`. */
export function logsInput(first: unknown, second: unknown): NonNullable<DeploymentInput["logs"]> {
  if (isPlainObject(first) && second === undefined) return { group: undefined, options: frozenCopy(first) };
  return { group: first, options: frozenCopy(second) };
}

const isObject = (value: unknown): value is Record<symbol, unknown> =>
  typeof value === "object" && value !== null;
