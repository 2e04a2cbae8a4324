import type { RouteSpec } from "./deployment-spec.js";
import { deriveName } from "./derive-name.js";
import type { DeploymentInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import { TARGET_GROUP_NAME } from "./names.js";
import type { RouteOptions } from "./options/route-options.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseLoadBalancer } from "./load-balancer.js";
import { parsePatterns } from "./route-patterns.js";
import { parseTargetHealthCheck } from "./target-health-check.js";

/*
 * Source of the ranges: Elastic Load Balancing API reference, CreateRule and TargetGroupAttribute.
 */
const PRIORITY = { min: 1, max: 50_000 };
const DEREGISTRATION_DELAY = { min: 0, max: 3600 };
const STICKINESS = { min: 1, max: 604_800 };
const DEFAULT_DEREGISTRATION_DELAY = 60;

export function parseRoute(
  input: DeploymentInput["route"],
  around: { readonly deployment: string; readonly capacity: "ec2" | "fargate" },
  issues: Issues,
): RouteSpec | undefined {
  if (input === undefined) return undefined;
  const loadBalancer = parseLoadBalancer(input.loadBalancer, around.deployment, issues);
  const options = new OptionsReader<RouteOptions>(input.options, "behindAlb", issues);
  const patterns = parsePatterns(options, issues);
  const healthCheck = parseTargetHealthCheck(options.raw("healthCheck"), issues);
  // A target group's target type (instance or ip) cannot be changed: the other capacity gets another group.
  const suffix = around.capacity === "fargate" ? "-ip" : "";
  const targetGroup =
    options.name("targetGroup", TARGET_GROUP_NAME) ??
    deriveName(TARGET_GROUP_NAME, around.deployment, suffix);
  const priority = options.integer("priority", PRIORITY);
  const deregistrationDelay =
    options.duration("deregistrationDelay", DEREGISTRATION_DELAY) ?? DEFAULT_DEREGISTRATION_DELAY;
  const stickiness = options.duration("stickiness", STICKINESS);
  options.close();
  return { loadBalancer, ...patterns, targetGroup, healthCheck, priority, deregistrationDelay, stickiness };
}
