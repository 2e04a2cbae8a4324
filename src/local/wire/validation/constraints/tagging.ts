import type { Constraints } from "../constraint.js";

/** Of the Resource Groups Tagging API. Source: its API reference. */
export const TAGGING_CONSTRAINTS: Constraints = {
  Key: { min: 1, max: 128 },
  PaginationToken: { max: 2048 },
  ResourceARNList: { min: 1, max: 100 },
  "ResourceARNList[]": { min: 1, max: 1011 },
  "ResourceTypeFilters[]": { max: 256 },
  TagFilters: { max: 50 },
  Values: { max: 20 },
  "Values[]": { max: 256 },
};
