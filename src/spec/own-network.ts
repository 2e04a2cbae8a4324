import type { NetworkInput } from "./input.js";
import { NETWORK_NAME, nameProblem } from "./names.js";
import { parseCidr } from "./parsing/cidr.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { parseTags } from "./tags.js";

/** How private subnets reach the internet: by one NAT gateway, by one in each zone, or not at all. */
export type Nat = "one" | "each" | "none";

/** A VPC of its own, with a public and a private subnet in each zone. */
export interface OwnNetworkSpec {
  readonly name: string;
  /** The number of Availability Zones. */
  readonly zones: number;
  readonly nat: Nat;
  /** The VPC's block. */
  readonly cidr: string;
  /** The AWS services with endpoints besides those that the network's users need: `sqs`. */
  readonly endpoints: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const NATS: readonly unknown[] = ["one", "each", "none"];
const DEFAULT_CIDR = "10.0.0.0/16";
/** No region has more Availability Zones. */
const MAX_ZONES = 6;
/** A VPC is at most a /16; each of the 16 parts of the block must hold a subnet of a /28. */
const [SHORTEST, LONGEST] = [16, 24];
/** The ranges of this host, of links and of multicast. */
const RESERVED = /^(?:0|127|169\.254|22[4-9]|23\d)\./;
/**
 * The longest prefix of a network with a load balancer: a 16th of a /23 is a /27. Source: Elastic Load Balancing User
 * Guide, "Application Load Balancers": subnets of at least a /27, with eight free addresses.
 */
const LONGEST_WITH_LOAD_BALANCER = 23;
/** The part of an endpoint service's name that follows the region: `ecr.api`, `sqs`, `kinesis-streams`. */
const SERVICE = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

export function parseOwnNetwork(input: NetworkInput, issues: Issues): OwnNetworkSpec {
  const problem = nameProblem(NETWORK_NAME, input.name);
  if (problem !== undefined) issues.add("network.name", problem);
  return {
    name: problem === undefined ? (input.name as string) : "network",
    zones: parseZones(input.zones, issues),
    nat: parseNat(input.nat, issues),
    cidr: parseBlock(input.cidr, issues),
    endpoints: parseEndpoints(input.endpoints, issues),
    tags: parseTags(input.tags, "network.tags", issues),
  };
}

function parseZones(value: unknown, issues: Issues): number {
  if (value === undefined) return 2;
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_ZONES)
    return value as number;
  issues.add(
    "network.zones",
    `must be a number of Availability Zones, 1 to ${MAX_ZONES}; got ${formatValue(value)}`,
  );
  return 2;
}

function parseNat(value: unknown, issues: Issues): Nat {
  if (value === undefined) return "one";
  if (NATS.includes(value)) return value as Nat;
  issues.add("network.nat", `must be "one", "each" or "none"; got ${formatValue(value)}`);
  return "one";
}

/** Source: Amazon VPC User Guide, "VPC CIDR blocks": what no VPC can have; Docker has 172.17.0.0/16 on instances. */
function parseBlock(value: unknown, issues: Issues): string {
  if (value === undefined) return DEFAULT_CIDR;
  const cidr = typeof value === "string" ? parseCidr(value) : undefined;
  const prefix = Number(cidr?.canonical.split("/")[1]);
  const add = (problem: string) => issues.add("network.cidr", `${problem}; got ${formatValue(value)}`);
  if (cidr === undefined || cidr.canonical.includes(":") || !(prefix >= SHORTEST && prefix <= LONGEST))
    add(`must be an IPv4 CIDR block from /${SHORTEST} to /${LONGEST}, such as "10.1.0.0/16"`);
  else if (!cidr.isFirst) add(`must be the first address of its block, ${formatValue(cidr.canonical)}`);
  else if (RESERVED.test(cidr.canonical))
    add("must not be in 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16 or 224.0.0.0/4, which no VPC can have");
  else if (/^172\.17\./.test(cidr.canonical))
    add("must not overlap 172.17.0.0/16, which Docker uses on container instances");
  else return cidr.canonical;
  return DEFAULT_CIDR;
}

/** Reports a network whose subnets are too small for a load balancer. */
export function reportSmallNetwork(
  own: OwnNetworkSpec | undefined,
  loadBalancer: string,
  issues: Issues,
): void {
  if (own === undefined || Number(own.cidr.split("/")[1]) <= LONGEST_WITH_LOAD_BALANCER) return;
  issues.add(
    "network.cidr",
    `must be a /${LONGEST_WITH_LOAD_BALANCER} or larger for load balancer ${loadBalancer}, which needs subnets of at least a /27: each is a 16th of the block; got ${formatValue(own.cidr)}`,
  );
}

function parseEndpoints(values: readonly unknown[], issues: Issues): readonly string[] {
  const services = new Set<string>();
  for (const value of values) {
    if (typeof value === "string" && value.length <= 100 && SERVICE.test(value)) services.add(value);
    else
      issues.add(
        "network.endpoints",
        `must be the names of AWS services, as in com.amazonaws.<region>.<name>, such as "sqs" or "kinesis-streams"; got ${formatValue(value)}`,
      );
  }
  return [...services].sort();
}
