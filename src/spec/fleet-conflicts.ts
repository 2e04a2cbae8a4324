import { isDeepStrictEqual } from "node:util";
import type { DeploymentSpec } from "./deployment-spec.js";
import type { Issues } from "./parsing/issues.js";

/** What several deployments of one fleet cannot all be: reported with the names of both. */
export function reportFleetConflicts(specs: readonly DeploymentSpec[], issues: Issues): void {
  reportShared(specs, "cluster", ({ cluster }) => cluster, issues);
  reportShared(specs, "loadBalancer", ({ route }) => route?.loadBalancer, issues);
  for (const { path, nameOf } of OF_ONE) reportTwice(specs, path, nameOf, issues);
  reportSecurityGroups(specs, issues);
  reportSameRequests(specs, issues);
}

/** Names under which a deployment alone has something. */
const OF_ONE: readonly {
  readonly path: string;
  readonly nameOf: (spec: DeploymentSpec) => string | undefined;
}[] = [
  { path: "name", nameOf: ({ name }) => name },
  { path: "service.name", nameOf: ({ service }) => service.name },
  { path: "logs", nameOf: ({ logs }) => logs.group },
  { path: "behindAlb.targetGroup", nameOf: ({ route }) => route?.targetGroup },
];

/** A cluster or load balancer of one name is one thing, so it has one description. */
function reportShared(
  specs: readonly DeploymentSpec[],
  path: string,
  partOf: (spec: DeploymentSpec) => { readonly name: string } | undefined,
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
        `${part.name} is described in one way by ${known.by} and in another by ${spec.name} (${where}): describe it once and give it to both`,
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

function reportTwice(
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
      issues.add(`${spec.name}.${path}`, `${name} is given to ${by} and to ${spec.name}: each needs its own`);
  }
}

/** EC2 compares these names without case, in a VPC; a group is of one cluster or of one load balancer. */
function reportSecurityGroups(specs: readonly DeploymentSpec[], issues: Issues): void {
  const first = new Map<string, string>();
  for (const { name, cluster, route } of specs) {
    const groups = [
      ...(cluster.capacity.type === "ec2"
        ? [
            {
              group: cluster.capacity.securityGroup,
              of: `cluster ${cluster.name}`,
              path: "cluster.ec2.securityGroup",
            },
          ]
        : []),
      ...(route === undefined
        ? []
        : [
            {
              group: route.loadBalancer.securityGroup,
              of: `load balancer ${route.loadBalancer.name}`,
              path: "loadBalancer.securityGroup",
            },
          ]),
    ];
    for (const { group, of, path } of groups) {
      const by = first.get(group.toLowerCase());
      if (by === undefined) first.set(group.toLowerCase(), of);
      else if (by !== of)
        issues.add(`${name}.${path}`, `${group} is given to ${by} and to ${of}: each needs its own`);
    }
  }
}

function reportSameRequests(specs: readonly DeploymentSpec[], issues: Issues): void {
  const first = new Map<string, string>();
  for (const { name, route } of specs) {
    if (route === undefined) continue;
    const hosts = route.host.map((host) => host.toLowerCase());
    const claims: readonly (readonly [string, string])[] = [
      [
        JSON.stringify([route.loadBalancer.name, [...hosts].sort(), [...route.path].sort()]),
        "the same requests",
      ],
      ...(route.priority === undefined
        ? []
        : [
            [
              JSON.stringify([route.loadBalancer.name, route.priority]),
              `priority ${route.priority}`,
            ] as const,
          ]),
    ];
    for (const [claim, what] of claims) {
      const by = first.get(claim);
      if (by === undefined) first.set(claim, name);
      else {
        const path = what === "the same requests" ? "behindAlb" : "behindAlb.priority";
        issues.add(
          `${name}.${path}`,
          `${by} and ${name} ask load balancer ${route.loadBalancer.name} for ${what}`,
        );
      }
    }
  }
}
