import type { Action, TargetGroupTuple } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LocalCloud } from "../../src/local/index.js";

/** Less than the load balancer takes between two checks of a target. */
const EVERY = 1_000;

/** Target groups by name. */
interface Whose {
  /** These with or without requests: what is kept to go back to. */
  readonly always?: readonly string[];
  /** Not these: versions that are meant to fail. */
  readonly never?: readonly string[];
}

export interface Watch {
  /** Moments at which a target group that had requests had fewer healthy targets than it should. */
  readonly gaps: readonly string[];
  stop(): void;
}

/**
 * Looks at every second of the cloud's time whether each target group that gets requests from the
 * deployment's rules has all of its `tasks` healthy.
 */
export function watchCapacity(
  cloud: LocalCloud,
  tasks: number,
  { always = [], never = [] }: Whose = {},
): Watch {
  const gaps: string[] = [];
  let stopped = false;
  const look = (): void => {
    if (stopped) return;
    for (const { actions, tags } of cloud.account.elb.rules.values()) {
      if (tags.get("quayside:kind") !== "listener-rule") continue;
      for (const { TargetGroupArn = "", Weight = 1 } of groupsOf(actions[0])) {
        const group = cloud.account.elb.targetGroups.get(TargetGroupArn);
        const name = group?.name ?? "";
        if (never.includes(name) || (Weight === 0 && !always.includes(name))) continue;
        const healthy = [...(group?.targets.values() ?? [])].filter(({ state }) => state === "healthy");
        if (healthy.length < tasks) {
          const at = new Date(cloud.clock.now()).toISOString();
          gaps.push(`${at} ${name}: weight ${Weight}, ${healthy.length} healthy`);
        }
      }
    }
    cloud.account.clock.schedule(EVERY, look, "background");
  };
  look();
  return {
    gaps,
    stop: () => {
      stopped = true;
    },
  };
}

const groupsOf = ({ ForwardConfig, TargetGroupArn }: Action = { Type: undefined }): TargetGroupTuple[] =>
  ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn }]);
