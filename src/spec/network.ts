import type { NetworkUseInput } from "./input.js";
import { parseOwnNetwork, type OwnNetworkSpec } from "./own-network.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The network of a cluster or a load balancer: a VPC, subnets, or both. */
export interface NetworkOptions {
  /** The VPC's id, such as `"vpc-0123456789abcdef0"`, or the value of its `Name` tag. @defaultValue the VPC of `subnets` */
  readonly vpc?: string | undefined;
  /**
   * The ids of subnets, or tags that all of the subnets have, such as `{ Tier: "private" }`.
   * @defaultValue one subnet per Availability Zone of the VPC: public subnets (with a route to an internet
   * gateway) for an internet-facing load balancer, otherwise private subnets with outbound access if there
   * are any
   */
  readonly subnets?: readonly string[] | Readonly<Record<string, string>> | undefined;
}

/** A VPC, subnets, or both. */
export interface NetworkSpec {
  /** The VPC's id, or the value of its `Name` tag. */
  readonly vpc: string | undefined;
  readonly subnetIds: readonly string[] | undefined;
  /** The tags that all of the subnets have. */
  readonly subnetTags: Readonly<Record<string, string>> | undefined;
  /** The network that quayside creates, instead of an existing one. */
  readonly own?: OwnNetworkSpec | undefined;
}

const SUBNET = /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** Enough for one subnet per Availability Zone: regions have at most six. */
const MAX_SUBNETS = 16;

/** @param path - `cluster.network` or `loadBalancer.network` */
export function parseNetwork(
  use: NetworkUseInput | undefined,
  path: string,
  issues: Issues,
): NetworkSpec | undefined {
  if (use === undefined) return undefined;
  if ("described" in use && use.described.existing === undefined) {
    const own = parseOwnNetwork(use.described, issues);
    return { vpc: undefined, subnetIds: undefined, subnetTags: undefined, own };
  }
  const call = "described" in use ? use.described.existing! : use;
  const options = new OptionsReader<NetworkOptions>(call.options ?? {}, path, issues);
  const vpc = options.string("vpc", "a VPC id or the value of its Name tag");
  const subnets = options.raw("subnets");
  options.close();
  if (vpc === undefined && subnets === undefined && isPlainObject(call.options ?? {})) {
    issues.add(path, "must have a VPC, subnets, or both: { vpc, subnets }");
  }
  return { vpc, ...parseSubnets(subnets, `${path}.subnets`, issues) };
}

function parseSubnets(
  value: unknown,
  path: string,
  issues: Issues,
): Pick<NetworkSpec, "subnetIds" | "subnetTags"> {
  const none = { subnetIds: undefined, subnetTags: undefined };
  if (value === undefined) return none;
  if (isPlainObject(value)) {
    const tags = Object.entries(value);
    if (tags.length > 0 && tags.every(([key, tag]) => key !== "" && typeof tag === "string")) {
      return { subnetIds: undefined, subnetTags: value as Record<string, string> };
    }
  }
  const isList = Array.isArray(value) && value.length > 0 && value.length <= MAX_SUBNETS;
  if (isList && value.every((id) => typeof id === "string" && SUBNET.test(id))) {
    if (new Set(value).size < value.length) issues.add(path, "must not list a subnet twice");
    return { subnetIds: value as string[], subnetTags: undefined };
  }
  issues.add(
    path,
    `must be 1 to ${MAX_SUBNETS} subnet ids, such as ["subnet-0123456789abcdef0"], or tags of the subnets, such as { Tier: "private" }; got ${formatValue(value)}`,
  );
  return none;
}
