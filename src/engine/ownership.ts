import type { Tags } from "./kind.js";

/** Who owns it: `deployment/talk-service`, `cluster/conference-cluster`, `load-balancer/conferenceAlb`. */
export const OWNER_TAG = "quayside:owner";
export const KIND_TAG = "quayside:kind";
/** Hash of what the cloud does not report of the desired state: finds changes there. */
export const HASH_TAG = "quayside:spec-hash";
/** It existed before quayside took it over: used and kept up to date, never deleted. */
export const ADOPTED_TAG = "quayside:adopted";

export const isOwnedBy = (tags: Tags, owner: string | undefined): boolean =>
  owner !== undefined && tags[OWNER_TAG] === owner;

export const isAdopted = (tags: Tags): boolean => tags[ADOPTED_TAG] === "true";
