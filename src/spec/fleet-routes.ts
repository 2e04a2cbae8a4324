import type { DeploymentSpec } from "./deployment-spec.js";
import { routesOf } from "./further-routes.js";
import type { Issues } from "./parsing/issues.js";
import { valuesOf } from "./request-conditions.js";

/** Something on a load balancer that only one deployment of a fleet can have. */
interface Taken {
  readonly key: readonly unknown[];
  readonly path: string;
  readonly what: string;
}

/** Reports routes and previews of two deployments of which only one would get the requests. */
export function reportDuplicateRoutes(specs: readonly DeploymentSpec[], issues: Issues): void {
  const first = new Map<string, string>();
  for (const spec of specs) {
    const reported = new Set<string>();
    const routes = routesOf(spec).map((route) => ({ ...spec, route }));
    for (const { key, path, what } of routes.flatMap(takenBy)) {
      const id = JSON.stringify(key);
      const by = first.get(id);
      if (by === undefined) first.set(id, spec.name);
      else if (by !== spec.name && !reported.has(path)) {
        reported.add(path);
        issues.add(
          `${spec.name}.${path}`,
          `${by} and ${spec.name} both use ${what} on load balancer ${spec.route!.loadBalancer.name}`,
        );
      }
    }
  }
}

function takenBy({ route, blueGreen }: DeploymentSpec): readonly Taken[] {
  if (route === undefined) return [];
  const balancer = route.loadBalancer.name;
  const hosts = route.host.map((host) => host.toLowerCase());
  const further = [...valuesOf(route.conditions), ...Object.keys(route.conditions?.headers ?? {})].sort();
  const taken: Taken[] = [];
  // With a priority, the user has decided which of two rules is evaluated first; not between equal ones.
  const isDecided = route.priority !== undefined;
  taken.push({
    key: ["rule", balancer, [...hosts].sort(), [...route.path].sort(), further],
    path: "behindAlb",
    what: "the same path and host",
  });
  if (isDecided)
    taken.push({
      key: ["priority", balancer, route.priority],
      path: "behindAlb.priority",
      what: `priority ${route.priority}`,
    });
  else
    for (const host of hosts)
      for (const path of route.path)
        taken.push({
          key: ["host", balancer, host, path, further],
          path: "behindAlb",
          what: `the host ${host} with the path ${path}`,
        });
  const preview = blueGreen?.preview;
  if (preview?.by === "host") {
    const what = `the host ${preview.host}`;
    taken.push({ key: ["preview", balancer, preview.host], path: "blueGreen.preview", what });
  }
  if (preview?.by === "header") {
    const { header, value } = preview;
    const what = `the header ${header}: ${value}`;
    taken.push({ key: ["header", balancer, header, value], path: "blueGreen.preview", what });
  }
  return taken;
}

/** Reports previews at a host that another deployment's users have: its rule is evaluated before theirs. */
export function reportPreviewsOfRoutes(specs: readonly DeploymentSpec[], issues: Issues): void {
  for (const { name, route, blueGreen } of specs) {
    const preview = blueGreen?.preview;
    if (route === undefined || preview?.by !== "host") continue;
    const other = specs.find(
      (each) =>
        each.name !== name &&
        each.route?.loadBalancer.name === route.loadBalancer.name &&
        each.route.host.some((host) => host.toLowerCase() === preview.host),
    );
    if (other !== undefined)
      issues.add(
        `${name}.blueGreen.preview`,
        `must not be a host of ${other.name}, ${preview.host}: its requests are for the live version of ${other.name}`,
      );
  }
}
