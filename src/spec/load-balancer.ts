import { defaultLoadBalancerInput } from "./default-input.js";
import { deriveName } from "./derive-name.js";
import { loadBalancerSecurityGroupName } from "./derived-names.js";
import type { LoadBalancerInput, RouteInput } from "./input.js";
import { parseListeners, type ListenerSpec } from "./listeners.js";
import { LOAD_BALANCER_NAME, nameProblem, SECURITY_GROUP_NAME } from "./names.js";
import { parseNetwork, type NetworkSpec } from "./network.js";
import { parseCidr } from "./parsing/cidr.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { parseTags } from "./tags.js";

export interface LoadBalancerSpec {
  readonly name: string;
  /**
   * `own`: created and kept as described. `use-or-create`: left as it is once it is made (one given by its
   * bare name). `existing`: it must exist, is never changed, and has the listeners that it has.
   */
  readonly claim: "own" | "use-or-create" | "existing";
  readonly scheme: "internet-facing" | "internal";
  /** Of one that exists only those that were named; none: all that serve. */
  readonly listeners: readonly ListenerSpec[];
  /** `undefined`: the VPC of the cluster behind it. */
  readonly network: NetworkSpec | undefined;
  readonly securityGroup: string;
  /** CIDR blocks (IPv4 and IPv6) that may reach the listeners. */
  readonly allow: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const LOAD_BALANCER_ARN =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/([A-Za-z0-9-]+)\/[0-9a-f]+$/;
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

export function parseLoadBalancer(
  input: RouteInput["loadBalancer"],
  deployment: string,
  issues: Issues,
): LoadBalancerSpec {
  const described =
    "described" in input
      ? input.described
      : defaultLoadBalancerInput(input.named ?? deriveName(LOAD_BALANCER_NAME, deployment));
  const given = described.existing ? (nameInArn(described.name) ?? described.name) : described.name;
  const problem = nameProblem(LOAD_BALANCER_NAME, given);
  if (problem !== undefined) issues.add("loadBalancer.name", problem);
  const name = problem === undefined ? (given as string) : "load-balancer";
  if (described.existing) reportChanges(described, issues);
  return {
    name,
    claim: described.existing ? "existing" : "named" in input ? "use-or-create" : "own",
    scheme: described.internal ? "internal" : "internet-facing",
    listeners: parseListeners(described, issues),
    network: parseNetwork(described.network, "loadBalancer.network", issues),
    securityGroup: parseSecurityGroup(described.securityGroup, name, issues),
    allow: parseAllowed(described.allow, issues),
    tags: parseTags(described.tags, "loadBalancer.tags", issues),
  };
}

/** `…:loadbalancer/app/conferenceAlb/50dc6c495c0c9188`: names are unique in a region, so the name is enough. */
const nameInArn = (value: unknown): string | undefined =>
  typeof value === "string" ? LOAD_BALANCER_ARN.exec(value)?.[1] : undefined;

/** One that exists is never changed, so there is nothing to say of how it should be. */
function reportChanges(input: LoadBalancerInput, issues: Issues): void {
  const said = {
    internal: input.internal,
    allow: input.allow !== undefined,
    securityGroup: input.securityGroup !== undefined,
    network: input.network !== undefined,
    tags: input.tags.length > 0,
  };
  for (const [method, isSaid] of Object.entries(said)) {
    if (isSaid)
      issues.add(
        `loadBalancer.${method}`,
        "a load balancer that exists is not changed: leave it out, or use new LoadBalancer(...)",
      );
  }
}

function parseSecurityGroup(input: LoadBalancerInput["securityGroup"], name: string, issues: Issues): string {
  if (input === undefined) return loadBalancerSecurityGroupName(name);
  const problem = nameProblem(SECURITY_GROUP_NAME, input.name);
  if (problem !== undefined) issues.add("loadBalancer.securityGroup", problem);
  return String(input.name);
}

function parseAllowed(blocks: readonly unknown[] | undefined, issues: Issues): readonly string[] {
  if (blocks === undefined) return EVERYWHERE;
  if (blocks.length === 0)
    issues.add("loadBalancer.allow", 'needs at least one CIDR block, such as "10.0.0.0/8"');
  const allowed = new Set<string>();
  for (const block of blocks) {
    const cidr = typeof block === "string" ? parseCidr(block) : undefined;
    if (cidr === undefined) {
      issues.add(
        "loadBalancer.allow",
        `must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got ${formatValue(block)}`,
      );
    } else if (!cidr.isFirst) {
      issues.add(
        "loadBalancer.allow",
        `must begin at its block's first address, ${formatValue(cidr.canonical)}; got ${formatValue(block)}`,
      );
    } else if (allowed.has(cidr.canonical)) {
      issues.add("loadBalancer.allow", `${formatValue(block)} is given twice`);
    } else {
      allowed.add(cidr.canonical);
    }
  }
  return [...allowed];
}
