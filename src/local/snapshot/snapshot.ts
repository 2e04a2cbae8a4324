import type { Account } from "../core/account.js";
import { computeSnapshot } from "./compute.js";
import { containersSnapshot } from "./containers.js";
import { idNames } from "./id-names.js";
import { identitySnapshot } from "./identity.js";
import { imagesSnapshot } from "./images.js";
import { networkSnapshot } from "./network.js";
import { scalingSnapshot } from "./scaling.js";
import { schedulesSnapshot } from "./schedules.js";
import { trafficSnapshot } from "./traffic.js";

type Named = Readonly<Record<string, unknown>>;

/** Everything that exists in a local cloud, by kind and name. What is deleted, inactive or terminated is not there. */
export interface CloudState {
  readonly vpcs: Named;
  readonly securityGroups: Named;
  readonly networkInterfaces: readonly unknown[];
  readonly keyPairs: Named;
  readonly launchTemplates: Named;
  readonly instances: readonly unknown[];
  readonly roles: Named;
  /** Made by AWS, and left to it. */
  readonly serviceLinkedRoles: readonly string[];
  readonly instanceProfiles: Named;
  readonly autoScalingGroups: Named;
  readonly scalableTargets: Named;
  /** By `service/cluster/service/policy` and `group/policy`. */
  readonly scalingPolicies: Named;
  readonly scheduledActions: Named;
  readonly alarms: Named;
  readonly capacityProviders: Named;
  readonly logGroups: Named;
  /** ECR's, with their images: digest -> tags. */
  readonly repositories: Named;
  readonly clusters: Named;
  /** By `cluster/service`. */
  readonly services: Named;
  readonly tasks: readonly unknown[];
  /** By `family:revision`. */
  readonly taskDefinitions: Named;
  readonly loadBalancers: Named;
  readonly targetGroups: Named;
  /** By `load balancer:port`. */
  readonly listeners: Named;
  readonly rules: readonly unknown[];
  /** Without `default`, which every account has. */
  readonly scheduleGroups: Named;
  /** By `group/schedule`. */
  readonly schedules: Named;
}

/**
 * A copy as plain data. Things go by their names: random identifiers and times are left out, so that two
 * accounts that hold the same have the same snapshot.
 */
export function snapshot(account: Account): CloudState {
  const state = {
    ...networkSnapshot(account),
    ...computeSnapshot(account),
    ...identitySnapshot(account),
    ...containersSnapshot(account),
    ...imagesSnapshot(account),
    ...scalingSnapshot(account),
    ...trafficSnapshot(account),
    ...schedulesSnapshot(account),
  };
  return sorted(rename(state, idNames(account))) as CloudState;
}

function rename(state: unknown, names: ReadonlyMap<string, string>): unknown {
  let text = JSON.stringify(state);
  // Longest first: a listener's ARN is the beginning of its rules' ones.
  const ids = [...names.keys()].sort((one, other) => other.length - one.length);
  for (const id of ids) text = text.replaceAll(id, JSON.stringify(names.get(id)).slice(1, -1));
  return JSON.parse(text);
}

/** Lists whose order means nothing to AWS. */
const unordered: ReadonlySet<string> = new Set([
  "subnetIds",
  "groupIds",
  "securityGroupIds",
  "subnets",
  "securityGroups",
]);

/** Keys in order, and what has no order of its own, too: things without names, ids that are names only now. */
function sorted(value: unknown, key = "", depth = 0): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, "", depth + 1));
    if (depth > 1 && !unordered.has(key)) return items;
    return items.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item, name, depth + 1)]));
}
