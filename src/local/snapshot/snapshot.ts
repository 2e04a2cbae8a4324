import type { Account } from "../core/account.js";
import type { CloudState } from "./cloud-state.js";
import { computeSnapshot } from "./compute.js";
import { containersSnapshot } from "./containers.js";
import { domainsSnapshot } from "./domains.js";
import { idNames } from "./id-names.js";
import { identitySnapshot } from "./identity.js";
import { imagesSnapshot } from "./images.js";
import { networkSnapshot } from "./network.js";
import { scalingSnapshot } from "./scaling.js";
import { schedulesSnapshot } from "./schedules.js";
import { trafficSnapshot } from "./traffic.js";

/**
 * A copy of the account as plain data. Resources are identified by name; random identifiers and times are left
 * out, so that two accounts with the same content have the same snapshot.
 */
export function snapshot(account: Account): CloudState {
  const state: CloudState = {
    ...networkSnapshot(account),
    ...computeSnapshot(account),
    ...identitySnapshot(account),
    ...containersSnapshot(account),
    ...imagesSnapshot(account),
    ...scalingSnapshot(account),
    ...trafficSnapshot(account),
    ...schedulesSnapshot(account),
    ...domainsSnapshot(account),
  };
  return sorted(rename(state, idNames(account))) as CloudState;
}

function rename(state: unknown, names: ReadonlyMap<string, string>): unknown {
  let text = JSON.stringify(state);
  // Longest first: a listener's ARN is a prefix of its rules' ARNs.
  const ids = [...names.keys()].sort((one, other) => other.length - one.length);
  for (const id of ids) text = text.replaceAll(id, JSON.stringify(names.get(id)).slice(1, -1));
  return JSON.parse(text);
}

/** Lists whose order has no meaning to AWS. */
const unordered: ReadonlySet<string> = new Set([
  "subnetIds",
  "groupIds",
  "securityGroupIds",
  "subnets",
  "securityGroups",
]);

/**
 * Sorts keys, and lists whose order has no meaning: resources without names, and ids that were replaced by
 * names.
 */
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
