import { deriveName } from "./derive-name.js";
import type { DeploymentInput } from "./input.js";
import { parseLoadBalancer, type LoadBalancerSpec } from "./load-balancer.js";
import { TARGET_GROUP_NAME } from "./names.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parsePatterns } from "./route-patterns.js";
import {
  parseTargetHealthCheck,
  type TargetHealthCheckOptions,
  type TargetHealthCheckSpec,
} from "./target-health-check.js";

/** Which requests of a load balancer reach the service, and how its tasks are checked. */
export interface RouteOptions {
  /**
   * Path patterns, such as `"/talk*"`: up to 128 characters, `*` and `?` are wildcards, case counts.
   * A rule of AWS's holds 5 patterns, paths and hosts together, and 6 wildcards: where there are more, several
   * rules are made, of the 100 that a load balancer can have. Source: "Quotas for your Application Load Balancers".
   * @defaultValue `"/*"`
   */
  readonly path?: string | readonly string[] | undefined;
  /** Host patterns, such as `"talk.example.com"` or `"*.example.com"`. @defaultValue any host */
  readonly host?: string | readonly string[] | undefined;
  /** The path that answers when a task is healthy, or all details. @defaultValue `"/"` */
  readonly healthCheck?: string | TargetHealthCheckOptions | undefined;
  /**
   * The target group's name: 1 to 32 letters, digits and hyphens, unique in the region.
   * @defaultValue the deployment's name, made to fit; on Fargate with `-ip` at its end
   */
  readonly targetGroup?: string | undefined;
  /** The listener rule's priority, 1 (first) to 50000; several rules follow one another. @defaultValue chosen by how specific the patterns are */
  readonly priority?: number | undefined;
  /**
   * How long a stopping task may finish its requests, up to 1 h. This and `stickiness` are compared with what the
   * last deploy has set, which a tag says: AWS tells such attributes of one target group a call. Changed by hand,
   * they stay so until the chain changes them. @defaultValue `"60s"`
   */
  readonly deregistrationDelay?: string | undefined;
  /** How long the load balancer's cookie keeps a client on one task, 1 s to 7 d. @defaultValue not at all */
  readonly stickiness?: string | undefined;
}

export interface RouteSpec {
  readonly loadBalancer: LoadBalancerSpec;
  /** Path patterns; at least one. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  readonly targetGroup: string;
  readonly healthCheck: TargetHealthCheckSpec;
  readonly priority: number | undefined;
  readonly deregistrationDelay: number;
  /** Seconds that the load balancer's cookie binds a client to a task; `undefined`: it does not. */
  readonly stickiness: number | undefined;
}

/** The port of the target group itself; ECS registers every task with a port of its own. */
export const TARGET_GROUP_PORT = 80;

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
