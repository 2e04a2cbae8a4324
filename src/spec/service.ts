import type { ServiceSpec } from "./deployment-spec.js";
import type { Issues } from "./parsing/issues.js";
import { mergeOptions } from "./parsing/merge-options.js";
import { ECS_NAME } from "./names.js";
import type { RollingOptions, ServiceOptions } from "./options/service-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parsePlacement } from "./placement.js";

/** Tasks of one service. Source: Amazon ECS service quotas. */
const DESIRED = { min: 0, max: 5000 };
/** What a service is created with when nobody says. */
const FIRST_DESIRED = 2;
/** The API takes a 32-bit number of seconds. */
const GRACE = { min: 0, max: 24_855 * 86_400 };
const DEFAULT_GRACE = 60;

/** One would leave nothing to go back to. */
const KEEP_RELEASES = { min: 2, max: 100 };
const DEFAULT_KEPT = 10;

export function parseService(
  calls: readonly unknown[],
  around: {
    readonly deployment: string;
    readonly hasLoadBalancer: boolean;
    readonly capacity: "ec2" | "fargate";
  },
  issues: Issues,
): ServiceSpec {
  const options = new OptionsReader<ServiceOptions>(
    mergeOptions(calls, "service", issues, ["rolling"]),
    "service",
    issues,
  );
  const name = options.name("name", ECS_NAME) ?? around.deployment;
  const desired = options.integer("desired", DESIRED);
  const circuitBreaker = options.boolean("circuitBreaker") ?? true;
  const grace = options.duration("healthCheckGrace", GRACE);
  if (grace !== undefined && !around.hasLoadBalancer) {
    // ECS: "Health check grace period is only valid for services configured to use load balancers".
    options.issue(
      "healthCheckGrace",
      "is only for services behind a load balancer: call .behindAlb(...), or leave it out",
    );
  }
  const rolling = parseRolling(options.raw("rolling"), desired ?? FIRST_DESIRED, issues);
  const exec = options.boolean("exec") ?? false;
  const keepReleases = options.integer("keepReleases", KEEP_RELEASES) ?? DEFAULT_KEPT;
  const placement = parsePlacement(options.raw("placement"), around.capacity, issues);
  options.close();
  const healthCheckGrace = around.hasLoadBalancer ? (grace ?? DEFAULT_GRACE) : undefined;
  return { name, desired, ...rolling, circuitBreaker, healthCheckGrace, exec, keepReleases, placement };
}

function parseRolling(
  value: unknown,
  desired: number,
  issues: Issues,
): Pick<ServiceSpec, "minHealthyPercent" | "maxPercent"> {
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
