import { aws } from "../aws/aws-cloud.js";
import type { Cloud } from "../aws/cloud.js";
import { formatValue } from "../spec/parsing/format-value.js";
import type { Issues } from "../spec/parsing/issues.js";

/** Returns the only cloud that was given, or AWS if none was. */
export function cloudOf(given: readonly unknown[], issues: Issues): Cloud {
  const clouds = new Set(given.filter((cloud) => cloud !== undefined));
  for (const cloud of clouds) {
    if (!isCloud(cloud)) {
      issues.add("on", `must be a cloud: aws({ region, … }) or localCloud(); got ${formatValue(cloud)}`);
    }
  }
  if (clouds.size > 1) {
    issues.add("on", "different clouds were given: pass the same cloud to every part, or pass it once");
  }
  const [cloud] = clouds;
  return cloud === undefined ? aws() : (cloud as Cloud);
}

const isCloud = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ["region", "ports", "clock", "address"].every((part) => part in value);
