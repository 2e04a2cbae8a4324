import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { ServiceScalingSpec } from "./scaling/autoscale.js";

/**
 * The limits for the number of running tasks during a rolling update, in percent of the desired count. Limits
 * that prevent a rollout, with the desired count or as few tasks as `.autoscale()` allows, are refused.
 */
export interface RollingOptions {
  /** The lower limit, 0 to 100; ECS rounds the number of tasks up. @defaultValue 100 */
  readonly minHealthyPercent?: number | undefined;
  /** The upper limit, 100 to 200; ECS rounds the number of tasks down. @defaultValue 200 */
  readonly maxPercent?: number | undefined;
}

export function parseRolling(value: unknown, desired: number, issues: Issues): RollingLimits {
  const before = issues.list.length;
  const options = new OptionsReader<RollingOptions>(value, "service.rolling", issues);
  const minHealthyPercent = options.integer("minHealthyPercent", { min: 0, max: 100 }) ?? 100;
  const maxPercent = options.integer("maxPercent", { min: 100, max: 200 }) ?? 200;
  options.close();
  const limits = { minHealthyPercent, maxPercent };
  if (issues.list.length === before && isStuck(desired, limits))
    issues.add("service.rolling", `prevents any rollout: ${stuckWith(desired, limits)}: ${HOW}`);
  return limits;
}

/** Reports limits that prevent a rollout while the service has as few tasks as its scaling allows. */
export function checkScaledRolling(
  limits: RollingLimits,
  scaling: ServiceScalingSpec | undefined,
  issues: Issues,
): void {
  if (scaling === undefined || issues.list.some(({ path }) => path.startsWith("service.rolling"))) return;
  const minimums = [
    { path: "autoscale.min", min: scaling.min },
    ...scaling.schedule.map(({ min }, index) => ({ path: `autoscale.schedule.${index}.min`, min })),
  ].flatMap(({ path, min }) => (min === undefined ? [] : [{ path, min }]));
  // A service without tasks has nothing to replace; it may have one task at any time.
  const [lowest] = minimums.sort((one, other) => one.min - other.min);
  const count = Math.max(1, lowest!.min);
  if (!isStuck(count, limits)) return;
  issues.add(
    "service.rolling",
    `prevents a rollout whenever the service has as few tasks as ${lowest!.path} allows: ${stuckWith(count, limits)}: ${HOW}, or increase ${lowest!.path}`,
  );
}

export interface RollingLimits {
  readonly minHealthyPercent: number;
  readonly maxPercent: number;
}

const HOW = "decrease minHealthyPercent or increase maxPercent";

/** `with 1 task, …, ECS can neither stop an old task nor start a new one` */
export const stuckWith = (count: number, { minHealthyPercent, maxPercent }: RollingLimits): string =>
  `with ${count} ${count === 1 ? "task" : "tasks"}, minHealthyPercent ${minHealthyPercent} and maxPercent ` +
  `${maxPercent}, ECS can neither stop an old task nor start a new one`;

/**
 * True if a rollout can neither stop nor start a task and therefore never ends. ECS rounds the lower limit
 * up and the upper limit down. 100/100 blocks any number of tasks, and the draining of instances as well.
 */
export function isStuck(desired: number, { minHealthyPercent, maxPercent }: RollingLimits): boolean {
  if (minHealthyPercent === 100 && maxPercent === 100) return true;
  if (desired === 0) return false;
  const lower = Math.ceil((desired * minHealthyPercent) / 100);
  const upper = Math.floor((desired * maxPercent) / 100);
  return lower >= desired && upper <= desired;
}
