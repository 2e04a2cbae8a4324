import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The limits for the number of running tasks during a rolling update, in percent of the desired count. */
export interface RollingOptions {
  /** The lower limit, 0 to 100; ECS rounds the number of tasks up. @defaultValue 100 */
  readonly minHealthyPercent?: number | undefined;
  /** The upper limit, 100 to 200; ECS rounds the number of tasks down. @defaultValue 200 */
  readonly maxPercent?: number | undefined;
}

export function parseRolling(
  value: unknown,
  desired: number,
  issues: Issues,
): { readonly minHealthyPercent: number; readonly maxPercent: number } {
  const before = issues.list.length;
  const options = new OptionsReader<RollingOptions>(value, "service.rolling", issues);
  const minHealthyPercent = options.integer("minHealthyPercent", { min: 0, max: 100 }) ?? 100;
  const maxPercent = options.integer("maxPercent", { min: 100, max: 200 }) ?? 200;
  options.close();
  if (issues.list.length === before && isStuck(desired, minHealthyPercent, maxPercent)) {
    issues.add(
      "service.rolling",
      `prevents any rollout: with ${desired} ${desired === 1 ? "task" : "tasks"}, minHealthyPercent ${minHealthyPercent} and maxPercent ` +
        `${maxPercent}, ECS can neither stop an old task nor start a new one: decrease minHealthyPercent or increase maxPercent`,
    );
  }
  return { minHealthyPercent, maxPercent };
}

/**
 * True if a rollout can neither stop nor start a task and therefore never ends. ECS rounds the lower limit
 * up and the upper limit down. 100/100 blocks any number of tasks, and the draining of instances as well.
 */
function isStuck(desired: number, minHealthyPercent: number, maxPercent: number): boolean {
  if (minHealthyPercent === 100 && maxPercent === 100) return true;
  if (desired === 0) return false;
  const lower = Math.ceil((desired * minHealthyPercent) / 100);
  const upper = Math.floor((desired * maxPercent) / 100);
  return lower >= desired && upper <= desired;
}
