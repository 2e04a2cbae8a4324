import { existsSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Account } from "../../../core/account.js";
import { canConnect } from "../../ec2/admits.js";
import { addressesIn } from "../../service-discovery/records.js";
import { addressOf, peerOf, taskId } from "../connect/task-address.js";
import type { TaskRecord } from "../state.js";

/*
 * A process of this computer has neither the resolver of a VPC nor a route to its addresses. Each has a file instead, which
 * says where private names and addresses lead at this moment, as its VPC and the security groups have it.
 */

/** Host name or address -> port -> the ports of this computer at which tasks listen. */
type Names = Record<string, Record<string, number[]>>;

/** The file of a task; `undefined` while its VPC has no private namespace. */
export function namesFile(account: Account, task: TaskRecord): string | undefined {
  const vpcId = peerOf(account, task)?.vpcId;
  const zones = [...account.serviceDiscovery.namespaces.values()].flatMap(
    ({ hostedZoneId }) => account.route53.zones.get(hostedZoneId ?? "") ?? [],
  );
  if (!zones.some(({ vpcs }) => vpcs.some(({ id }) => id === vpcId))) return undefined;
  task.namesFile ??= join(account.volumes.ofTask(taskId(task), "names"), "names.json");
  writeNames(account, task);
  return task.namesFile;
}

/** Writes the files of all tasks anew: instances have come or gone, or security groups let others in. */
export function renewNames(account: Account): void {
  for (const { tasks } of account.ecs.clusters.values())
    for (const task of tasks.values())
      if (task.namesFile !== undefined && task.description.lastStatus !== "STOPPED")
        writeNames(account, task);
}

function writeNames(account: Account, task: TaskRecord): void {
  const { namesFile: file = "" } = task;
  // It is deleted with the task, and with the cloud.
  if (!existsSync(dirname(file))) return;
  writeFileSync(`${file}.new`, JSON.stringify(namesOf(account, task)));
  renameSync(`${file}.new`, file);
}

function namesOf(account: Account, client: TaskRecord): Names {
  const from = peerOf(account, client);
  const names: Names = {};
  if (from === undefined) return names;
  const tasks = new Map(
    [...account.ecs.clusters.values()].flatMap((cluster) =>
      [...cluster.tasks.values()].map((task) => [taskId(task), task] as const),
    ),
  );
  for (const { hostname, instances } of addressesIn(account, from.vpcId))
    for (const id of instances) {
      const task = tasks.get(id);
      const to = task && peerOf(account, task);
      if (task === undefined || to === undefined) continue;
      for (const [port, real] of task.realPorts)
        if (canConnect(account, from, to, port))
          for (const host of [hostname, addressOf(account, task) ?? hostname]) {
            const ports = ((names[host] ??= {})[port] ??= []);
            if (!ports.includes(real)) ports.push(real);
          }
    }
  return names;
}
