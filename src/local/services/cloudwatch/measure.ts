import type { Account } from "../../core/account.js";

/*
 * Measures real processes and real requests. The cloud's clock does not accelerate them, so the rates are
 * those of the computer's own time.
 */

const UNITS_OF_A_CPU = 1024;

/** Reads what every process has used, and what every target group has received, since the last reading. */
export function measure(account: Account): void {
  const { cpu, requests } = account.cloudWatch.measured;
  const at = performance.now() / 1000;
  const running = new Set<string>();
  for (const cluster of account.ecs.clusters.values()) {
    for (const [arn, task] of cluster.tasks) {
      const each = [...task.running.values()].flatMap((running) => running.cpuSeconds?.() ?? []);
      const seconds = each.length === 0 ? undefined : each.reduce((sum, value) => sum + value, 0);
      if (seconds === undefined || task.description.lastStatus === "STOPPED") continue;
      running.add(arn);
      const last = cpu.get(arn);
      const used = last === undefined ? 0 : (seconds - last.seconds) / Math.max(0.001, at - last.at);
      cpu.set(arn, { seconds, at, units: used * UNITS_OF_A_CPU });
    }
  }
  for (const arn of cpu.keys()) if (!running.has(arn)) cpu.delete(arn);
  for (const arn of account.elb.targetGroups.keys()) {
    const count = account.traffic.requestCount?.(arn);
    if (count === undefined) continue;
    const last = requests.get(arn);
    const rate = last === undefined ? 0 : ((count - last.count) / Math.max(0.001, at - last.at)) * 60;
    requests.set(arn, { count, at, rate });
  }
}
