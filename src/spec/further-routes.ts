import type { ContainerSpec } from "./container.js";
import type { DeploymentSpec } from "./deployment-spec.js";
import type { DeploymentInput } from "./input.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import {
  parseRoute,
  type FurtherRouteSpec,
  type RouteContext,
  type RouteSpec,
  type RouteTarget,
} from "./route.js";
import type { SidecarSpec } from "./sidecars.js";

/** A service has five target groups at most. Source: Amazon ECS Developer Guide, "Registering multiple target groups". */
const MAX_ROUTES = 5;

/** True if a call of `behindAlb` adds a route to those before. */
export const isFurtherRoute = (options: unknown): boolean =>
  isPlainObject(options) && (options["container"] !== undefined || options["port"] !== undefined);

/** The routes of a deployment, the main one first. */
export const routesOf = ({
  route,
  furtherRoutes = [],
}: Pick<DeploymentSpec, "route" | "furtherRoutes">): readonly RouteSpec[] =>
  route === undefined ? [] : [route, ...furtherRoutes];

/** The container and the port of a route. */
export function targetOf({ container }: Pick<DeploymentSpec, "container">, route: RouteSpec): RouteTarget {
  const own = route as Partial<RouteTarget>;
  return own.container === undefined
    ? { container: container.name, port: container.port! }
    : { container: own.container, port: own.port! };
}

export function parseFurtherRoutes(
  input: DeploymentInput,
  context: RouteContext & {
    readonly container: ContainerSpec;
    readonly sidecars: readonly SidecarSpec[];
    readonly route: RouteSpec | undefined;
  },
  issues: Issues,
): readonly FurtherRouteSpec[] | undefined {
  const calls = input.furtherRoutes ?? [];
  if (calls.length === 0) return undefined;
  if (context.route === undefined)
    issues.add(
      "behindAlb",
      "needs the main container's route, to which a call with a container or a port adds another one: call .behindAlb(alb, { path }) first",
    );
  if (calls.length >= MAX_ROUTES)
    issues.add(
      "behindAlb",
      `must have ${MAX_ROUTES} routes at most, which a service of ECS has; got ${calls.length + 1}`,
    );
  const counts = new Map<string, number>();
  const routes = calls.flatMap((call) => {
    const options = isPlainObject(call.options) ? call.options : {};
    const { container: name = context.container.name, port, ...rest } = options;
    const container = [context.container, ...context.sidecars].find((each) => each.name === name);
    const ports = (container?.ports ?? []).flatMap((each) =>
      each.protocol === "tcp" && typeof each.port === "number" ? [each.port] : [],
    );
    const wanted = port ?? ports[0];
    if (container === undefined)
      issues.add(
        "behindAlb.container",
        `must be a container of the task: ${[context.container, ...context.sidecars].map((each) => each.name).join(", ")}; got ${String(name)}`,
      );
    else if (typeof wanted !== "number" || !ports.includes(wanted))
      issues.add(
        "behindAlb.port",
        `must be a TCP port of container ${container.name}: ${ports.length === 0 ? "it has none" : ports.join(", ")}; got ${String(wanted)}`,
      );
    const key = `${String(name)} ${String(wanted)}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    const target = { container: String(name), port: Number(wanted), ...(nth > 1 && { nth }) };
    if (rest["domain"] !== undefined)
      issues.add(
        "behindAlb.domain",
        "is supported on the main container's route: list the domain there, and name it as host here",
      );
    const route = parseRoute({ ...call, options: rest }, { ...context, target }, issues);
    return route === undefined ? [] : [{ ...route, ...target }];
  });
  const all = [...(context.route === undefined ? [] : [context.route]), ...routes];
  reportSharedGroups(all, issues);
  reportSharedPriorities(all, issues);
  return routes;
}

function reportSharedPriorities(routes: readonly RouteSpec[], issues: Issues): void {
  for (const [index, { priority, loadBalancer }] of routes.entries()) {
    const isTaken = (other: RouteSpec) =>
      other.priority === priority && other.loadBalancer.name === loadBalancer.name;
    if (priority !== undefined && routes.slice(0, index).some(isTaken))
      issues.add(
        "behindAlb.priority",
        `${priority} is that of another route: a listener's rules have different priorities`,
      );
  }
}

/** A target group is of one route: it has one health check, one protocol and one load balancer. */
function reportSharedGroups(routes: readonly RouteSpec[], issues: Issues): void {
  const names = routes.map(({ targetGroup }) => targetGroup);
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index)))
    issues.add(
      "behindAlb.targetGroup",
      `must be another one for each route; "${name}" is the target group of several`,
    );
}
