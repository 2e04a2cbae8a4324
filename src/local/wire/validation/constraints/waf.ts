import type { Constraints } from "../constraint.js";

/** Of AWS WAF. Source: its API reference. */
export const WAF_CONSTRAINTS: Constraints = {
  ResourceArn: { min: 20, max: 2048, pattern: ".*\\S.*" },
  WebACLArn: { min: 20, max: 2048, pattern: ".*\\S.*" },
};
