import type { Tags } from "./kind.js";

/** The owner of a resource: `deployment/talk-service`, `cluster/conference-cluster`, `load-balancer/conferenceAlb`. */
export const OWNER_TAG = "quayside:owner";
export const KIND_TAG = "quayside:kind";
/** The hash of the part of the desired state that AWS does not report: it reveals changes there. */
export const HASH_TAG = "quayside:spec-hash";
/** Marks a resource that existed before quayside adopted it: it is kept up to date, and never deleted. */
export const ADOPTED_TAG = "quayside:adopted";

export const isOwnedBy = (tags: Tags, owner: string | undefined): boolean =>
  owner !== undefined && tags[OWNER_TAG] === owner;

export const isAdopted = (tags: Tags): boolean => tags[ADOPTED_TAG] === "true";
