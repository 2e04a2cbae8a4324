import { parseCidr } from "./cidr.js";
import type { ListenerSpec, LoadBalancerSpec } from "./deployment-spec.js";
import { fitName } from "./fit-name.js";
import type { LoadBalancerInput, RouteInput } from "./input.js";
import type { Issues } from "./issues.js";
import { LOAD_BALANCER_NAME, nameProblem, SECURITY_GROUP_NAME } from "./names.js";
import { show } from "./show.js";
import { PORT } from "./validate-container.js";
import { readTags } from "./validate-tags.js";

const DEFAULT_PORT = 80;
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

const byName = (name: unknown): LoadBalancerInput => ({
  name,
  http: [],
  internal: false,
  allow: undefined,
  securityGroup: undefined,
  tags: [],
});

export function readLoadBalancer(
  input: RouteInput["loadBalancer"],
  deployment: string,
  issues: Issues,
): LoadBalancerSpec {
  const described =
    "described" in input ? input.described : byName(input.named ?? fitName(LOAD_BALANCER_NAME, deployment));
  const problem = nameProblem(LOAD_BALANCER_NAME, described.name);
  if (problem !== undefined) issues.add("loadBalancer.name", problem);
  const name = problem === undefined ? (described.name as string) : "load-balancer";
  return {
    name,
    scheme: described.internal ? "internal" : "internet-facing",
    listeners: readListeners(described.http, issues),
    securityGroup: readSecurityGroup(described.securityGroup, name, issues),
    allow: readAllowed(described.allow, issues),
    tags: readTags(described.tags, "loadBalancer.tags", issues),
  };
}

function readListeners(ports: readonly unknown[], issues: Issues): readonly ListenerSpec[] {
  const listeners = new Map<number, ListenerSpec>();
  for (const port of ports.length === 0 ? [DEFAULT_PORT] : ports) {
    if (!Number.isInteger(port) || (port as number) < PORT.min || (port as number) > PORT.max) {
      issues.add(
        "loadBalancer.http",
        `must be a whole number from ${PORT.min} to ${PORT.max}; got ${show(port)}`,
      );
    } else if (listeners.has(port as number)) {
      issues.add("loadBalancer.http", `port ${port} is given twice; a port has one listener`);
    } else {
      listeners.set(port as number, { protocol: "http", port: port as number });
    }
  }
  return [...listeners.values()];
}

function readSecurityGroup(input: LoadBalancerInput["securityGroup"], name: string, issues: Issues): string {
  if (input === undefined) return fitName(SECURITY_GROUP_NAME, name, "-alb");
  const problem = nameProblem(SECURITY_GROUP_NAME, input.name);
  if (problem !== undefined) issues.add("loadBalancer.securityGroup", problem);
  return String(input.name);
}

function readAllowed(blocks: readonly unknown[] | undefined, issues: Issues): readonly string[] {
  if (blocks === undefined) return EVERYWHERE;
  if (blocks.length === 0)
    issues.add("loadBalancer.allow", 'needs at least one CIDR block, such as "10.0.0.0/8"');
  const allowed = new Set<string>();
  for (const block of blocks) {
    const cidr = typeof block === "string" ? parseCidr(block) : undefined;
    if (cidr === undefined) {
      issues.add(
        "loadBalancer.allow",
        `must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got ${show(block)}`,
      );
    } else if (!cidr.isFirst) {
      issues.add(
        "loadBalancer.allow",
        `must begin at its block's first address, ${show(cidr.canonical)}; got ${show(block)}`,
      );
    } else if (allowed.has(cidr.canonical)) {
      issues.add("loadBalancer.allow", `${show(block)} is given twice`);
    } else {
      allowed.add(cidr.canonical);
    }
  }
  return [...allowed];
}
