import { aws } from "../aws/aws-cloud.js";
import type { Cloud } from "../aws/cloud.js";
import { formatValue } from "../spec/parsing/format-value.js";
import type { Issues } from "../spec/parsing/issues.js";

/** The one cloud that was given, wherever it was; AWS when none was. */
export function cloudOf(given: readonly unknown[], issues: Issues): Cloud {
  const clouds = new Set(given.filter((cloud) => cloud !== undefined));
  for (const cloud of clouds) {
    if (!isCloud(cloud)) {
      issues.add("on", `must be a cloud: aws({ region, … }) or localCloud(); got ${formatValue(cloud)}`);
    }
  }
  if (clouds.size > 1) {
    issues.add(
      "on",
      "several clouds are given, and all of this has to be in one: give the same to all, or say it once",
    );
  }
  const [cloud] = clouds;
  return cloud === undefined ? aws() : (cloud as Cloud);
}

const isCloud = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ["region", "ports", "clock", "address"].every((part) => part in value);
