import type { ClusterInput, LoadBalancerInput, NetworkInput, NetworkLoadBalancerInput } from "./input.js";

/** The input for a cluster that is given by name only: for `.cluster(name)`, and for a new chain. */
export const defaultClusterInput = (name: unknown): ClusterInput => ({
  name,
  capacity: undefined,
  autoscale: undefined,
  insights: undefined,
  network: undefined,
  tags: [],
  overrides: [],
  existing: false,
  cloud: undefined,
});

/** A load balancer of either type that is not described further. */
const UNDESCRIBED = {
  internal: false,
  allow: undefined,
  securityGroup: undefined,
  network: undefined,
  tags: [],
  overrides: [],
  existing: false,
  cloud: undefined,
} as const;

/** The input for a load balancer that is given by name only: for `.behindAlb(name)`, and for a new chain. */
export const defaultLoadBalancerInput = (name: unknown): LoadBalancerInput => ({
  name,
  http: [],
  https: [],
  ...UNDESCRIBED,
});

/** The input of a new Network Load Balancer. */
export const defaultNetworkLoadBalancerInput = (name: unknown): NetworkLoadBalancerInput => ({
  name,
  listeners: [],
  addresses: undefined,
  ...UNDESCRIBED,
});

/** The input of a new network. */
export const defaultNetworkInput = (name: unknown): NetworkInput => ({
  name,
  zones: undefined,
  nat: undefined,
  cidr: undefined,
  endpoints: [],
  tags: [],
  overrides: [],
  existing: undefined,
  cloud: undefined,
});
