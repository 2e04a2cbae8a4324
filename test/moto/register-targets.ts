import { setTimeout as pause } from "node:timers/promises";
import type { RawClients } from "./raw-clients.js";

const OWN = /^talk-service-ip-(blue|green)$/;

/** Plays ECS: moto starts no tasks, so nobody else registers targets. */
export function registerTargets(raw: RawClients): { stop(): Promise<void> } {
  const ended = new AbortController();
  const running = register(raw, ended.signal);
  return {
    stop: async () => {
      ended.abort();
      await running;
    },
  };
}

async function register(raw: RawClients, signal: AbortSignal): Promise<void> {
  const known = new Set<string>();
  while (!signal.aborted) {
    const { TargetGroups = [] } = await raw.elb.describeTargetGroups({});
    for (const { TargetGroupArn = "", TargetGroupName = "" } of TargetGroups) {
      if (!OWN.test(TargetGroupName) || known.has(TargetGroupArn)) continue;
      known.add(TargetGroupArn);
      const Targets = [{ Id: "10.0.0.1" }, { Id: "10.0.0.2" }];
      await raw.elb.registerTargets({ TargetGroupArn, Targets });
    }
    await pause(50, undefined, { signal }).catch(() => {});
  }
}
