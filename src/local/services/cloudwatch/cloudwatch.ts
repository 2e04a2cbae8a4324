import type { CloudWatchPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { createAlarms } from "./alarms.js";
import { evaluate } from "./evaluate.js";
import { measure } from "./measure.js";

const MINUTE = 60_000;

/** CloudWatch: alarms, which look at their metrics once a minute. */
export function createCloudWatch(world: World): CloudWatchPort {
  keepMinutes(world);
  return createAlarms(world);
}

/**
 * The minutes pass as long as one may bring something new: on the virtual clock a cloud in which nothing
 * changes has nothing scheduled. What real processes do can change at any time.
 */
function keepMinutes(world: World): void {
  let isAwake = false;
  const wake = (): void => {
    const hasSomebody =
      world.cloudWatch.alarms.size > 0 || world.hooks.minute.some(({ isNeeded }) => isNeeded());
    if (isAwake || !hasSomebody) return;
    isAwake = true;
    world.clock.schedule(MINUTE, minute);
  };
  const minute = (): void => {
    if (world.isReal) measure(world);
    const alarms = [...world.cloudWatch.alarms.values()].map((alarm) => evaluate(world, alarm));
    const others = world.hooks.minute.map(({ pass }) => pass());
    isAwake = false;
    if (world.isReal || [...alarms, ...others].includes(true)) wake();
  };
  world.hooks.changed.push(wake);
}
