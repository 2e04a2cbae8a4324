import { parseAnswers, type AnswerSpec } from "./answers.js";
import { defaultLoadBalancerInput } from "./default-input.js";
import { deriveName } from "./derive-name.js";
import { loadBalancerSecurityGroupName } from "./derived-names.js";
import type { LoadBalancerInput, RouteInput } from "./input.js";
import { parseListeners, type ListenerSpec } from "./listeners.js";
import { parseAttributes, type AttributesSpec } from "./load-balancer-attributes.js";
import { LOAD_BALANCER_NAME, nameProblem, SECURITY_GROUP_NAME } from "./names.js";
import { reportSmallNetwork } from "./own-network.js";
import { parseNetwork, type NetworkSpec } from "./network.js";
import { parseWebAcl } from "./web-acl.js";
import { parseCidr } from "./parsing/cidr.js";
import { formatValue, textOf } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { parseTags } from "./tags.js";

export interface LoadBalancerSpec {
  readonly name: string;
  /** @defaultValue an Application Load Balancer */
  readonly type?: "network" | undefined;
  /**
   * `own`: created, and updated to match the description. `use-or-create`, for a load balancer given by name:
   * created if it is missing, and not changed afterwards. `existing`: it must exist, and is never changed.
   */
  readonly claim: "own" | "use-or-create" | "existing";
  readonly scheme: "internet-facing" | "internal";
  /** For an existing load balancer: the listeners to use; empty: all that forward requests. */
  readonly listeners: readonly ListenerSpec[];
  /** `undefined`: the VPC of the cluster. */
  readonly network: NetworkSpec | undefined;
  readonly securityGroup: string;
  /** The IPv4 and IPv6 CIDR blocks that can reach the listeners. */
  readonly allow: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** `undefined`: none is set. */
  readonly attributes?: AttributesSpec | undefined;
  /** The ARN of the web ACL of AWS WAF; `undefined`: none is associated. */
  readonly webAcl?: string | undefined;
  /** Network only: the allocation IDs of its Elastic IP addresses, one for each subnet. @defaultValue AWS's own addresses */
  readonly addresses?: readonly string[] | undefined;
  /** The requests that it answers by itself. @defaultValue none */
  readonly answers?: readonly AnswerSpec[] | undefined;
}

const LOAD_BALANCER_ARN =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/([A-Za-z0-9-]+)\/[0-9a-f]+$/;
const ANYWHERE = ["0.0.0.0/0", "::/0"];

export function parseLoadBalancer(
  input: RouteInput["loadBalancer"],
  deployment: string,
  issues: Issues,
  hasDomain = false,
): LoadBalancerSpec {
  const chained =
    "described" in input
      ? input.described
      : defaultLoadBalancerInput(input.named ?? deriveName(LOAD_BALANCER_NAME, deployment));
  const described = hasDomain ? withDefaultHttps(chained) : chained;
  const given = described.existing ? (nameFromArn(described.name) ?? described.name) : described.name;
  const problem = nameProblem(LOAD_BALANCER_NAME, given);
  if (problem !== undefined) issues.add("loadBalancer.name", problem);
  const name = problem === undefined ? (given as string) : "load-balancer";
  if (described.existing) reportUnsupported(described, issues);
  const attributes = parseAttributes(described.attributes, issues);
  const webAcl = described.waf && parseWebAcl(described.waf.webAcl ?? "", issues);
  const listeners = parseListeners(described, issues);
  const answers = parseAnswers(described.answers, listeners, issues);
  const network = parseNetwork(described.network, "loadBalancer.network", issues);
  reportSmallNetwork(network?.own, name, issues);
  return {
    name,
    claim: described.existing ? "existing" : "named" in input ? "use-or-create" : "own",
    scheme: described.internal ? "internal" : "internet-facing",
    listeners,
    network,
    securityGroup: parseSecurityGroup(described.securityGroup, loadBalancerSecurityGroupName(name), issues),
    allow: parseAllowed(described.allow, issues),
    tags: parseTags(described.tags, "loadBalancer.tags", issues),
    ...(attributes && { attributes }),
    ...(webAcl !== undefined && { webAcl }),
    ...(answers.length > 0 && { answers }),
  };
}

/** A domain without described listeners means HTTPS, to which HTTP is redirected. */
const withDefaultHttps = (input: LoadBalancerInput): LoadBalancerInput =>
  input.existing || input.http.length + input.https.length > 0
    ? input
    : { ...input, https: [{ port: undefined, options: { redirectHttp: true } }] };

/** Returns the name in an ARN (`…:loadbalancer/app/conferenceAlb/50dc6c495c0c9188`), which is unique in a region. */
const nameFromArn = (value: unknown): string | undefined =>
  typeof value === "string" ? LOAD_BALANCER_ARN.exec(value)?.[1] : undefined;

/** An existing load balancer is never changed, so calls that describe it are errors. */
function reportUnsupported(input: LoadBalancerInput, issues: Issues): void {
  const described = {
    internal: input.internal,
    allow: input.allow !== undefined,
    securityGroup: input.securityGroup !== undefined,
    network: input.network !== undefined,
    attributes: input.attributes !== undefined,
    waf: input.waf !== undefined,
    redirect: input.answers?.some(({ by }) => by === "redirect") ?? false,
    respond: input.answers?.some(({ by }) => by === "respond") ?? false,
    tags: input.tags.length > 0,
  };
  for (const [method, isDescribed] of Object.entries(described)) {
    if (isDescribed)
      issues.add(
        `loadBalancer.${method}`,
        "is not supported with LoadBalancer.existing(...), which never changes the load balancer: remove it, or use new LoadBalancer(...)",
      );
  }
}

export function parseSecurityGroup(
  input: LoadBalancerInput["securityGroup"],
  defaultName: string,
  issues: Issues,
): string {
  if (input === undefined) return defaultName;
  const problem = nameProblem(SECURITY_GROUP_NAME, input.name);
  if (problem !== undefined) issues.add("loadBalancer.securityGroup", problem);
  return textOf(input.name);
}

export function parseAllowed(blocks: readonly unknown[] | undefined, issues: Issues): readonly string[] {
  if (blocks === undefined) return ANYWHERE;
  if (blocks.length === 0)
    issues.add("loadBalancer.allow", 'must have at least one CIDR block, such as "10.0.0.0/8"');
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
        `must be the first address of its block, ${formatValue(cidr.canonical)}; got ${formatValue(block)}`,
      );
    } else if (allowed.has(cidr.canonical)) {
      issues.add("loadBalancer.allow", `${formatValue(block)} is listed twice`);
    } else {
      allowed.add(cidr.canonical);
    }
  }
  return [...allowed];
}
