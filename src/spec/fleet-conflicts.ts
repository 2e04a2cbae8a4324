import { isDeepStrictEqual } from "node:util";
import type { DeploymentSpec } from "./deployment-spec.js";
import { reportDuplicateRoutes, reportPreviewsOfRoutes } from "./fleet-routes.js";
import { loadBalancersOf, networkRoutesOf } from "./load-balancers-of.js";
import { networksOf } from "./network-conflicts.js";
import type { Issues } from "./parsing/issues.js";

/** Reports conflicts between the deployments of a fleet, with the names of both. */
export function reportFleetConflicts(specs: readonly DeploymentSpec[], issues: Issues): void {
  reportDifferences(specs, "cluster", ({ cluster }) => cluster, issues);
  reportDifferences(
    specs.flatMap((spec) => loadBalancersOf(spec).map((loadBalancer) => ({ ...spec, loadBalancer }))),
    "loadBalancer",
    ({ loadBalancer }) => loadBalancer,
    issues,
  );
  reportDifferences(
    specs.flatMap((spec) => networksOf(spec).map((ownNetwork) => ({ ...spec, ownNetwork }))),
    "network",
    ({ ownNetwork }) => ownNetwork,
    issues,
  );
  reportNamesInNamespaces(specs, issues);
  for (const { path, nameOf } of EXCLUSIVE_NAMES) reportDuplicates(specs, path, nameOf, issues);
  reportSecurityGroups(specs, issues);
  reportDuplicateRoutes(specs, issues);
  reportDuplicateListeners(specs, issues);
  reportPreviewsOfRoutes(specs, issues);
}

/** Names that each deployment must have to itself. */
const EXCLUSIVE_NAMES: readonly {
  readonly path: string;
  readonly nameOf: (spec: DeploymentSpec) => string | undefined;
}[] = [
  { path: "name", nameOf: ({ name }) => name },
  { path: "service.name", nameOf: ({ service }) => service.name },
  // A group that all of them share is none of theirs alone.
  { path: "logs", nameOf: ({ logs }) => (logs.claim === "share" ? undefined : logs.group) },
  { path: "behindAlb.targetGroup", nameOf: ({ route }) => route?.targetGroup },
];

/** Reports a cluster or load balancer that two deployments describe differently. */
function reportDifferences<Spec extends DeploymentSpec>(
  specs: readonly Spec[],
  path: string,
  partOf: (spec: Spec) => { readonly name: string } | undefined,
  issues: Issues,
): void {
  const first = new Map<string, { readonly part: { readonly name: string }; readonly by: string }>();
  for (const spec of specs) {
    const part = partOf(spec);
    if (part === undefined) continue;
    const known = first.get(part.name);
    if (known === undefined) first.set(part.name, { part, by: spec.name });
    else if (!isDeepStrictEqual(known.part, part)) {
      const where = firstDifference(known.part, part);
      issues.add(
        `${spec.name}.${path}`,
        `${part.name} has different descriptions in ${known.by} and ${spec.name} (${where}): describe it once and pass it to both`,
      );
    }
  }
}

function firstDifference(a: object, b: object): string {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const key = keys.find((each) => !isDeepStrictEqual(left[each], right[each])) ?? "";
  const inner = left[key];
  const other = right[key];
  const deeper =
    typeof inner === "object" &&
    inner !== null &&
    typeof other === "object" &&
    other !== null &&
    !Array.isArray(inner);
  return deeper ? `${key}.${firstDifference(inner, other)}` : key;
}

/** Reports a name that two deployments have in one Cloud Map namespace, in Service Connect or in DNS. */
function reportNamesInNamespaces(specs: readonly DeploymentSpec[], issues: Issues): void {
  const first = new Map<string, string>();
  for (const { name, connect, serviceDiscovery } of specs) {
    const names = [
      ...(connect?.endpoints ?? []).map(({ as }) => ({
        path: "connect.as",
        text: `${as} in ${connect?.namespace}`,
      })),
      ...(serviceDiscovery === undefined
        ? []
        : [{ path: "serviceDiscovery.as", text: `${serviceDiscovery.as} in ${serviceDiscovery.namespace}` }]),
    ];
    for (const { path, text } of names) {
      const by = first.get(text);
      if (by === undefined) first.set(text, name);
      else if (by !== name)
        issues.add(
          `${name}.${path}`,
          `${text} is used by both ${by} and ${name}: use a different name for each`,
        );
    }
  }
}

function reportDuplicates(
  specs: readonly DeploymentSpec[],
  path: string,
  nameOf: (spec: DeploymentSpec) => string | undefined,
  issues: Issues,
): void {
  const first = new Map<string, string>();
  for (const spec of specs) {
    const name = nameOf(spec);
    if (name === undefined) continue;
    const by = first.get(name);
    if (by === undefined) first.set(name, spec.name);
    else
      issues.add(
        `${spec.name}.${path}`,
        `${name} is used by both ${by} and ${spec.name}: use a different name for each`,
      );
  }
}

/** Reports a listener of a Network Load Balancer, which leads to one service, of two deployments. */
function reportDuplicateListeners(specs: readonly DeploymentSpec[], issues: Issues): void {
  const first = new Map<string, string>();
  for (const spec of specs) {
    for (const { loadBalancer, listener } of networkRoutesOf(spec)) {
      const key = `${loadBalancer.name}:${listener.port}`;
      const by = first.get(key) ?? spec.name;
      first.set(key, by);
      if (by !== spec.name)
        issues.add(
          `${spec.name}.behindNlb.listener`,
          `${by} and ${spec.name} both use the listener on port ${listener.port} of load balancer ${loadBalancer.name}, which leads to one service: give each its own`,
        );
    }
  }
}

/** Reports a security group of two owners. EC2 compares the names case-insensitively within a VPC. */
function reportSecurityGroups(specs: readonly DeploymentSpec[], issues: Issues): void {
  const first = new Map<string, string>();
  for (const spec of specs) {
    const { name, cluster } = spec;
    const groups = [
      ...(cluster.capacity.type === "ec2"
        ? [
            {
              group: cluster.capacity.securityGroup,
              owner: `cluster ${cluster.name}`,
              path: "cluster.ec2.securityGroup",
            },
          ]
        : []),
      ...loadBalancersOf(spec).map(({ name: balancer, securityGroup }) => ({
        group: securityGroup,
        owner: `load balancer ${balancer}`,
        path: "loadBalancer.securityGroup",
      })),
    ];
    for (const { group, owner, path } of groups) {
      const by = first.get(group.toLowerCase());
      if (by === undefined) first.set(group.toLowerCase(), owner);
      else if (by !== owner)
        issues.add(
          `${name}.${path}`,
          `${group} is used by both ${by} and ${owner}: use a different name for each`,
        );
    }
  }
}
