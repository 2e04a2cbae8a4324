import { parseDomains, type DomainOptions } from "./domains.js";
import type { CapacityType } from "./capacity-type.js";
import { deriveName } from "./derive-name.js";
import { parseAuthenticate, type AuthenticateOptions, type AuthenticateSpec } from "./authenticate.js";
import type { DeploymentInput } from "./input.js";
import { parseLoadBalancer, type LoadBalancerSpec } from "./load-balancer.js";
import { TARGET_GROUP_NAME } from "./names.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { RequestConditionOptions, RequestConditions } from "./request-conditions.js";
import { reportAnswered } from "./answers.js";
import { parsePatterns } from "./route-patterns.js";
import { PRIORITY } from "./rule-priority.js";
import { parseTraffic, type TrafficOptions, type TrafficSpec } from "./route-traffic.js";
import {
  parseTargetHealthCheck,
  type TargetHealthCheckOptions,
  type TargetHealthCheckSpec,
} from "./target-health-check.js";

/** How a load balancer routes requests to a service, and checks the health of its tasks. */
export interface RouteOptions
  extends DomainOptions, RequestConditionOptions, TrafficOptions, AuthenticateOptions {
  /**
   * Path patterns, such as `"/talk*"`: up to 128 characters, case-sensitive, with the wildcards `*` and `?`.
   * A listener rule can have 5 patterns (paths and hosts together) and 6 wildcards. More patterns become
   * several rules, of the 100 that a load balancer can have.
   * Source: "Quotas for your Application Load Balancers".
   * @defaultValue `"/*"`
   */
  readonly path?: string | readonly string[] | undefined;
  /** Host patterns, such as `"talk.example.com"` or `"*.example.com"`. @defaultValue any host */
  readonly host?: string | readonly string[] | undefined;
  /** The load balancer's health check: its path, or an object with details. @defaultValue `"/"` */
  readonly healthCheck?: string | TargetHealthCheckOptions | undefined;
  /**
   * The target group's name: 1 to 32 letters, digits and hyphens, unique in the region.
   * @defaultValue the deployment's name, shortened if necessary; on Fargate and Managed Instances with the suffix `-ip`
   */
  readonly targetGroup?: string | undefined;
  /**
   * The container that gets the requests: a call with `container` or `port` adds a route to those of the calls before.
   * @defaultValue the main container
   */
  readonly container?: string | undefined;
  /** The port of the container that gets the requests, one of its TCP ports. @defaultValue its first one */
  readonly port?: number | undefined;
  /**
   * The listener rule's priority, 1 (evaluated first) to 50000; several rules get consecutive priorities.
   * @defaultValue a priority that puts more specific patterns first
   */
  readonly priority?: number | undefined;
  /**
   * The time in which a stopping task can finish its requests, up to 1 h. This value and `stickiness` are
   * compared with those of the last deploy, which a tag records, because AWS describes the attributes of only
   * one target group per call. A change made outside quayside therefore remains until the chain changes.
   * @defaultValue `"60s"`
   */
  readonly deregistrationDelay?: string | undefined;
  /**
   * The duration for which a cookie binds a client to one task, 1 s to 7 d. Where the load balancer divides the
   * requests between two versions (blue/green, or a target group that is replaced), ELB also binds a client to one of
   * them: for at most a minute, so that a client follows a shift or a rollback within a minute.
   * Source: ELB User Guide, "Sticky sessions for your Application Load Balancer". @defaultValue no stickiness
   */
  readonly stickiness?: string | undefined;
}

export interface RouteSpec extends TrafficSpec {
  readonly loadBalancer: LoadBalancerSpec;
  /** Path patterns, at least one. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  /** The domains among the hosts whose records and certificates the deployment owns. @defaultValue none */
  readonly domains?: readonly string[] | undefined;
  /** `undefined`: none besides path and host. */
  readonly conditions?: RequestConditions | undefined;
  /** `undefined`: every request is forwarded. */
  readonly authenticate?: AuthenticateSpec | undefined;
  readonly targetGroup: string;
  readonly healthCheck: TargetHealthCheckSpec;
  readonly priority: number | undefined;
  readonly deregistrationDelay: number;
  /** The seconds for which a cookie binds a client to a task; `undefined`: no stickiness. */
  readonly stickiness: number | undefined;
}

/** The default port of a target group, which is never used: ECS registers each task with its own port. */
export const TARGET_GROUP_PORT = 80;

/* Source of the ranges: Elastic Load Balancing API reference, TargetGroupAttribute. */
export const DEREGISTRATION_DELAY = { min: 0, max: 3600 };
const STICKINESS = { min: 1, max: 604_800 };
const DEFAULT_DEREGISTRATION_DELAY = 60;

/** The container and the port that get the requests of a route. */
export interface RouteTarget {
  readonly container: string;
  readonly port: number;
}

/** A route to a container or a port besides the main one. */
export interface FurtherRouteSpec extends RouteSpec, RouteTarget {
  /** Its number among the routes to this container and port; absent for the first one. */
  readonly nth?: number;
}

/** What a route's defaults depend on. */
export type RouteContext = {
  readonly deployment: string;
  readonly capacity: CapacityType;
  readonly target?: RouteTarget & { readonly nth?: number };
};

export function parseRoute(
  input: DeploymentInput["route"],
  context: RouteContext,
  issues: Issues,
): RouteSpec | undefined {
  if (input === undefined) return undefined;
  const options = new OptionsReader<RouteOptions>(input.options, "behindAlb", issues);
  const domains = parseDomains(options);
  const loadBalancer = parseLoadBalancer(input.loadBalancer, context.deployment, issues, domains.length > 0);
  const patterns = parsePatterns(options, issues, domains);
  const authenticate = parseAuthenticate(options.raw("authenticate"), loadBalancer, issues);
  const traffic = parseTraffic(options, loadBalancer, issues);
  const healthCheck = parseTargetHealthCheck(options.raw("healthCheck"), traffic.protocol, issues);
  // A target group's type (instance or ip) cannot be changed: each capacity type has its own target group.
  const suffix = context.capacity === "ec2" ? "" : "-ip";
  const targetGroup =
    options.name("targetGroup", TARGET_GROUP_NAME) ?? deriveName(TARGET_GROUP_NAME, nameOf(context), suffix);
  const priority = options.integer("priority", PRIORITY);
  const deregistrationDelay =
    options.duration("deregistrationDelay", DEREGISTRATION_DELAY) ?? DEFAULT_DEREGISTRATION_DELAY;
  const stickiness = options.duration("stickiness", STICKINESS);
  // Those of another container are read before.
  for (const key of ["container", "port"] as const) options.raw(key);
  options.close();
  reportAnswered(loadBalancer.answers, { ...patterns, priority }, issues);
  return {
    loadBalancer,
    ...patterns,
    ...(domains.length > 0 && { domains }),
    targetGroup,
    healthCheck,
    priority,
    deregistrationDelay,
    stickiness,
    ...traffic,
    ...(authenticate && { authenticate }),
  };
}

/** The name from which that of the target group is derived. */
const nameOf = ({ deployment, target }: RouteContext): string =>
  target === undefined
    ? deployment
    : `${deployment}-${target.container}-${target.port}${target.nth === undefined ? "" : `-${target.nth}`}`;
