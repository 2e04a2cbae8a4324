import type { LocalCloud } from "../../src/local/index.js";

const EVERY = 500;

export interface Watch {
  /** Moments at which a target group that had requests had fewer healthy targets than it should. */
  readonly gaps: readonly string[];
  stop(): void;
}

/**
 * Looks at every half second of the cloud's time whether each target group that gets requests from the
 * deployment's rules has all of its `tasks` healthy; and each of `kept`, by name, with or without requests.
 */
export function watchCapacity(cloud: LocalCloud, tasks: number, kept: readonly string[] = []): Watch {
  const gaps: string[] = [];
  let stopped = false;
  const look = (): void => {
    if (stopped) return;
    for (const { actions, tags } of cloud.world.elb.rules.values()) {
      if (tags.get("quayside:kind") !== "listener-rule") continue;
      for (const { TargetGroupArn = "", Weight = 1 } of actions[0]?.ForwardConfig?.TargetGroups ?? []) {
        const group = cloud.world.elb.targetGroups.get(TargetGroupArn);
        if (Weight === 0 && !kept.includes(group?.name ?? "")) continue;
        const healthy = [...(group?.targets.values() ?? [])].filter(({ state }) => state === "healthy");
        if (healthy.length < tasks) {
          const at = new Date(cloud.clock.now()).toISOString();
          gaps.push(`${at} ${group?.name}: weight ${Weight}, ${healthy.length} healthy`);
        }
      }
    }
    cloud.world.clock.schedule(EVERY, look, "background");
  };
  look();
  return {
    gaps,
    stop: () => {
      stopped = true;
    },
  };
}
