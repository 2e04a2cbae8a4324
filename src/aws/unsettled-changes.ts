import type { Clock } from "../engine/clock.js";
import type { AwsContext } from "./context.js";
import type { Cloud } from "./cloud.js";

/**
 * Milliseconds after which AWS shows what was changed: a new security group, service or cluster is not found for a
 * second or two ("Eventual consistency" in the guides of EC2 and ECS). The tagging API needs minutes: it is not relied on.
 */
const SETTLES = 10_000;

/** Clock -> when a run that had changed something failed: on a cloud, or on those whose requests AWS counts together. */
const failed = new WeakMap<Clock, Map<unknown, number>>();

type Place = Pick<Cloud, "clock" | "pace">;

const keyOf = (cloud: Place): unknown => cloud.pace ?? cloud;

/** Notes that a run has failed, or was aborted, after it had changed something. */
export function noteFailedRun(cloud: Place): void {
  const ofClock = failed.get(cloud.clock) ?? new Map<unknown, number>();
  failed.set(cloud.clock, ofClock.set(keyOf(cloud), cloud.clock.now()));
}

/** Waits until AWS shows what a failed run of this process has changed: the next run would take it for absent. */
export async function waitForFailedRun(cloud: Place, signal: AbortSignal): Promise<void> {
  const ofClock = failed.get(cloud.clock);
  const at = ofClock?.get(keyOf(cloud));
  if (at === undefined) return;
  const left = at + SETTLES - cloud.clock.now();
  if (left > 0) await cloud.clock.sleep(left, signal);
  if (ofClock?.get(keyOf(cloud)) === at) ofClock.delete(keyOf(cloud));
}

/**
 * Waits until AWS shows what others had changed before this run began. Returns true if it has not waited: what the run
 * has asked is then still known.
 */
export async function waitUntilSettled({ clock, startedAt, signal }: AwsContext): Promise<boolean> {
  const left = startedAt + SETTLES - clock.now();
  if (left <= 0) return true;
  await clock.sleep(left, signal);
  return false;
}
