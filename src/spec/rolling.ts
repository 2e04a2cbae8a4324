import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** How far a rolling update may go below and above the desired number of tasks, in per cent of it. */
export interface RollingOptions {
  /** 0 to 100; ECS rounds the number of tasks up. @defaultValue 100 */
  readonly minHealthyPercent?: number | undefined;
  /** 100 to 200; ECS rounds the number of tasks down. @defaultValue 200 */
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
      `with ${desired} ${desired === 1 ? "task" : "tasks"}, minHealthyPercent ${minHealthyPercent} and maxPercent ` +
        `${maxPercent} let ECS neither stop an old task nor start a new one: lower minHealthyPercent or raise maxPercent`,
    );
  }
  return { minHealthyPercent, maxPercent };
}

/**
 * ECS rounds the lower limit up and the upper one down; a deployment that can move no task never ends.
 * 100/100 is stuck with any number of tasks, and blocks the draining of instances, too.
 */
function isStuck(desired: number, minHealthyPercent: number, maxPercent: number): boolean {
  if (minHealthyPercent === 100 && maxPercent === 100) return true;
  if (desired === 0) return false;
  const lower = Math.ceil((desired * minHealthyPercent) / 100);
  const upper = Math.floor((desired * maxPercent) / 100);
  return lower >= desired && upper <= desired;
}
