import type { ClusterSpec } from "../spec/deployment-spec.js";

/** As in the tag `quayside:owner`. */
export const clusterOwner = (spec: Pick<ClusterSpec, "name">): string => `cluster/${spec.name}`;
