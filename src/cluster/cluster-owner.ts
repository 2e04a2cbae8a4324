import type { ClusterSpec } from "../spec/deployment-spec.js";

/** As in the tag `quayside:owner`. */
export const clusterOwner = (spec: Pick<ClusterSpec, "name">): string => `cluster/${spec.name}`;

export const isClusterOwner = (owner: string): boolean => owner.startsWith("cluster/");
