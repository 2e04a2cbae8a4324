import type { Account } from "../../../core/account.js";
import { remainingOf } from "../clusters/container-instance-resources.js";
import type { TaskRecord } from "../state.js";

/** Amazon Linux's ephemeral range, from which dynamic host ports are allocated. */
const first = 32768;
const last = 60999;

export function freeHostPort(account: Account, { clusterName, description }: TaskRecord): number {
  const cluster = account.ecs.clusters.get(clusterName);
  const instance = cluster?.containerInstances.get(description.containerInstanceArn ?? "");
  const taken = cluster && instance ? remainingOf(cluster, instance).ports : [];
  let port = first + Math.floor(account.random() * (last - first + 1));
  while (taken.some((each) => each.startsWith(`${port}/`))) port = port === last ? first : port + 1;
  return port;
}
