import type { ClusterInput, LoadBalancerInput } from "./input.js";

/** A cluster of which nothing is said but its name: what `.cluster(name)` means, and where a chain begins. */
export const defaultClusterInput = (name: unknown): ClusterInput => ({
  name,
  capacity: undefined,
  autoscale: undefined,
  network: undefined,
  tags: [],
  existing: false,
  cloud: undefined,
});

/** The same of a load balancer. */
export const defaultLoadBalancerInput = (name: unknown): LoadBalancerInput => ({
  name,
  http: [],
  https: [],
  internal: false,
  allow: undefined,
  securityGroup: undefined,
  network: undefined,
  tags: [],
  existing: false,
  cloud: undefined,
});
