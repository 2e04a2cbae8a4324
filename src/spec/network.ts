import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** Where a cluster or a load balancer stands: at least one of the two. */
export interface NetworkOptions {
  /** The VPC's id, such as `"vpc-0123456789abcdef0"`, or the value of its `Name` tag. @defaultValue the VPC that `subnets` are in */
  readonly vpc?: string | undefined;
  /**
   * Subnets by their ids, or tags that all of them carry, such as `{ Tier: "private" }`.
   * @defaultValue one per zone of the VPC: public ones (with a route to an internet gateway) for a load
   * balancer that faces the internet, otherwise private ones with a way out where there are any
   */
  readonly subnets?: readonly string[] | Readonly<Record<string, string>> | undefined;
}

/** A VPC, subnets of it, or both. */
export interface NetworkSpec {
  /** Its id, or the value of its `Name` tag. */
  readonly vpc: string | undefined;
  readonly subnetIds: readonly string[] | undefined;
  /** Tags that the subnets carry, all of them. */
  readonly subnetTags: Readonly<Record<string, string>> | undefined;
}

const SUBNET = /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** A subnet per zone, and regions have six zones at most; an Auto Scaling group takes more. */
const MOST_SUBNETS = 16;

/** @param path - `cluster.network` or `loadBalancer.network` */
export function parseNetwork(
  call: { readonly options: unknown } | undefined,
  path: string,
  issues: Issues,
): NetworkSpec | undefined {
  if (call === undefined) return undefined;
  const options = new OptionsReader<NetworkOptions>(call.options ?? {}, path, issues);
  const vpc = options.string("vpc", "a VPC's id or the value of its Name tag");
  const subnets = options.raw("subnets");
  options.close();
  if (vpc === undefined && subnets === undefined && isPlainObject(call.options ?? {})) {
    issues.add(path, "needs a VPC, subnets, or both: { vpc, subnets }");
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
  const isList = Array.isArray(value) && value.length > 0 && value.length <= MOST_SUBNETS;
  if (isList && value.every((id) => typeof id === "string" && SUBNET.test(id))) {
    if (new Set(value).size < value.length) issues.add(path, "names a subnet twice");
    return { subnetIds: value as string[], subnetTags: undefined };
  }
  issues.add(
    path,
    `must be 1 to ${MOST_SUBNETS} subnets' ids, such as ["subnet-0123456789abcdef0"], or tags that they carry, such as { Tier: "private" }; got ${formatValue(value)}`,
  );
  return none;
}
